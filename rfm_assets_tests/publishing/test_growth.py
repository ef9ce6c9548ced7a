"""Growth by delivery, summed to any day, equals plain Python over the invoices delivered by then."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rfm_assets.contracts.silver import INVOICES
from rfm_assets.publishing.growth import GROWTH, make_growth
from rfm_assets_tests.helpers.plain import Row, day, dicts, empty_warehouse, put

pytestmark = pytest.mark.slow

DAYS = [day(number) for number in (1, 5, 6, 40)]  # two months of deliveries, and everything before them

# Few values of each kind, so that invoices come in parts, for several customers, and for nothing.
DELIVERED = st.builds(
    lambda on, age, **varied: {"processing_date": on, "InvoiceDate": on - timedelta(days=age), **varied},
    on=st.sampled_from(DAYS),
    age=st.sampled_from([0, 1, 6, 40]),
    InvoiceNo=st.sampled_from(["500001", "500002", "500003"]),
    CustomerID=st.sampled_from(["A", "B", None]),
    Country=st.sampled_from(["France", "Spain"]),
    Amount=st.sampled_from([Decimal(0), Decimal("0.10"), Decimal("7.25")]),
    ProductAmount=st.sampled_from([None, Decimal(0), Decimal("0.10")]),
)
ADDED = ("revenue", "anonymous", "no_product", "orders", "free_orders", "customers")


@given(st.lists(DELIVERED, max_size=12))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_growth_added_up_to_a_day_is_what_was_delivered_by_then(deliveries: list[Row]) -> None:
    with empty_warehouse() as store:
        put(store, INVOICES, *deliveries)
        store.execute(make_growth())
        for as_of in DAYS:
            sums = ", ".join(f"sum({name}) AS {name}" for name in ADDED)
            select = f"SELECT month, {sums} FROM {GROWTH} WHERE processing_date <= '{as_of}' GROUP BY month"
            found = {row.pop("month"): row for row in dicts(store, select)}
            seen = [row for row in deliveries if row["processing_date"] <= as_of]
            assert found.keys() == {month_of(row) for row in seen}
            assert {name: sum(row[name] for row in found.values()) for name in ("orders", "free_orders")} == {
                "orders": len({row["InvoiceNo"] for row in seen}),
                "free_orders": len({row["InvoiceNo"] for row in seen if not row["Amount"]}),
            }
            for month, sums_of_month in found.items():
                assert sums_of_month.items() >= counted([row for row in seen if month_of(row) == month]).items()


def month_of(row: Row) -> date:
    day_of_sale: date = row["InvoiceDate"]
    return day_of_sale.replace(day=1)


def counted(rows: list[Row]) -> dict[str, Decimal | int]:
    """A month's deliveries, counted in Python."""
    return {
        "revenue": sum(row["Amount"] for row in rows),
        "anonymous": sum(row["Amount"] for row in rows if row["CustomerID"] is None),
        "no_product": sum(row["Amount"] - (row["ProductAmount"] or 0) for row in rows if row["CustomerID"]),
        "customers": len({row["CustomerID"] for row in rows} - {None}),
    }
