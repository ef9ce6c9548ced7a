"""An alias is its customer from its start day on, and a shop's own words for "nobody" name no customer."""

from collections.abc import Sequence
from datetime import date

import pytest

from rfm_assets.config.aliases import Alias
from rfm_assets.contracts.bronze import TRANSACTIONS as BRONZE
from rfm_assets.silver.customers import alias_table
from rfm_assets.silver.rules import judged, transactions
from rfm_assets.warehouse.query import Query
from rfm_assets_tests.helpers.plain import FIRST, Row, day, empty_warehouse, line, put


def customers(given: Sequence[Alias], *lines: Row) -> Sequence[tuple[date, str | None]]:
    """The day and the customer of each line of silver."""
    silver = transactions(judged(Query(f"SELECT * FROM {BRONZE.address}")), aliases=given).sql()
    with empty_warehouse() as store:
        put(store, BRONZE, *lines)
        return store.execute(f"SELECT processing_date, CustomerID FROM ({silver}) ORDER BY ALL").fetchall()


def test_an_alias_is_its_customer_from_its_day_on() -> None:
    given = (Alias("13085", "O'Hara", day(2), day(4)), Alias("13085", "end", day(4), date.max))
    lines = [line(on=day(number)) for number in (1, 2, 3, 4)]
    assert customers(given, *lines, line(CustomerID=None)) == [
        (FIRST, "13085"),
        (FIRST, None),
        (day(2), "O'Hara"),
        (day(3), "O'Hara"),
        (day(4), "end"),
    ]


def test_without_aliases_everybody_stays_who_they_are() -> None:
    assert customers((), line()) == [(FIRST, "13085")]
    with empty_warehouse() as store:
        assert store.execute(alias_table(()).sql()).fetchall() == []


@pytest.mark.parametrize("text", ["0", "0.0", " 0 ", "0.00", "0."])
def test_zero_is_nobody(text: str) -> None:
    assert customers((), line(CustomerID=text)) == [(FIRST, None)]
