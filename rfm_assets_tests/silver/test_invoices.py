"""Invoices equal a few sales worked out by hand; revenue is RFM's plus what RFM leaves out."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rfm_assets.contracts.gold import CUSTOMER_RFM
from rfm_assets.contracts.silver import CUSTOMER_INVOICES, INVOICES
from rfm_assets.contracts.silver import TRANSACTIONS as SILVER
from rfm_assets_tests.helpers.plain import FIRST, Row, day, empty_warehouse, materialize, put, sold

pytestmark = pytest.mark.slow


def invoices(*sales: Row) -> list[tuple[Any, ...]]:
    """Day, invoice, customer, country, invoice date, amount and product amount of each invoice on two days."""
    with empty_warehouse() as store:
        put(store, SILVER, *sales)
        materialize(store, FIRST, day(2), tables={INVOICES})
        return store.execute(f"FROM {INVOICES.address} ORDER BY ALL").fetchall()


def test_an_invoice_holds_its_products_and_its_postage_and_tells_them_apart() -> None:
    sales = [sold(amount="1.10"), sold(amount="2.20"), sold(amount="7.00", StockCode="POST")]
    expected = (FIRST, "489434", "13085", "United Kingdom", FIRST, Decimal("10.30"), Decimal("3.30"))
    assert invoices(*sales) == [expected]


def test_a_free_product_counts_for_a_customer_and_a_fee_does_not() -> None:
    products = {
        invoice: counted
        for _, invoice, *_, counted in invoices(
            sold(invoice="500001", amount="0.00"), sold(invoice="500002", StockCode="M"), sold(None, "500003")
        )
    }
    assert products == {"500001": Decimal(0), "500002": None, "500003": None}


def test_a_cancellation_is_no_sale() -> None:
    assert invoices(sold(invoice="C48943"), sold(invoice="c48943")) == []


def test_each_day_customer_and_country_of_an_invoice_is_a_row_with_its_latest_date() -> None:
    found = invoices(
        sold(on=day(2), InvoiceDate=day(1)),
        sold(on=day(2), InvoiceDate=day(2)),
        sold(on=day(1)),
        sold(None, on=day(1)),
        sold(on=day(1), Country="France"),
        sold(on=day(1), Country=None),
    )
    assert [row[:5] for row in found] == [
        (day(1), "489434", "13085", "France", day(1)),
        (day(1), "489434", "13085", "United Kingdom", day(1)),
        (day(1), "489434", "13085", None, day(1)),
        (day(1), "489434", None, "United Kingdom", day(1)),
        (day(2), "489434", "13085", "United Kingdom", day(2)),
    ]


SALES = st.lists(
    st.builds(
        sold,
        st.sampled_from([None, "A", "B"]),
        st.sampled_from(["500001", "500002", "C50003"]),
        st.decimals(0, 10_000, places=2).map(str),
        on=st.sampled_from([FIRST, day(2)]),
        StockCode=st.sampled_from(["85048", "PADS", "85048b", "POST", "M", "bank charges"]),
        Country=st.sampled_from([None, "France"]),
    ),
    max_size=12,
)


@given(SALES)
@settings(max_examples=25, deadline=None, derandomize=True)
def test_revenue_is_that_of_rfm_and_anonymous_sales_and_what_is_no_product(sales: list[Row]) -> None:
    with empty_warehouse() as store:
        put(store, SILVER, *sales)
        materialize(store, FIRST, day(2), tables={INVOICES, CUSTOMER_INVOICES, CUSTOMER_RFM})
        for last in (FIRST, day(2)):
            parts = store.execute(
                f"""SELECT coalesce(sum(Amount), 0), coalesce(sum(ProductAmount), 0),
                    count(DISTINCT CustomerID) FILTER (ProductAmount IS NOT NULL)
                FROM {INVOICES.address} WHERE processing_date <= DATE '{last}'"""
            ).fetchall()
            rfm = store.execute(
                f"SELECT coalesce(sum(Monetary), 0), count(*) FROM {CUSTOMER_RFM.address} WHERE as_of_date = '{last}'"
            ).fetchall()
            counted = [row for row in sales if not row["IsCancellation"] and row["processing_date"] <= last]
            assert parts == [(sum(row["TotalPrice"] for row in counted), *rfm[0])]
