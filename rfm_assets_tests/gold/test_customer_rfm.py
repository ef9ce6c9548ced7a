"""Recency, frequency and monetary value equal a few invoices worked out by hand, as of each day."""

from datetime import date
from decimal import Decimal

import pytest

from rfm_assets.contracts.gold import CUSTOMER_RFM
from rfm_assets.contracts.silver import CUSTOMER_INVOICES
from rfm_assets.contracts.silver import TRANSACTIONS as SILVER
from rfm_assets_tests.helpers.plain import FIRST, Row, day, empty_warehouse, materialize, put, sold

Rfm = dict[tuple[date, str], tuple[date, int, int, Decimal]]


def rfm(*sales: Row, first: date = FIRST, last: date = FIRST) -> Rfm:
    """Last purchase, recency, frequency and monetary value by as-of day and customer, from one run over some days."""
    with empty_warehouse() as store:
        put(store, SILVER, *sales)
        materialize(store, FIRST, last, tables={CUSTOMER_INVOICES})
        materialize(store, first, last, tables={CUSTOMER_RFM})
        rows = store.execute(f"FROM {CUSTOMER_RFM.address}").fetchall()
    by_customer = {(as_of, customer): (*values,) for as_of, customer, *values in rows}
    assert len(by_customer) == len(rows)
    return by_customer


def test_the_lines_of_an_invoice_are_one_invoice() -> None:
    sales = [sold(amount="1.10"), sold(amount="2.20"), sold(amount="2.20")]  # an exact duplicate was sold too
    assert rfm(*sales) == {(FIRST, "13085"): (FIRST, 0, 1, Decimal("5.50"))}


def test_recency_grows_day_by_day_until_the_next_purchase() -> None:
    sales = [sold(invoice="500001", on=day(1)), sold(invoice="500002", on=day(4))]
    assert rfm(*sales, last=day(5)) == {
        (day(1), "13085"): (day(1), 0, 1, Decimal(1)),
        (day(2), "13085"): (day(1), 1, 1, Decimal(1)),
        (day(3), "13085"): (day(1), 2, 1, Decimal(1)),
        (day(4), "13085"): (day(4), 0, 2, Decimal(2)),
        (day(5), "13085"): (day(4), 1, 2, Decimal(2)),
    }


def test_an_invoice_delivered_over_two_days_counts_once_and_its_money_twice() -> None:
    sales = [sold(on=day(1), amount="1.00"), sold(on=day(2), InvoiceDate=day(1), amount="2.00")]
    assert rfm(*sales, last=day(2)) == {
        (day(1), "13085"): (day(1), 0, 1, Decimal(1)),
        (day(2), "13085"): (day(1), 1, 1, Decimal(3)),
    }


def test_an_invoice_number_used_for_two_customers_counts_for_each() -> None:
    found = rfm(sold("A", "500001"), sold("B", "500001"))
    assert [frequency for _, _, frequency, _ in found.values()] == [1, 1]


def test_a_later_delivery_never_reaches_an_earlier_day() -> None:
    late = sold(invoice="500002", on=day(3), InvoiceDate=day(1), amount="9.00")  # delivered late, for day 1
    found = rfm(sold(invoice="500001", on=day(2)), late, last=day(3))
    assert found == {
        (day(2), "13085"): (day(2), 0, 1, Decimal(1)),
        (day(3), "13085"): (day(2), 1, 2, Decimal(10)),
    }


def test_a_late_delivery_does_not_make_the_last_purchase_older() -> None:
    late = sold(invoice="500002", on=day(2), InvoiceDate=date(2024, 1, 1))
    assert rfm(sold(on=day(1)), late, last=day(2))[day(2), "13085"] == (day(1), 1, 2, Decimal(2))


def test_a_run_of_the_last_days_counts_everything_delivered_before_them() -> None:
    sales = [
        sold(invoice="500001", on=day(1)),
        sold(invoice="500002", on=day(2)),
        sold(invoice="500001", on=day(4), InvoiceDate=day(1)),
        sold("14000", on=day(5)),
    ]
    whole = rfm(*sales, last=day(5))
    assert rfm(*sales, first=day(4), last=day(5)) == {key: row for key, row in whole.items() if key[0] >= day(4)}
    assert whole[day(4), "13085"] == (day(2), 2, 2, Decimal(3))
    assert whole[day(5), "14000"] == (day(5), 0, 1, Decimal(1))


def test_there_is_nobody_before_the_first_delivery() -> None:
    assert min(rfm(sold(on=day(3)), last=day(4))) == (day(3), "13085")
    assert rfm(last=day(2)) == {}


def test_only_product_sales_to_known_customers_that_were_not_cancelled_count() -> None:
    counted = sold("A", "500001", "1.00")
    others = [
        sold(None, "500002"),
        sold("A", "C500003"),
        sold("A", "c500003"),
        sold("A", "500004", StockCode="POST"),
        sold("B", "500005", StockCode="M"),
    ]
    assert rfm(counted, *others) == {(FIRST, "A"): (FIRST, 0, 1, Decimal(1))}


@pytest.mark.parametrize("code", ["85048", "85048A", "85048a", "79323LPb", "00000", "PADS"])
def test_five_digits_and_any_letters_are_a_product(code: str) -> None:
    assert rfm(sold(StockCode=code))


@pytest.mark.parametrize(
    "code",
    [
        *("POST", "DOT", "M", "D", "C2", "BANK CHARGES", "gift_0001_20", "TEST001", "pads", "PADS1", "APADS"),
        *("8504", "850481", "A85048", "85048-1", "85048A1", " 85048", "85048 ", "85048\n", "", "85048\u00e9"),
        "\u0668\u0665\u0660\u0664\u0668",  # five digits, in Arabic
    ],
)
def test_any_other_code_is_no_product(code: str) -> None:
    assert rfm(sold(StockCode=code)) == {}


def test_customers_are_told_apart_as_they_are_written() -> None:
    assert set(rfm(sold("ab-1"), sold("AB-1"), sold("0013085"), sold("13085"))) == {
        (FIRST, customer) for customer in ("ab-1", "AB-1", "0013085", "13085")
    }


def test_money_is_exact() -> None:
    pennies = [sold(invoice="500001", amount="0.10") for _ in range(30)]
    much = sold(invoice="500002", Quantity=2_147_483_647, UnitPrice="99999999.99")
    assert rfm(*pennies)[FIRST, "13085"][3] == Decimal("3.00")
    assert rfm(*pennies, much, much)[FIRST, "13085"][3] == 2 * 2_147_483_647 * Decimal("99999999.99") + 3


def test_a_free_gift_is_a_purchase() -> None:
    assert rfm(sold(amount="0.00")) == {(FIRST, "13085"): (FIRST, 0, 1, Decimal(0))}


def test_each_delivered_day_adds_its_own_invoices() -> None:
    sales = [
        sold("A", "500001", "1.00", on=day(1), InvoiceDate=date(2025, 6, 24)),
        sold("A", "500001", "2.00", on=day(1), InvoiceDate=date(2025, 6, 25)),
        sold("A", "500001", "4.00", on=day(2), InvoiceDate=date(2025, 6, 25)),
        sold("A", "500002", "8.00", on=day(2)),
        sold("B", "500002", "16.00", on=day(2)),
    ]
    with empty_warehouse() as store:
        put(store, SILVER, *sales)
        materialize(store, FIRST, day(3), tables={CUSTOMER_INVOICES})
        assert store.execute(f"FROM {CUSTOMER_INVOICES.address} ORDER BY ALL").fetchall() == [
            (day(1), "A", "500001", date(2025, 6, 25), Decimal(3)),
            (day(2), "A", "500001", date(2025, 6, 25), Decimal(4)),
            (day(2), "A", "500002", day(2), Decimal(8)),
            (day(2), "B", "500002", day(2), Decimal(16)),
        ]


def test_a_purchase_dated_after_its_file_is_of_today_until_its_day_is_over() -> None:
    found = rfm(sold(on=day(1), InvoiceDate=day(2)), last=day(3))
    assert [(invoiced, recency) for invoiced, recency, *_ in found.values()] == [(day(2), 0), (day(2), 0), (day(2), 1)]
