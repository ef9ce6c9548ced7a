"""The field pattern matches the rules for splitting a line, in the SQL statement and in the messages alike."""

from datetime import datetime

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rfm_assets.bronze.split_lines import split_lines
from rfm_assets.contracts.bronze import SOURCE_COLUMNS
from rfm_assets.contracts.line_format import quoted_fields
from rfm_assets.literals import literal
from rfm_assets.warehouse.query import Query
from rfm_assets_tests.helpers.reading import fields_of

READ_AT = datetime(2025, 6, 26, 18, 30)  # noqa: DTZ001 - the warehouse keeps UTC without a zone
BEFORE = ",".join("x" * (len(SOURCE_COLUMNS) - 3)) + ","


def split(*lines: str) -> list[tuple[str | None, ...]]:
    """The last three columns of lines and their rescued text; each line is appended to the first five columns."""
    rows = ", ".join(f"({n}, {literal(BEFORE + line)})" for n, line in enumerate(lines))
    landed_line = Query(
        f"SELECT text, true AS is_text, CAST(n AS VARCHAR) AS source_file, DATE '2025-06-26' AS processing_date "
        f"FROM (VALUES {rows}) AS line(n, text)"
    )
    statement = split_lines(landed_line, tuple(SOURCE_COLUMNS), READ_AT).sql()
    columns = "CustomerID, Country, InvoiceDate, _rescued_data"
    with duckdb.connect(config={"threads": 1}) as connection:
        return connection.execute(f"SELECT {columns} FROM ({statement}) ORDER BY CAST(source_file AS INT)").fetchall()


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("a,b,c", ("a", "b", "c")),
        (" a ,b, c", (" a ", "b", " c")),
        (",,", (None, None, None)),
        ('"a, b",c,d', ("a, b", "c", "d")),
        ('"a ""b""",c,d', ('a "b"', "c", "d")),
        ('"a"  ,"","d"', ("a", None, "d")),
        ('"""",b,""""""', ('"', "b", '""')),
        ('3" nail,b,c', ('3" nail', "b", "c")),
        ('a, "b",c', ("a", ' "b"', "c")),
        ("a,b,c,,", ("a", "b", "c")),
        ('a,b,c,""', ("a", "b", "c")),
        ("a;b\tc,é,\x0b", ("a;b\tc", "é", "\x0b")),
    ],
)
def test_a_line_is_split_where_it_says(line: str, fields: tuple[str | None, ...]) -> None:
    assert split(line) == [(*fields, None)]


@pytest.mark.parametrize(
    "line", ["a,b", "a,b,c,d", "a,b,c,,d", '"a,b,c', 'a,b,"c', '"a"x,b,c', '"a" "b",b,c', 'a,b,"""', 'a,b,"""",d']
)
def test_a_line_that_cannot_be_split_with_certainty_is_kept_whole(line: str) -> None:
    assert split(line) == [(None, None, None, BEFORE + line)]


@pytest.mark.slow
@settings(deadline=None, derandomize=True)
@given(st.lists(st.text(alphabet='", a', max_size=12), min_size=20, max_size=20))
def test_fields_begin_and_end_where_a_walk_over_the_line_finds_them(lines: list[str]) -> None:
    assert split(*lines) == [expected(line) for line in lines]


def expected(line: str) -> tuple[str | None, ...]:
    fields = fields_of(line)
    if fields is None or len(fields) < 3 or any(fields[3:]):
        return (None, None, None, BEFORE + line)
    return (*(field or None for field in fields[:3]), None)


@settings(deadline=None, derandomize=True)
@given(st.text(alphabet='", a', max_size=12))
def test_messages_find_the_same_fields(text: str) -> None:
    assert quoted_fields(text) == fields_of(text)


def test_a_line_of_a_million_quotes_is_looked_at_without_looking_back() -> None:
    assert quoted_fields('"' * 1_000_001) is None
    assert quoted_fields('"' * 1_000_000) == ['"' * 499_999]
