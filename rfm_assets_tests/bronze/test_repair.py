"""The repaired copy of a file that DuckDB cannot read has every line of it, as text."""

from pathlib import Path

import pytest

from rfm_assets.bronze.repair import repair


def copied(folder: Path, *lines: bytes) -> list[bytes]:
    source, copy = folder / "source.csv", folder / "copy.csv"
    source.write_bytes(b"x,y,z\n" + b"\n".join(lines))
    longest = repair(source, copy)
    header, *found = copy.read_bytes().removesuffix(b"\n").split(b"\n")
    assert header == b""
    assert longest == max(map(len, found), default=0)
    return found


@pytest.mark.parametrize(
    ("line", "copy"),
    [
        (b"a,b,c", b"a,b,c"),
        (b"a,b,c\r", b"a,b,c"),
        (b'"a,b', b'"a,b'),
        ("é,\x01".encode(), "é,\x01".encode()),
        (b"a\rb", b"\0a\0b"),
        (b"a\r\r", b"\0a\0"),
        (b"a\0b", "\0a␀b".encode()),
        (b"a\xe9\0\r.", "\0aé␀\0.".encode()),
        (b"\x81", "\0\ufffd".encode()),
        (b"\xed\xa0\x80", "\0í\xa0€".encode()),
    ],
)
@pytest.mark.parametrize("neighbour", [b"d,e,f", b"d,e,f\r"])
def test_a_line_is_text_whatever_is_beside_it(tmp_path: Path, line: bytes, copy: bytes, neighbour: bytes) -> None:
    assert copied(tmp_path, neighbour, line, neighbour) == [b"d,e,f", copy, b"d,e,f"]


def test_blank_lines_are_left_out(tmp_path: Path) -> None:
    assert copied(tmp_path, b"", b"a", b" \t\r", b"\r\r", b"b") == [b"a", b"b"]
