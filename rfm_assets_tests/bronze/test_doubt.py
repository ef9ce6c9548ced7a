"""Holds the quick look at a file to the plain rules of a line: which ones DuckDB may be left alone with."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rfm_assets.bronze.doubt import doubtful_lines
from rfm_assets_tests.bronze.reading import fields_of


@pytest.mark.parametrize(
    ("line", "is_doubtful"),
    [
        (b"a,b,c", False),
        (b"a,b,c\r", False),
        (b'"a, b",c,d', False),
        (b'"a ""b""",c,d\r', False),
        (b'3" nail,b,c', False),
        (b"", True),
        (b"a,b", True),
        (b"a,b,c,,\r", False),
        (b'"a, b",c,d,', False),
        (b"a,b,c,d", True),
        (b'a,b,c,""', True),
        (b'"a,b,c', True),
        (b'a,b,"c', True),
        (b'"a"x,b,c', True),
        (b'"a,b",c', True),
    ],
)
@pytest.mark.parametrize(("before", "after"), [(b"", b""), (b"x,y,z\n", b""), (b'"x",y,z\n', b'x,"y",z\n')])
def test_a_line_is_doubtful_when_it_does_not_split_into_its_columns(
    before: bytes, line: bytes, after: bytes, *, is_doubtful: bool
) -> None:
    start, end = len(before), len(before) + len(line) + 1
    found = doubtful_lines(before + line + b"\n" + after, columns=3, most=9)
    assert found == ([(start, end)] if is_doubtful else [])


def test_a_last_line_without_an_end_is_looked_at_too() -> None:
    assert doubtful_lines(b"a,b\nc", columns=2, most=9) == [(4, 5)]


@settings(deadline=None, derandomize=True)
@given(st.lists(st.text(alphabet='", aé', max_size=8), min_size=1), st.integers(2, 4))
def test_the_lines_that_are_left_are_those_that_a_walk_splits_into_their_columns(
    lines: list[str], columns: int
) -> None:
    text = b"".join(line.encode() + b"\n" for line in lines)
    doubtful = [
        text[start : end - 1].decode() for start, end in doubtful_lines(text, columns=columns, most=len(lines)) or ()
    ]
    assert doubtful == [line for line in lines if not fits(line, columns)]


def fits(line: str, columns: int) -> bool:
    """Whether a line is of so many columns and, at most, commas after them."""
    fields = fields_of(line)
    return (
        fields is not None and len(fields) >= columns and re.search(rf",{{{len(fields) - columns}}}$", line) is not None
    )


def test_too_many_are_not_listed() -> None:
    assert doubtful_lines(b"a\n" * 3, columns=2, most=3) == [(0, 2), (2, 4), (4, 6)]
    assert doubtful_lines(b"a\n" * 4, columns=2, most=3) is None
