"""Silver's rules, cancellations and products follow the shop's own patterns."""

from collections.abc import Sequence
from decimal import Decimal

import duckdb
import pytest

from rfm_assets.config.shop_file import Rules, Shop
from rfm_assets.contracts.bronze import TRANSACTIONS as BRONZE
from rfm_assets.literals import literal
from rfm_assets.silver.conditions import is_invoice, is_product
from rfm_assets.silver.rules import judged, rules_of, transactions
from rfm_assets.warehouse.query import Query
from rfm_assets_tests.helpers.plain import Row, empty_warehouse, line, put

SHOP = Shop(currency="JPY")
RULES = Rules(invoice_pattern=r"^#\d+(-R)?$", cancellation_pattern=r"^#\d+-R$", not_product=("POST", "(?i)^gift"))


def judge(*lines: Row) -> Sequence[tuple[str, bool]]:
    """The reasons why lines are refused, and whether each is a cancellation."""
    statement = judged(Query(f"SELECT * FROM {BRONZE.address}"), rules_of(SHOP, RULES), RULES).sql()
    with empty_warehouse() as store:
        put(store, BRONZE, *lines)
        return store.execute(f"SELECT failed_rules, is_cancellation FROM ({statement}) ORDER BY Description").fetchall()


def met(condition: str) -> bool | None:
    row = duckdb.execute(f"SELECT {condition}").fetchone()
    assert row
    return row[0]  # type: ignore[no-any-return]


def test_invoices_and_cancellations_follow_their_patterns() -> None:
    numbers = ("#1001", "#1001-R", " #7\t", "489434", "C489434")
    assert judge(*(line(Invoice=number, Description=str(at)) for at, number in enumerate(numbers))) == [
        ("", False),
        ("", True),
        ("", False),
        ("valid_invoice_no", False),
        ("valid_invoice_no", False),
    ]


def test_a_line_of_another_currency_is_refused_and_one_that_names_none_is_not() -> None:
    currencies = (None, "", " ", "JPY", "jpy\u00a0", "USD", "JPYX", "¥")
    lines = (line(Invoice="#1", Currency=text, Description=str(at)) for at, text in enumerate(currencies))
    assert [reasons for reasons, _ in judge(*lines)] == [*[""] * 5, *["valid_currency"] * 3]


def test_a_shop_that_names_no_currency_has_no_rule_on_it() -> None:
    assert "valid_currency" not in [rule.name for rule in rules_of(Shop(), Rules())]
    assert rules_of(SHOP, RULES)[-1].name == "valid_currency"


@pytest.mark.parametrize(
    ("rules", "counts", "others"),
    [
        (Rules(), ("85048", "85048A", "PADS"), ("POST", "SKU036", "pads")),
        (Rules(product_pattern=r"^SKU\d{3}$"), ("SKU036",), ("85048", "SKU0361", "sku036")),
        (RULES, ("SKU036", "85048", "post", "POSTER"), ("POST", "GIFT CARD", "gift_20")),
        (Rules(not_product=("it's",)), ("its",), ("it's",)),
        (Rules(not_product=()), ("POST", "anything"), ()),
    ],
)
def test_products_follow_their_rule(rules: Rules, counts: Sequence[str], others: Sequence[str]) -> None:
    assert [code for code in counts if not met(is_product(literal(code), rules))] == []
    assert [code for code in others if met(is_product(literal(code), rules))] == []


@pytest.mark.parametrize("pattern", ["^.{6,7}$", "^.{6}$", "^.{1,9}$", "^(.{6,7})$"])
def test_a_pattern_on_the_length_alone_is_what_it_says(pattern: str) -> None:
    for number in ("", "12345", "48943é", "489434", "C489434", "489434🎄🎄🎄", "1234567890"):
        wanted = met(f"regexp_matches({literal(number)}, {literal(pattern)})")
        assert met(is_invoice(literal(number), Rules(invoice_pattern=pattern))) is wanted
    assert met(is_invoice("CAST(NULL AS VARCHAR)", Rules(invoice_pattern=pattern))) is None


def amounts(rules: Rules, *lines: Row) -> Sequence[tuple[Decimal, Decimal, Decimal]]:
    """Rounded price, delivered price and total of each line, sorted by quantity."""
    lines_of_shop = judged(Query(f"SELECT * FROM {BRONZE.address}"), rules_of(Shop(), rules), rules)
    select = f"SELECT UnitPrice, ExactUnitPrice, TotalPrice FROM ({transactions(lines_of_shop, rules).sql()})"
    with empty_warehouse() as store:
        put(store, BRONZE, *lines)
        return store.execute(f"{select} ORDER BY Quantity").fetchall()


@pytest.mark.parametrize(
    ("quantity", "price", "unit", "of_line"),
    [
        ("300", "0.005678", "3.00", "1.70"),
        ("1", "0.005", "0.01", "0.01"),
        ("3", "0.005", "0.03", "0.02"),  # 0.015, half up
        ("2", "6.95", "13.90", "13.90"),
        ("3", " 6.9549 ", "20.85", "20.86"),
        ("7", "0.0000004", "0.00", "0.00"),
        ("2147483647", "99999999.99", "214748364678525163.53", "214748364678525163.53"),
    ],
)
def test_a_line_is_rounded_where_the_shop_says(quantity: str, price: str, unit: str, of_line: str) -> None:
    sale = line(Quantity=quantity, Price=price)
    for rounding, total in (("unit", unit), ("line", of_line)):
        ((_, exact, found),) = amounts(Rules.model_validate({"rounding": rounding}), sale)
        assert found == Decimal(total)
        assert exact == round(Decimal(price.strip()), 6)


def test_an_amount_of_the_line_itself_wins_over_any_rounding() -> None:
    assert amounts(Rules(rounding="line"), line(Quantity="300", Price="0.005678", LineAmount="1.99")) == [
        (Decimal("0.01"), Decimal("0.005678"), Decimal("1.99"))
    ]
