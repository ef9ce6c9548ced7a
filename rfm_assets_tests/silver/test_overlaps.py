"""Overlapping deliveries: which files are contained in another, what they are worth, and how they are handled."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from rfm_assets.config.shop_file import Rules, Shop
from rfm_assets.contracts import bronze
from rfm_assets.contracts.silver import FILE_OUTCOMES, REJECTED_TRANSACTIONS, TRANSACTIONS
from rfm_assets.silver.overlaps import NO_FILE_IS_WITHIN_ANOTHER, marked_repeats
from rfm_assets.silver.rules import judged, rules_of, transactions
from rfm_assets.silver.usable import file_outcomes
from rfm_assets.tables.run_checks import evaluate
from rfm_assets.warehouse.days import stored_rows
from rfm_assets.warehouse.query import bind, sql
from rfm_assets_tests.helpers.plain import FIRST, Row, day, dicts, empty_warehouse, line, materialize, put

pytestmark = pytest.mark.slow

LAST = day(60)
SKIP = Rules(contained="skip")


def file(name: str, on: int, *numbers: int, **varied: Any) -> list[Row]:  # noqa: ANN401 - whatever a column may hold
    """A day's file with a line for each invoice number, dated on the calendar's first day."""
    given = {"on": day(on), "source_file": name, "InvoiceDate": str(FIRST), "Price": "1.00"} | varied
    return [line(Invoice=str(500_000 + number), **given) for number in numbers]


def within(*lines: Row, first: date = FIRST, last: date = LAST) -> list[tuple[Any, ...]]:
    """The files contained in another one, and in which, after a run over some days, with silver made for all."""
    with empty_warehouse() as store:
        put(store, bronze.TRANSACTIONS, *lines)
        materialize(store, FIRST, LAST, tables={TRANSACTIONS, REJECTED_TRANSACTIONS, FILE_OUTCOMES})
        broken = bind(NO_FILE_IS_WITHIN_ANOTHER.broken, first=first, last=last)
        return store.execute(f"SELECT source_file, other_file FROM ({broken}) ORDER BY ALL").fetchall()


def test_both_files_are_named_with_what_counts_twice() -> None:
    with empty_warehouse() as store:
        lines = [*file("week.csv", 1, *range(30)), *file("b.csv", 3, *range(8, 28))]
        put(store, bronze.TRANSACTIONS, *lines)
        materialize(store, FIRST, LAST, tables={TRANSACTIONS, REJECTED_TRANSACTIONS, FILE_OUTCOMES})
        (found,) = evaluate([NO_FILE_IS_WITHIN_ANOTHER], FILE_OUTCOMES, store, (FIRST, LAST))
    assert not found.passed
    assert found.description == (
        "1 break it: all 20 lines of b.csv are also in week.csv and count twice, with sales of 240.00"
    )


@pytest.mark.parametrize(
    "other",
    [
        file("b.csv", 2, *range(19)),  # too few lines
        file("b.csv", 2, *range(11, 31)),  # a line that the other does not have
        file("b.csv", 2, *range(20), Description="GLASS BALL"),
        file("b.csv", 2, *range(20), SourceRecord="export.csv:1"),
        file("b.csv", 2, *range(19), 0),  # a line twice that the other has once
        file("b.csv", 32, *range(20)),
    ],
)
def test_a_file_with_a_line_of_its_own_is_not_within_another(other: Sequence[Row]) -> None:
    assert within(*file("a.csv", 1, *range(30)), *other) == []


def test_a_file_is_within_a_larger_one_whichever_comes_first_and_of_two_alike_the_later_is() -> None:
    small, large = range(20), range(30)
    assert within(*file("a.csv", 31, *small), *file("b.csv", 1, *large)) == [("a.csv", "b.csv")]
    assert within(*file("a.csv", 1, *small), *file("b.csv", 31, *large)) == [("a.csv", "b.csv")]
    assert within(*file("a.csv", 2, *small), *file("b.csv", 1, *small)) == [("a.csv", "b.csv")]
    assert within(*file("a.csv", 1, *small), *file("b.csv", 1, *small)) == [("b.csv", "a.csv")]
    several = [*file("c.csv", 3, *large), *file("b.csv", 2, *large, *large), *file("a.csv", 1, *large, 90)]
    assert within(*several) == [("c.csv", "a.csv")]


def test_a_run_looks_at_its_own_files_and_at_those_that_they_repeat() -> None:
    lines = [*file("a.csv", 1, *range(30)), *file("b.csv", 20, *range(20)), *file("c.csv", 40, *range(40))]
    assert within(*lines, first=day(40)) == [("b.csv", "c.csv")]
    assert within(*lines, last=day(30)) == [("b.csv", "a.csv")]
    assert within(*lines, first=day(41)) == []


def test_lines_that_are_malformed_or_nameless_are_compared_too() -> None:
    odd: Row = line(on=day(1), source_file="a.csv", Invoice=None, _rescued_data="too,few")
    lines = [*file("a.csv", 1, *range(30)), odd, *file("b.csv", 2, *range(20))]
    assert within(*lines, odd | {"processing_date": day(2), "source_file": "b.csv"}) == [("b.csv", "a.csv")]
    assert within(*lines, odd | {"processing_date": day(2), "source_file": "b.csv", "_rescued_data": "other"}) == []


def test_a_file_whose_lines_had_been_delivered_is_left_out_and_counted_where_the_shop_says_so() -> None:
    lines = [
        *file("a.csv", 1, *range(30)),
        *file("b.csv", 2, *range(20)),
        *file("b.csv", 2, 20, Quantity="-1"),
        *file("before.csv", 1, *range(50, 70)),
        *file("c.csv", 2, *range(50, 80)),
        *file("a.csv", 1, 20, Quantity="-1"),
    ]
    delivered = stored_rows(bronze.TRANSACTIONS, "BETWEEN $first - 30 AND $last")
    with empty_warehouse() as store:
        put(store, bronze.TRANSACTIONS, *lines)
        for first, last in ((FIRST, day(2)), (day(2), day(2))):
            of_shop = judged(marked_repeats(delivered), rules_of(Shop(), SKIP), SKIP)
            refused = sql("rfm_assets.silver", "rejected_transactions", judged=of_shop)
            outcomes = file_outcomes(transactions(of_shop, SKIP), refused).bind(first, last).sql()
            select = f"SELECT * FROM ({outcomes}) WHERE processing_date = DATE '{day(2)}' ORDER BY source_file"
            left_out, loaded = dicts(store, select)
            reasons = store.execute(
                f"SELECT failed_rules, count(*) FROM ({refused.bind(first, last).sql()}) "
                f"WHERE processing_date = DATE '{day(2)}' GROUP BY ALL ORDER BY ALL"
            ).fetchall()
            assert (left_out["source_file"], left_out["lines"], left_out["repeated_lines"]) == ("b.csv", 21, 21)
            assert (left_out["failing_lines"], left_out["returns"], left_out["counted_sales"]) == (0, 0, 0)
            assert (loaded["source_file"], loaded["repeated_lines"], loaded["counted_sales"]) == ("c.csv", 0, 30)
            assert reasons == [("not_delivered_before", 20), ("valid_quantity,not_delivered_before", 1)]
