"""A run is not green when nothing usable is left: every line fails, or every customer vanishes."""

import re
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from rfm_assets.contracts.bronze import TRANSACTIONS as BRONZE
from rfm_assets.contracts.silver import CUSTOMER_INVOICES
from rfm_assets.silver.usable import USABLE
from rfm_assets.tables.run_checks import evaluate
from rfm_assets_tests.helpers.plain import FIRST, Row, day, empty_warehouse, line, malformed, materialize, put
from rfm_assets_tests.helpers.runs import EVERYTHING, red, run
from rfm_assets_tests.helpers.scenario import DAY, HEADER, NEXT_DAY, THIRD_DAY, land, rows, sale

pytestmark = pytest.mark.slow

NEWEST, OLDER, EARLIER = (check.name for check in USABLE)
RETURN = {"Invoice": "C489434", "Quantity": "-1"}


def found(*lines: Row, first: date = FIRST, last: date | None = None) -> Mapping[str, dg.AssetCheckResult]:
    """What is red after a run of some days over a month of lines."""
    with empty_warehouse() as store:
        put(store, BRONZE, *lines)
        materialize(store, FIRST, day(30))
        results = list(evaluate(USABLE, CUSTOMER_INVOICES, store, (first, last or first)))
    return {str(result.check_name): result for result in results if not result.passed}


def some(count: int, **varied: str | None) -> list[Row]:
    return [line(**varied) for _ in range(count)]


@pytest.mark.parametrize(
    ("lines", "is_red"),
    [
        (some(1, Price="$36.93"), True),
        (some(9, Quantity="0") + some(10), False),
        (some(10, Quantity="0") + some(9), False),  # half of 19 or more
        (some(9, Quantity="0") + some(11), False),
        (some(10, Quantity="0") + some(10), True),
        ([malformed()], True),
        ([malformed() for _ in range(10)] + some(10), True),
        (some(20, **RETURN), False),
        (some(20, **RETURN) + some(1, Price="free"), False),  # most are returns, as they should be
        (some(30, **RETURN) + some(1, Quantity="0"), False),
        (some(1, **RETURN) + some(1, Quantity="0"), True),
        (some(2, **RETURN) + some(1, Quantity="0"), False),
        (some(30, **RETURN) + some(20, Quantity="0"), True),  # half of 20 or more that are not returns
        (some(30, **RETURN) + some(1), False),
        (some(1, **RETURN | {"Price": "free"}), True),
        (some(1, Invoice="CA1001", Quantity="-1"), True),  # not a cancellation
        (some(1, Quantity="-1"), True),
        (some(1, CustomerID=None), False),
        (some(19, CustomerID=None), False),
        (some(20, CustomerID="nan"), True),  # a shop with this many sales has known customers
        (some(19, CustomerID=None) + some(1), False),
        (some(1, StockCode="SKU036"), True),
        (some(1, StockCode="SKU036", CustomerID=None), False),
        (some(1, StockCode="SKU036", Price="1.00", Quantity="1") + some(1, Price="1.00", Quantity="1"), False),
        (some(1, StockCode="SKU036", Price="1.01", Quantity="1") + some(1, Price="1.00", Quantity="1"), True),
        (some(1, Price="0"), False),
        ([], False),
    ],
)
def test_a_day_is_red_when_its_lines_fail_or_its_customers_are_unknown_or_do_not_count(
    lines: list[Row], *, is_red: bool
) -> None:
    assert set(found(*lines)) == ({NEWEST} if is_red else set())


def test_codes_that_are_no_products_are_named_with_their_form_and_the_rule() -> None:
    description = str(found(*some(48, StockCode="SKU036", Price="1.00", Quantity="1"))[NEWEST].description)
    assert "2025-06-26_transactions.csv: 0.00 of 48.00 that known customers spent counts" in description
    assert 'product_rule: 48 of 48 StockCode look like "SKU036": not a product' in description


def test_ids_that_name_nobody_are_named_as_delivered() -> None:
    description = str(found(*some(15, CustomerID="n/a"), *some(9, CustomerID=" "))[NEWEST].description)
    assert 'known_customer: 15 of 24 CustomerID look like "n/a": a word for no value; deliver' in description
    assert "known_customer: 9 of 24 CustomerID look like nothing: empty; deliver the customer's id" in description


def test_sales_that_are_taken_for_cancellations_are_named_with_their_pattern() -> None:
    description = str(found(*some(24, Invoice="C489434"))[NEWEST].description)
    assert 'cancellation_rule: 24 of 24 Invoice look like "C489434": a cancellation; if it is a sale' in description
    assert 'change cancellation_pattern = "^[cC][0-9]+$"' in description


def test_an_invoice_number_that_grew_too_long_is_red_on_its_day() -> None:
    grown = line(Invoice="10000000", on=day(2))
    results = found(line(Invoice="9999999"), grown, first=day(2))
    assert set(results) == {NEWEST}
    description = str(results[NEWEST].description)
    assert "2025-06-27_transactions.csv: 1 of 1 lines fail the rules" in description
    assert 'valid_invoice_no: 1 of 1 Invoice look like "10000000": too long an invoice number' in description


def test_returns_are_not_among_the_forms_of_what_failed() -> None:
    lines = [*some(10, **RETURN), *some(1, Invoice="C489435", Quantity="-1", Price="free"), *some(19, Quantity="0")]
    description = str(found(*lines)[NEWEST].description)
    assert "20 of 20 lines (apart from 10 returns) fail the rules" in description
    assert description.count("\n- ") == 3
    assert 'valid_quantity: 19 of 20 Quantity look like "0": zero' in description
    assert 'valid_quantity: 1 of 20 Quantity look like "-1": below zero' in description


def test_shifted_columns_are_told_without_the_ids_in_them() -> None:
    """The header names Price where the customer is, and Customer ID where the price is."""
    shifted = [line(Price=f"jane.{n}@shop.de", CustomerID="6.95", Quantity=f"{n}3085 Jane Doe") for n in range(1, 4)]
    result = found(*shifted)[NEWEST]
    assert "@aaaa.aa" in str(result.description)
    assert not re.search("jane|3085", f"{result.description} {result.metadata['forms'].value}", re.IGNORECASE)


def test_days_of_a_warehouse_without_outcomes_are_not_red() -> None:
    with empty_warehouse() as store:
        put(store, BRONZE, line(Price="free"), line(on=day(2)))
        materialize(store, FIRST, day(2))
        assert _red(store, day(2)) == {EARLIER}
        store.execute(f"DELETE FROM silver.file_outcomes WHERE processing_date = DATE '{FIRST}'")
        assert _red(store, day(2)) == set()


def _red(store: duckdb.DuckDBPyConnection, on: date) -> set[str | None]:
    return {one.check_name for one in evaluate(USABLE, CUSTOMER_INVOICES, store, (on, on)) if not one.passed}


def test_a_second_file_of_a_day_without_a_valid_line_is_named() -> None:
    second = line(source_file="second.csv", InvoiceDate="12/11/2026")
    description = str(found(line(), line(), second)[NEWEST].description)
    assert description.startswith("1 break it: second.csv: 1 of 1 lines fail the rules")
    assert 'look like "12/11/2026": a date in another order; deliver YYYY-MM-DD' in description


def test_forms_are_those_of_what_failed_only() -> None:
    """Another file of the day and another day also have dirty lines, but most of their lines pass."""
    elsewhere = [line(Price="free"), line(), line(on=day(2), Price="$1.00"), line(on=day(2))]
    description = str(found(*elsewhere, line(source_file="second.csv", Price="5,00"), last=day(2))[OLDER].description)
    assert '1 of 1 Price look like "5,00"' in description
    assert "free" not in description
    assert "$" not in description


def test_ten_forms_are_said_at_most_and_no_customers_line() -> None:
    lines = [line(StockCode="-" * n + "X", CustomerID="77777") for n in range(1, 13)]
    result = found(*lines, malformed(_rescued_data="1,2,Jane Doe,77777"), malformed(), malformed())[NEWEST]
    assert str(result.description).count("\n- ") == 10
    assert "77777" not in str(result.description)
    assert "Jane" not in str(result.description)


def test_a_bad_day_inside_a_range_and_one_before_the_run_are_told_apart_from_the_newest() -> None:
    lines = [line(on=day(1)), line(on=day(2), StockCode="SKU036"), line(on=day(3)), line(on=day(3))]
    assert set(found(*lines, first=day(1), last=day(3))) == {OLDER}
    assert set(found(*lines, first=day(3))) == {EARLIER}
    assert set(found(*lines, first=day(2))) == {NEWEST}
    assert "2025-06-27_transactions.csv" in str(found(*lines, first=day(4))[EARLIER].description)


def test_a_run_over_many_small_days_is_red_as_a_whole() -> None:
    lines = [line(on=day(n), Price="free" if bad else "1") for n in range(1, 6) for bad in (True, True, False, False)]
    whole = str(found(*lines, first=day(1), last=day(5))[NEWEST].description)
    assert whole.startswith("1 break it: 2025-06-26 to 2025-06-30: 10 of 20 lines fail the rules")
    assert found(*lines[:-1], first=day(1), last=day(4)) == {}


def test_the_newest_day_is_the_last_that_was_delivered_also_when_all_its_lines_fail() -> None:
    lines = [line(), line(on=day(2), Price="free")]
    assert set(found(*lines, first=day(1), last=day(4))) == {NEWEST}


@pytest.fixture(scope="module")
def one_good_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop with one day and all its tables; tests do not change it."""
    shop = tmp_path_factory.mktemp("one_good_day")
    land(shop, DAY, sale())
    assert run(shop, EVERYTHING, DAY).success
    return shop


@pytest.mark.parametrize(
    ("header", "delivered", "named"),
    [
        (HEADER, sale(stock_code="SKU036", invoice_date=NEXT_DAY), "SKU036"),
        (HEADER, sale(invoice="10000000", invoice_date=NEXT_DAY), "10000000"),
        (HEADER, sale(invoice_date=NEXT_DAY) + ",surplus", "9 fields, not as many as the header has"),
    ],
)
def test_a_newest_day_of_nothing_stops_gold_and_names_its_form(
    one_good_day: Path, tmp_path: Path, header: str, delivered: str, named: str
) -> None:
    shop = shutil.copytree(one_good_day, tmp_path / "shop")
    land(shop, NEXT_DAY, delivered, header=header)
    result = run(shop, EVERYTHING, NEXT_DAY)
    assert not result.success
    (check,) = [one for one in result.get_asset_check_evaluations() if one.check_name == NEWEST]
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.ERROR)
    assert named in str(check.description)
    assert rows(shop, "SELECT max(as_of_date) FROM gold.customer_rfm") == [(date.fromisoformat(DAY),)]


def test_a_bad_day_inside_a_range_is_red_gold_goes_on_and_the_next_run_names_it(tmp_path: Path) -> None:
    land(tmp_path, DAY, sale())
    land(tmp_path, NEXT_DAY, sale(price="$36.93", invoice_date=NEXT_DAY))
    land(tmp_path, THIRD_DAY, sale(invoice_date=THIRD_DAY))
    result = run(tmp_path, EVERYTHING, DAY, THIRD_DAY)
    assert result.success
    assert red(result) >= {OLDER}
    assert rows(tmp_path, "SELECT count(DISTINCT as_of_date) FROM gold.segment_summary") == [(3,)]

    land(tmp_path, "2025-06-29", sale(invoice_date="2025-06-29"))
    after = run(tmp_path, EVERYTHING, "2025-06-29")
    assert after.success
    (warned,) = [one for one in after.get_asset_check_evaluations() if not one.passed and one.check_name == EARLIER]
    assert warned.severity is dg.AssetCheckSeverity.WARN
    assert f"{NEXT_DAY}_transactions.csv: 1 of 1 lines fail the rules" in str(warned.description)

    land(tmp_path, NEXT_DAY, sale(price="36.93", invoice_date=NEXT_DAY))
    mended = run(tmp_path, EVERYTHING, NEXT_DAY, "2025-06-29")
    assert not red(mended) & {NEWEST, OLDER, EARLIER}
