"""Characterization tests of how DuckDB reads CSV; read them first after an upgrade of DuckDB.

`inspection` decides by them which files DuckDB may read alone, and `loading` counts rows because of them.
"""

from pathlib import Path

import duckdb
import pytest

from rfm_assets.bronze.loading import _read_csv

Rows = list[tuple[str | None, ...]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.csv"


def read(path: Path, *, options: str = "") -> Rows:
    with duckdb.connect(config={"threads": 1}) as connection:
        return connection.execute(f"SELECT a, b FROM {_read_csv([path], ['a', 'b'], options)}").fetchall()


@pytest.mark.parametrize(
    "line",
    [b"x", b"1,2,3", b'"x,2', b'"x"y,2', b"\xe9,2", b"\xed\xa0\x80,2", b"x" * 2_100_000 + b",2"],
    ids=["too few", "too many", "never closed", "text after a quote", "not UTF-8", "a surrogate", "too long"],
)
def test_a_line_it_cannot_read_is_skipped_without_a_word(path: Path, line: bytes) -> None:
    """Why rows are counted against lines: no error says that one is missing."""
    path.write_bytes(b"a,b\n1,2\n" + line + b"\n")
    assert read(path) == [("1", "2")]


@pytest.mark.parametrize(
    ("line", "row"),
    [
        (b"1,2,", ("1", "2")),
        (b"1,2,,,", ("1", "2")),
        (b'1,"2"  ', ("1", "2")),
        (b'1, 2" ', ("1", ' 2" ')),
        (b'1,""', ("1", None)),
        (b",", (None, None)),
    ],
    ids=["a surplus empty field", "several", "spaces after a quote", "a quote inside", "empty in quotes", "empty"],
)
def test_a_line_that_is_a_little_off_is_read_as_our_rules_say(path: Path, line: bytes, row: tuple[str | None]) -> None:
    """Why such files are left to it."""
    path.write_bytes(b"a,b\n" + line + b"\n")
    assert read(path) == [row]


@pytest.mark.parametrize(
    ("line", "row"),
    [(b'1, "2"', ("1", "2")), (b' "1",2', ("1", "2")), (b"1,\0", ("1", "\0"))],
    ids=["a quote after one space", "the same at the start", "NUL"],
)
def test_a_line_is_read_otherwise_than_our_rules_say(path: Path, line: bytes, row: tuple[str | None]) -> None:
    """Why a file with such bytes is read line by line: its rows count right, and are wrong."""
    path.write_bytes(b"a,b\n" + line + b"\n")
    assert read(path) == [row]


@pytest.mark.parametrize("lines", [b"1,2\r3,4\n", b"1,2\r\n3,4\n", b"1,2\n3,4\r\n"])
def test_it_gives_up_on_mixed_line_ends(path: Path, lines: bytes) -> None:
    """Why such a file is read line by line from the start: an error would undo all that was loaded before."""
    path.write_bytes(b"a,b\n" + lines)
    with pytest.raises(duckdb.InvalidInputException, match="invalid state"):
        read(path)


def test_a_quote_after_two_spaces_or_a_tab_is_text(path: Path) -> None:
    path.write_bytes(b'a,b\n1,  "2"\n3,\t"4"\n')
    assert read(path) == [("1", '  "2"'), ("3", '\t"4"')]


def test_a_quoted_line_break_joins_two_lines(path: Path) -> None:
    path.write_bytes(b'a,b\n1,"2\n3",4\n5,"6\n7"\n')
    assert ("5", "6\n7") in read(path)


def test_a_path_is_a_pattern(tmp_path: Path) -> None:
    """Why rows count only for the very path they came from, which DuckDB tells."""
    (tmp_path / "a1.csv").write_text("a,b\nanother,file\n")
    path = tmp_path / "a[1].csv"
    path.write_text("a,b\n1,2\n")
    assert read(path) == [("another", "file")]


def test_a_path_that_matches_nothing_as_a_pattern_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a[1].csv"
    path.write_text("a,b\n1,2\n")
    assert read(path) == [("1", "2")]


def test_a_folder_is_no_column_as_long_as_that_is_off(tmp_path: Path) -> None:
    """Why `hive_partitioning` is off: a folder named `Country=France` would replace the file's own column."""
    path = tmp_path / "b=France" / "a.csv"
    path.parent.mkdir()
    path.write_text("a,b\n1,2\n")
    assert read(path) == [("1", "2")]
    with duckdb.connect() as connection:
        assert connection.execute(f"SELECT a, b FROM read_csv('{path}')").fetchall() == [(1, "France")]


def test_a_longer_line_is_read_where_the_buffer_is_twice_as_long(path: Path) -> None:
    path.write_bytes(b"a,b\n" + b"x" * 2_100_000 + b",2\n")
    assert len(read(path, options=", max_line_size = 2200000, buffer_size = 4400000")) == 1


def test_a_file_that_is_gone_is_an_io_error(path: Path) -> None:
    with pytest.raises(duckdb.IOException, match="No files found"):
        read(path)
