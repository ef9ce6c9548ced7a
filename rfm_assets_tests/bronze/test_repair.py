"""Holds the careful reading to the rules of a line: where a quoted field begins and ends, and what is kept whole."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rfm_assets.bronze.repair import split
from rfm_assets_tests.bronze.reading import fields_of


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("a,b,c", ["a", "b", "c"]),
        (" a ,b, c", [" a ", "b", " c"]),
        (",,", ["", "", ""]),
        ('"a, b",c,d', ["a, b", "c", "d"]),
        ('"a ""b""",c,d', ['a "b"', "c", "d"]),
        ('"a"  ,"","d"', ["a", "", "d"]),
        ('3" nail,b,c', ['3" nail', "b", "c"]),
        ('a, "b",c', ["a", ' "b"', "c"]),
        ("a,b,c,,", ["a", "b", "c"]),
        ('a,b,c,""', ["a", "b", "c"]),
        ("a;b\tc,é,\x0b", ["a;b\tc", "é", "\x0b"]),
    ],
)
def test_a_line_is_split_where_it_says(line: str, fields: list[str]) -> None:
    assert split(line.encode(), columns=3) == fields


@pytest.mark.parametrize(
    "line",
    [
        b"a,b",
        b"a,b,c,d",
        b"a,b,c,,d",
        b'"a,b,c',
        b'a,b,"c',
        b'"a"x,b,c',
        b'"a" "b",b,c',
        b'a,b,"""',
        b"a,b,\0",
        b"a,b\rc,d",
        b"a,b,\xe9",
        b"a,b,\xed\xa0\x80",
    ],
)
def test_a_line_that_cannot_be_split_with_certainty_is_not_split(line: bytes) -> None:
    assert split(line, columns=3) is None


@settings(deadline=None, derandomize=True)
@given(st.text(alphabet='", a', max_size=12), st.integers(1, 4))
def test_fields_begin_and_end_where_a_walk_over_the_line_finds_them(text: str, columns: int) -> None:
    fields = fields_of(text)
    fits = fields is not None and len(fields) >= columns and not any(fields[columns:])
    assert split(text.encode(), columns=columns) == (fields[:columns] if fields and fits else None)
