"""Characterization tests of how DuckDB reads lines; read these first after upgrading DuckDB.

`inspection` relies on them to decide which files DuckDB may read directly, and `repair` to copy the others.
"""

import gzip
from pathlib import Path

import duckdb
import pytest

from rfm_assets.bronze.loading import _read_lines

Rows = list[str | None]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.csv"


def read(path: Path, *, longest_line: int = 0) -> Rows:
    with duckdb.connect(config={"threads": 1}) as connection:
        found = connection.execute(f"SELECT line FROM {_read_lines([path], longest_line)}").fetchall()
    return [line for (line,) in found]


@pytest.mark.parametrize("header", [b"a,b", b"\xef\xbb\xbfa", b'"a', b"x" * 60_000], ids=["", "mark", "quote", "long"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_lines_of_any_text_are_read_as_they_are(path: Path, header: bytes, end: bytes) -> None:
    """Why no line needs special treatment: quotes, delimiters, comments and words for NULL mean nothing."""
    lines = ['a,"b', '"', "'", " x ", "#", "NULL", "\\", "\t", "\0", "\x01", "\x1a", "é🎄\u2028\u0085", "\ufeff"]
    path.write_bytes(end.join([header, *(line.encode() for line in lines)]))
    assert read(path) == lines


def test_a_blank_line_is_null(path: Path) -> None:
    path.write_bytes(b"a\n\n \n\nx\n\n")
    assert read(path) == [None, " ", None, "x", None]


@pytest.mark.parametrize("lines", [b"1\r2\n", b"1\r\n2\n", b"1\n2\r\n", b"1\r\r\n2\r\n"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_it_gives_up_on_mixed_line_ends(path: Path, lines: bytes, end: bytes) -> None:
    path.write_bytes(b"a,b" + end + lines)
    with pytest.raises(duckdb.InvalidInputException, match="invalid state"):
        read(path)


@pytest.mark.parametrize("line", [b"\xe9,2", b"\xed\xa0\x80", b"\xc0\xaf"])
def test_it_gives_up_on_bytes_that_are_not_utf_8(path: Path, line: bytes) -> None:
    path.write_bytes(b"a\n1\n" + line + b"\n")
    with pytest.raises(duckdb.InvalidInputException, match="Invalid unicode"):
        read(path)


def test_a_line_may_be_as_long_as_it_is_told(path: Path) -> None:
    long = "x" * 2_100_000
    path.write_bytes(f"a\n1\n{long}\n".encode())
    with pytest.raises(duckdb.InvalidInputException, match="Maximum line size of 2000000 bytes exceeded"):
        read(path)
    assert read(path, longest_line=len(long)) == ["1", long]


def test_a_path_is_a_pattern(tmp_path: Path) -> None:
    """Why files are read through links with plain names."""
    (tmp_path / "a1.csv").write_text("a\nanother file\n")
    path = tmp_path / "a[1].csv"
    path.write_text("a\nx\n")
    link = tmp_path / "0.csv"
    link.symlink_to(path)
    assert read(path) == ["another file"]
    assert read(link) == ["x"]


def test_a_link_is_named_as_it_was_asked_for(path: Path, tmp_path: Path) -> None:
    """Why a line can be traced to its file."""
    path.write_text("a\nx\n")
    link = tmp_path / "0.csv"
    link.symlink_to(path)
    with duckdb.connect() as connection:
        assert connection.execute(f"SELECT filename FROM {_read_lines([link])}").fetchall() == [(str(link),)]


def test_a_packed_file_is_known_by_small_letters_only(tmp_path: Path) -> None:
    """Why links get their own names, extension included."""
    for name in ("a.csv.gz", "b.CSV.GZ"):
        (tmp_path / name).write_bytes(
            gzip.compress(b"a\nx\n", mtime=ord("\n"))
        )  # where a first line ends, unpacked or not
    assert read(tmp_path / "a.csv.gz") == ["x"]
    with pytest.raises(duckdb.InvalidInputException, match="not utf-8"):
        read(tmp_path / "b.CSV.GZ")


def test_a_folder_is_no_column_as_long_as_that_is_off(tmp_path: Path) -> None:
    """Why `hive_partitioning` is off: a folder named `line=x` would replace the line."""
    path = tmp_path / "line=y" / "a.csv"
    path.parent.mkdir()
    path.write_text("a\nx\n")
    assert read(path) == ["x"]


def test_a_file_that_is_gone_is_an_io_error(path: Path) -> None:
    with pytest.raises(duckdb.IOException, match="No files found"):
        read(path)
