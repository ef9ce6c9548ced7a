"""Holds the careful reading to the rules of a line: where a quoted field begins and ends, and what is kept whole."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rfm_assets.bronze.line_format import split
from rfm_assets.bronze.repair import set_apart
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


def sorted_apart(text: bytes, *, columns: int = 3) -> tuple[list[bytes], list[bytes]]:
    """The sound lines of a file, and the doubtful ones as they came."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source.csv"
        source.write_bytes(b"x,y,z\n" + text)
        apart = set_apart(source, Path(folder), columns=columns)
        sound, doubtful = (path.read_bytes().split(b"\n")[1:-1] for path in (apart.sound, apart.doubtful))
        assert apart.sound_lines == len(sound)
        return sound, doubtful


@pytest.mark.parametrize(
    ("line", "sound"),
    [
        (b"a,b,c", b"a,b,c"),
        (b"a,b,c\r", b"a,b,c"),
        (b" a ,,", b" a ,,"),
        ("é,b,c".encode(), "é,b,c".encode()),
        (b"a,b,\xe9", None),
        (b"a,b", None),
        (b"a,b,c,", None),
        (b'"a",b,c', None),
        (b'3" nail,b,c', None),
        (b"a,b,\0", None),
        (b"a,b,c\r\r", None),
        (b"a\rb,c,d", None),
        (b"", None),
        (b"a,b," + b"c" * 1_500_000, None),
    ],
)
@pytest.mark.parametrize("neighbour", [b"d,e,f\n", b"d,e,f\r\n", b"d,\xe9,f\n"])
def test_a_line_is_sound_only_when_it_is_beyond_doubt_whatever_is_beside_it(
    line: bytes, sound: bytes | None, neighbour: bytes
) -> None:
    found, doubtful = sorted_apart(neighbour + line + b"\n")
    beside = [b"d,e,f"] if neighbour.isascii() else []
    assert found == [*beside, *([] if sound is None else [sound])]
    assert doubtful == [*([] if beside else [neighbour.removesuffix(b"\n")]), *([line] if sound is None else [])]


@settings(deadline=None, derandomize=True)
@given(st.lists(st.text(alphabet='", aé\r', max_size=8)), st.integers(1, 3))
def test_no_line_is_lost_and_sound_lines_are_split_alike(lines: list[str], columns: int) -> None:
    given_lines = [line.encode() for line in lines]
    sound, doubtful = sorted_apart(b"".join(line + b"\n" for line in given_lines), columns=columns)
    assert sorted([*sound, *(line.removesuffix(b"\r") for line in doubtful)]) == sorted(
        line.removesuffix(b"\r") for line in given_lines
    )
    for line in sound:
        assert split(line, columns=columns) == line.decode().split(",")


def test_a_file_is_read_in_pieces_of_whole_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rfm_assets.bronze.repair._PIECE", 7)
    lines = [b"a,b,c", b'"a,b,c', b"d,e,f", b"", b"g,h,i"]
    assert sorted_apart(b"\n".join(lines)) == ([b"a,b,c", b"d,e,f", b"g,h,i"], [b'"a,b,c', b""])
