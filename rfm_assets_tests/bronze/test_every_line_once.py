"""Every line of every file is stored exactly once, split or whole, whatever it contains.

DuckDB reads most files directly and the others from a repaired copy. Both must follow the plain rules spelled out in
`helpers/reading.py`.
"""

import shutil
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rfm_assets.bronze import inspection, loading
from rfm_assets.bronze.loading import _read_lines
from rfm_assets.contracts.bronze import OPTIONAL_SOURCE_COLUMNS
from rfm_assets.errors import RefusedFileError
from rfm_assets_tests.helpers.reading import expected_from, stored_from
from rfm_assets_tests.helpers.scenario import DAY, HEADER, NEXT_DAY, land_bytes, sale

GOOD = sale().encode()
UTF_8 = sale(description="CAFÉ").encode()
COLUMNS = HEADER.split(",")

# What fields are made of: harmless text, and everything that CSV readers disagree about.
_PIECES = [
    *(b"a", b"12", b" ", b'"', b'""', b",", b"\r", b"\0", b"\t", b"\\", b"'", b";", b"#", b"NULL", b"\x0b", b"\x1a"),
    *(text.encode() for text in ("é", "€", "🎄", "\u2028", "\ufeff")),
    *(b"\xe9", b"\x81", b"\xe2\x82", b"\xed\xa0\x80", b"\xc0\xaf", b"\xff"),  # not UTF-8
]
_FIELDS = st.one_of(
    st.sampled_from([b"", b"12", b" x", b'"x, y"', b'"x""y"', b'"x" ', b'x"y', b' "x"', b'"x"y', b'"', b'""', b'"""']),
    st.lists(st.sampled_from(_PIECES), max_size=4).map(b"".join),
)
_LINES = st.one_of(
    st.tuples(st.integers(0, 7), _FIELDS).map(lambda at: with_field(*at)),
    st.sampled_from([b"", b" ", b",,,,,,,", b",,,,,,,,", GOOD + b",", GOOD + b",,", GOOD + b",x", GOOD[:20]]),
    st.lists(_FIELDS, min_size=7, max_size=10).map(b",".join),
    st.binary(max_size=12).filter(lambda line: b"\n" not in line),
)
_LINE_ENDS = st.sampled_from([[b"\n"], [b"\r\n"], [b"\n", b"\r\n"], [b"\n", b"\n", b"\r"]])
_SURPLUS_COLUMNS = st.sampled_from(
    [
        [],
        ["Store"],
        ["Store", "Store", ""],
        ["_rescued_data", "filename", "invoice"],
        [*OPTIONAL_SOURCE_COLUMNS],
        ["LineAmount", "Store"],
    ]
)


@pytest.fixture(autouse=True, scope="module")
def _small_pieces() -> Iterator[None]:
    """Files are inspected in chunks; small ones make lines cross chunk boundaries."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inspection, "_PIECE", 100)
        yield


def with_field(position: int, field: bytes) -> bytes:
    """A good line with one field replaced by these bytes."""
    fields = GOOD.split(b",")
    return b",".join([*fields[:position], field, *fields[position + 1 :]])


def is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


@st.composite
def _daily_files(draw: st.DrawFn) -> bytes:
    """A file with a valid header and at least one line; everything else may be wrong."""
    columns = draw(st.permutations([*COLUMNS, *draw(_SURPLUS_COLUMNS)])) if draw(st.booleans()) else COLUMNS
    ends = draw(_LINE_ENDS)
    content = draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + ",".join(columns).encode() + ends[0]
    surplus = b",x" * (len(columns) - len(COLUMNS))
    lines = [GOOD, *draw(st.lists(_LINES, max_size=4)), GOOD]
    if any(not is_utf8(line) for line in lines):
        lines.append(UTF_8)  # without a single character beyond ASCII, the file could be Windows-1252
    for number, line in enumerate(lines):
        content += line + (surplus if line else b"") + ends[number % len(ends)]
    return content if draw(st.booleans()) else content.rstrip(b"\r\n")


def file_of(*lines: bytes) -> bytes:
    """A file with the usual header and these lines."""
    return b"".join(line + b"\n" for line in (HEADER.encode(), *lines))


def assert_every_line_is_stored_once(shop: Path, files: Mapping[str, bytes]) -> None:
    for key, content in files.items():
        land_bytes(shop, key, content)
    assert stored_from(shop) == expected_from(files)


# Each file is judged and read on its own, so that many can be tried at once.
_KEYS = [f"{day}{name}" for day in (DAY, NEXT_DAY) for name in (".csv", "_a.csv", "_b.csv.gz", "_c.CSV", "_d.csv")]
_SHOPS = st.lists(_daily_files(), min_size=1, max_size=len(_KEYS)).map(lambda files: dict(zip(_KEYS, files)))  # noqa: B905


@pytest.mark.slow
@settings(max_examples=40, deadline=None, derandomize=True)
@given(files=_SHOPS)
def test_every_line_of_any_files_is_stored_exactly_once(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]
) -> None:
    shop = tmp_path_factory.mktemp("shop")
    assert_every_line_is_stored_once(shop, files)
    shutil.rmtree(shop)


@pytest.mark.parametrize("position", [0, 2, 7], ids=["first", "middle", "last"])
def test_no_short_field_is_read_otherwise(tmp_path: Path, position: int) -> None:
    pieces = [b'"', b" ", b",", b"a", b"\0", b"\r"]
    fields = [b"".join(field) for length in range(4) for field in product(pieces, repeat=length)]
    lines = [[GOOD, with_field(position, field), GOOD] for field in fields]
    assert_every_line_is_stored_once(tmp_path, {f"{DAY}_{n}.csv": file_of(*three) for n, three in enumerate(lines)})


def test_a_quote_after_a_space_is_seen_in_the_first_line(tmp_path: Path) -> None:
    assert_every_line_is_stored_once(tmp_path, {f"{DAY}.csv": file_of(with_field(0, b' "489434"'), GOOD)})


@pytest.mark.parametrize(
    "field",
    [b"x" * 3_000_000, b'"' + b"x" * 3_000_000, b'"' * 1_500_000, b"\x80" * 900_000],
    ids=["plain", "never closed", "quotes, which are written twice", "bytes that are shown as three"],
)
def test_a_line_longer_than_duckdb_reads_is_stored(tmp_path: Path, field: bytes) -> None:
    assert_every_line_is_stored_once(tmp_path, {f"{DAY}.csv": file_of(GOOD, with_field(2, field), UTF_8)})


@pytest.mark.parametrize("quoted", ["Invoice", "StockCode", "InvoiceDate"])
def test_a_header_in_quotes_or_with_spaces_means_the_same(tmp_path: Path, quoted: str) -> None:
    header = ", ".join(f'"{column}"' if column == quoted else f" {column} " for column in COLUMNS)
    land_bytes(tmp_path, f"{DAY}.csv", f"{header}\n{sale()}\n".encode())
    assert stored_from(tmp_path) == expected_from({f"{DAY}.csv": file_of(GOOD)})


_AWKWARD_NAMES = ["[1]", "*", "?", "'", " and more", "é", "\\", "%20", "#", "{a,b}", "~", "\n"]


@pytest.mark.parametrize("shop", ["shop", "the * shop [a-z]"])
def test_a_file_is_read_under_any_name_in_any_folder(tmp_path: Path, shop: str) -> None:
    folders = ["", "shop [1]/", "Country=France/", "processing_date=2020-01-01/source_file=x/", "*/"]
    keys = [f"{folder}{DAY}{name}.csv" for folder, name in product(folders, ["", "1", *_AWKWARD_NAMES])]
    files = {key: file_of(with_field(2, f"line {n}".encode())) for n, key in enumerate(keys)}
    assert_every_line_is_stored_once(tmp_path / shop, files)


def test_dirty_lines_that_are_text_are_read_without_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(loading, "repair")
    dirty = [b'"never closed', b'"x"y', b' "x"', b"x,y", b"\x01", UTF_8, b"  ", GOOD + b",,"]
    lines = [*(with_field(2, field) for field in dirty), b"", GOOD[:20], GOOD]
    files = {f"{DAY}{n}.csv": file_of(*lines).replace(b"\n", end) for n, end in enumerate([b"\n", b"\r\n"])}
    assert_every_line_is_stored_once(tmp_path, files)


def test_copies_are_made_of_a_few_files_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_COPIED_AT_ONCE", 3_000)  # bytes, some files
    odd = [b"a\rb", b"\0", b"\xe9", b"\r\0\r", b"\0\xe9\r", b"\0\0"]
    files = {f"{DAY}_{n}.csv": file_of(*[with_field(2, odd[n % len(odd)]), UTF_8] * 9) for n in range(20)}
    assert_every_line_is_stored_once(tmp_path, files)


def test_the_copy_of_a_clean_file_has_the_same_lines(
    real_landing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {path.name: path.read_bytes() for path in sorted(real_landing.iterdir())[:2]}
    monkeypatch.setattr(inspection._Body, "is_readable", False)  # noqa: SLF001 - sends all files that way
    assert_every_line_is_stored_once(tmp_path, files)


def test_a_file_of_which_other_lines_are_stored_than_it_has_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "_read_lines", lambda paths, _: f"(FROM {_read_lines(paths)} LIMIT 1)")
    with pytest.raises(RefusedFileError, match=f"{DAY}.csv: 2 lines were read but 1 could be stored"):
        assert_every_line_is_stored_once(tmp_path, {f"{DAY}.csv": file_of(GOOD, GOOD, b"")})
