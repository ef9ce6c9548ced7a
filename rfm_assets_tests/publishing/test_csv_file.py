"""CSV files follow RFC 4180, and no cell runs as a formula in a spreadsheet."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rfm_assets.publishing.csv_file import csv_parts


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


def test_lines_end_with_crlf_and_what_must_be_is_quoted() -> None:
    rows = [["a,b", 1], ['say "so"', 2], ["two\nlines", 3], ["Zoë €", 4], [None, 5]]
    assert b"".join(csv_parts(["who", "n"], rows)) == (
        'who,n\r\n"a,b",1\r\n"say ""so""",2\r\n"two\nlines",3\r\nZoë €,4\r\n,5\r\n'.encode()
    )


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_text_that_a_spreadsheet_would_run_is_made_harmless(start: str) -> None:
    nasty = f"{start}1+1|' /C calc'!A0,\"x\""
    assert read(b"".join(csv_parts(["id"], [[nasty]]))) == [["id"], [f"'{nasty}"]]


def test_a_number_is_no_text_and_stays_as_it_is() -> None:
    row = [-5, Decimal("-1.50"), -0.5, date(2026, 4, 28)]
    assert read(b"".join(csv_parts(["a", "b", "c", "d"], [row])))[1] == ["-5", "-1.50", "-0.5", "2026-04-28"]


@given(st.lists(st.tuples(st.text(), st.text(), st.integers()), max_size=20))
def test_any_texts_are_read_back_but_for_the_apostrophe(rows: list[tuple[str, str, int]]) -> None:
    found = read(b"".join(csv_parts(["a", "b", "n"], rows)))[1:]

    def readable(text: str) -> str:
        return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"} else text

    assert found == [[readable(a), readable(b), str(n)] for a, b, n in rows]


def test_many_rows_come_in_parts_and_none_is_lost() -> None:
    parts = list(csv_parts(["n"], ([n] for n in range(25_000))))
    assert len(parts) == 3
    assert b"".join(parts) == b"n\r\n" + b"".join(b"%d\r\n" % n for n in range(25_000))
