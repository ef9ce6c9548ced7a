"""Unreadable input is refused in one sentence, and nothing is half written."""

import gzip
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter

from rfm_assets.errors import ExportError, SettingError
from rfm_assets.exports.presets import read_profile
from rfm_assets.exports.profile import Profile
from rfm_assets_tests.exports.shop import HEADERS, Shop, profile, sale

pytestmark = pytest.mark.slow

HEADER = ",".join(HEADERS)
GOOD = f"{HEADER}\nA1,2026-05-01,c1,MUG,2,3.50\n"
JAPANESE = f"{HEADER}\nA1,2026-05-01,c1,コーヒーカップ,2,3.50\n"


def shortened(value: object) -> str:
    """An id for a parameter that is a file."""
    return value[:24] if isinstance(value, str) else "bytes"


def packed(*members: tuple[str, str]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in members:
            archive.writestr(name, text)
    return file.getvalue()


def workbook(*sheets: list[list[object]]) -> bytes:
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd"}) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
    return file.getvalue()


CELLS: list[list[object]] = [list(HEADERS), ["A1", "2026-05-01", "c1", "MUG", 2, 3.5]]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plain.csv", GOOD),
        ("mark.csv", GOOD.encode("utf-8-sig")),
        ("wide.csv", GOOD.encode("utf-16")),
        ("wide_without_mark.csv", GOOD.encode("utf-16-le")),
        ("semicolons.csv", GOOD.replace(",", ";")),
        ("tabs.tsv", GOOD.replace(",", "\t")),
        ("pipes.txt", GOOD.replace(",", "|")),
        ("mac.csv", GOOD.replace("\n", "\r\n")),
        ("preamble.csv", f"Orders of May\n\nfrom,to\n{GOOD}"),
        ("excel.csv", "sep=;\n" + GOOD.replace(",", ";")),
        ("case.csv", GOOD.replace("order", " ORDER ").replace("price", "Price")),
        ("extra.csv", f'{HEADER},notes\nA1,2026-05-01,c1,MUG,2,3.50,"ring\ntwice, please"\n'),
        ("short.csv", f"{HEADER},notes,more\nA1,2026-05-01,c1,MUG,2,3.50\n"),
        ("long.csv", f"{HEADER}\nA1,2026-05-01,c1,MUG,2,3.50,,,\n"),
        ("blank_lines.csv", f"{HEADER}\n\nA1,2026-05-01,c1,MUG,2,3.50\n\n   \n"),
        ("again.csv", f"{GOOD}{HEADER}\n"),
        ("nul.csv", GOOD.replace("MUG", "M\0UG")),
        ("spaces.csv", GOOD.replace("MUG", "  MUG\u00a0 ")),
        ("packed.csv.gz", gzip.compress(GOOD.encode(), mtime=0)),
        ("one.zip", packed(("a.csv", GOOD), ("__MACOSX/._a.csv", "junk"), ("readme.md", "junk"))),
        ("two.zip", packed(("a.csv", f"{HEADER}\n"), ("b.csv", GOOD))),
        ("book.xlsx", workbook(CELLS)),
        ("sheets.xlsx", workbook(CELLS[:1], [["what", "else"], [1, 2]], CELLS)),
    ],
    ids=shortened,
)
def test_an_export_is_read_in_whatever_it_comes(name: str, content: bytes | str, tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.write_bytes(name, content)
    (manifest,) = shop.land().manifests
    assert [(line["Invoice"], line["StockCode"], line["Price"]) for line in shop.lines()] == [("A1", "MUG", "3.50")]
    assert manifest.records == manifest.written + sum(manifest.left_out.values())


def test_an_order_that_two_sheets_have_counts_once_and_one_that_goes_on_counts_in_full(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    repeated, goes_on = ["A1", "2026-05-01", "c1", "MUG", 2, 3.5], ["A2", "2026-05-01", "c1", "MUG", 1, 3.5]
    more = ["A2", "2026-05-01", "c1", "TRAY", 1, 9.5]
    shop.write_bytes("book.xlsx", workbook([CELLS[0], repeated, goes_on], [CELLS[0], more, repeated]))
    (manifest,) = shop.land().manifests
    assert [(line["Invoice"], line["StockCode"]) for line in shop.lines()] == [
        ("A1", "MUG"),
        ("A2", "MUG"),
        ("A2", "TRAY"),
    ]
    assert manifest.left_out == {"again in a later table": 1}


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (JAPANESE, "shift_jis", "shift_jis"),
        (GOOD.replace("MUG", "Müller \u20ac"), "windows-1252", "windows-1252"),
        (GOOD.replace("MUG", "Müller"), "utf-8", "utf-8"),
        (GOOD.replace("MUG", "\x81\x8d\u00e9"), "iso-8859-1", "iso-8859-1"),
    ],
)
def test_the_encoding_is_found_from_all_of_the_file(text: str, encoding: str, found: str, tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.write_bytes("a.csv", text.encode(encoding))
    (manifest,) = shop.land().manifests
    assert manifest.encoding == found
    assert shop.lines()[0]["StockCode"] == text.splitlines()[1].split(",")[3]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.csv", "", r"empty\.csv is empty"),
        ("header.csv", f"{HEADER}\n", r"header\.csv has no sale: there are no records"),
        (
            "wrong.csv",
            "a,b\n1,2\n",
            r"wrong\.csv lacks what the profile own needs: the order's number.*Its headers: a, b",
        ),
        (
            "nobody.csv",
            GOOD.replace("customer", "who"),
            r"the customer \(looked for customer\).*RFM needs the customer",
        ),
        ("twice.csv", f"{HEADER},price\n", r"twice\.csv has the header price twice"),
        (
            "open.csv",
            f'{HEADER}\nA1,2026-05-01,c1,"MUG,2,3.50\nA2,x\n',
            r"open\.csv: a quote in record 1 is never closed",
        ),
        ("half.csv", f"{GOOD}A2,2026-05-0", r"half\.csv ends in the middle of record 2, after 2 of 6 cells"),
        ("huge.csv", f'{HEADER}\nA1,2026-05-01,c1,"{"x" * 1_100_000}\n', r"record 1 has a cell of more than 1,048,576"),
        (
            "mixed.csv",
            f"{GOOD}A2,25/06/2026,c1,MUG,1,1\nA3,06/25/2026,c1,MUG,1,1\n",
            r"mixed\.csv: placed: .* mixes two",
        ),
        (
            "words.csv",
            HEADER + "\nA1,2026-05-01,c1,MUG,2,free" * 10,
            r"no amount could be read from price: none of its 10 texts is a number, such as free",
        ),
        ("later.csv", GOOD.replace("2026-05-01", "soon"), r"later\.csv: placed: no date could be read, such as soon"),
        ("a.zip", packed(("readme.md", "junk")), r"a\.zip contains no table"),
        ("b.zip", GOOD.encode()[:0] + b"PK\x03\x04broken", r"b\.zip cannot be unpacked"),
        ("c.csv.gz", gzip.compress(GOOD.encode(), mtime=0)[:-12], r"c\.csv\.gz cannot be unpacked"),
        ("d.xlsx", b"PK\x03\x04broken", r"d\.xlsx is not a readable workbook"),
        ("e.csv", b"%PDF-1.7 ...", r"e\.csv is a PDF"),
        ("f.xlsx", workbook([["a", "b"], [1, 2]]), r"f\.xlsx lacks what the profile own needs"),
    ],
    ids=shortened,
)
def test_what_cannot_be_read_is_refused_and_nothing_is_written(
    name: str, content: bytes | str, said: str, tmp_path: Path
) -> None:
    shop = Shop(tmp_path)
    shop.write("good.csv", [sale("B1")], hour=1)
    before = {}
    if not name.startswith("header"):  # an export without records is fine beside others
        shop.land()
        before = shop.files()
    else:
        (shop.exports / "good.csv").unlink()
    shop.write_bytes(name, content, hour=2)
    with pytest.raises(ExportError, match=said):
        shop.land()
    assert shop.files() == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda: profile(order={"status": {"column": "qty", "sale": ["1"], "not_a_sale": ["9"]}}),
            'status "2" .1 records',
        ),
        (lambda: profile(file={"encoding": "ascii"}), r"a\.csv is not in ascii: byte \d+ cannot be read"),
        (lambda: profile(file={"encoding": "klingon"}), "knows no such encoding"),
        (lambda: profile(file={"header": ["a", "b"]}), r"a\.csv has 6 columns, and the profile's `header` names 2"),
        (lambda: profile(order={"placed": {"column": "placed", "formats": ["%d.%m.%Y"]}}), "no date could be read"),
        (lambda: profile(file={"has": ["order"]}, join=[{"has": ["x"], "on": "order"}]), "lacks a file that own joins"),
    ],
)
def test_a_profile_that_does_not_fit_is_named(change: Callable[[], Profile], said: str, tmp_path: Path) -> None:
    shop = Shop(tmp_path, change())
    shop.write("a.csv", [sale(customer="é")])
    with pytest.raises(ExportError, match=said):
        shop.land()
    assert shop.files() == {}


def test_records_with_too_many_cells_are_left_out_and_counted(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.write_bytes("a.csv", f"{GOOD}A2,2026-05-01,c1,MUG,2,3.50,surplus\n")
    (manifest,) = shop.land().manifests
    assert manifest.left_out == {"more cells than headers": 1}
    assert (manifest.records, manifest.written) == (2, 1)


def test_an_amount_whose_numbers_say_something_else_is_refused(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    records = [
        sale(f"A{n}", sku=f"P{n % 30}", qty=1 + n // 30, price=f"{(3 + n % 30) * (1 + n // 30)}.00") for n in range(90)
    ]
    shop.write("a.csv", records)
    with pytest.raises(
        ExportError, match=r'amount of the unit, but it is in proportion to the quantity .* is = "line"'
    ):
        shop.land()


def test_an_amount_that_does_not_come_to_the_stated_total_is_refused(tmp_path: Path) -> None:
    shop = Shop(tmp_path, profile(totals={"order": {"column": "total"}}))
    shop.write("a.csv", [sale(f"A{n}", total="3.50") for n in range(5)])
    with pytest.raises(ExportError, match=r"for 0 of 5; as that of a line, for 5"):
        shop.land()


def test_orders_that_do_not_come_to_their_total_are_counted(tmp_path: Path) -> None:
    shop = Shop(tmp_path, profile(totals={"order": {"column": "total"}}))
    shop.write("a.csv", [sale(f"A{n}", total="7.00" if n else "8.00") for n in range(5)])
    (manifest,) = shop.land().manifests
    assert manifest.reconciled["fit"] == 4
    assert manifest.reconciled["differ"][0][0] == "A0"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[source]\nname = 3\n", "name: Input should be a valid string"),
        ("[source.order\n", "is not TOML"),
        ("[orders]\n", "has unknown tables: orders"),
        ("", r"has no table \[source\]"),
        ("[source.order]\nnumber = { colum = 'x' }\n", "colum"),
        ("[source]\n[rules]\ninvoice_pattern = '('\n", "pattern"),
    ],
)
def test_a_profile_that_is_none_says_why(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_text(text)
    with pytest.raises(SettingError, match=said):
        read_profile(str(path))


def test_an_unknown_preset_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(SettingError, match=r'there is no preset "shopfy": choose one of .*shopify'):
        read_profile("shopfy")
