"""quality.customer_identity equals counts by hand: anonymous sales, ids written differently, similar ids."""

from decimal import Decimal

import pytest

from rfm_assets.contracts.bronze import TRANSACTIONS as BRONZE
from rfm_assets.contracts.quality import CUSTOMER_IDENTITY
from rfm_assets_tests.helpers.plain import FIRST, Row, day, dicts, empty_warehouse, line, malformed, materialize, put

pytestmark = pytest.mark.slow


def identity(*lines: Row) -> list[dict[str, object]]:
    with empty_warehouse() as store:
        put(store, BRONZE, *lines)
        materialize(store, FIRST, day(2))
        materialize(store, day(3))
        return dicts(store, f"FROM {CUSTOMER_IDENTITY.address} ORDER BY processing_date")


def test_a_day_has_its_anonymous_sales_and_the_ids_that_were_written_otherwise() -> None:
    lines = [
        line(Quantity="1", Price="6.00"),
        line(Quantity="1", Price="1.00", CustomerID="13085"),
        line(Quantity="1", Price="2.00", CustomerID="Ann "),
        line(Quantity="1", Price="3.00", CustomerID="n/a"),
        line(Quantity="1", Price="0.50", CustomerID=None, StockCode="POST"),
        line(Invoice="C489434", CustomerID=None),  # a cancellation is not a sale
        line(Price="free"),
        malformed(),
        line(on=day(2), Price="free"),
    ]
    first, second = identity(*lines)
    assert first == {
        "processing_date": FIRST,
        "sales_lines": 5,
        "anonymous_lines": 2,
        "revenue": Decimal("12.50"),
        "anonymous_revenue": Decimal("3.50"),
        "customer_ids": 2,
        "normalised_ids": 2,
        "similar_ids": 0,
    }
    assert second == {"processing_date": day(2)} | {
        name: 0 for name in first if name not in {"processing_date", "normalised_ids"}
    } | {"normalised_ids": 1}


@pytest.mark.parametrize(
    ("one", "other"),
    [("AB-1", "ab-1"), ("00417", "417"), ("jane.doe@shop.example", "JaneDoe@shop.example"), ("A.B@x.y", "0ab@x.y")],
)
def test_ids_that_look_alike_are_counted_on_the_days_from_which_both_are_known(one: str, other: str) -> None:
    lines = [
        line(CustomerID=one),
        line(CustomerID="13085"),
        line(on=day(2), CustomerID=other),
        line(on=day(2), CustomerID=one),
        line(on=day(3), CustomerID=one),
    ]
    assert [row["similar_ids"] for row in identity(*lines)] == [0, 2, 1]


@pytest.mark.parametrize(
    ("one", "other"), [("417", "4170"), ("a.b", "ab"), ("jane@a.example", "jane@b.example"), ("jane@a.bc", "jane@ab.c")]
)
def test_ids_that_differ_in_more_are_not_counted(one: str, other: str) -> None:
    assert [row["similar_ids"] for row in identity(line(CustomerID=one), line(CustomerID=other))] == [0]
