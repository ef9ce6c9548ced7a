"""The workbook gives exactly the files that the source delivers, and existing files are not overwritten."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from rfm_assets.errors import SettingError
from rfm_assets.landing.zone import day_of
from rfm_assets.sample.online_retail.split import COLUMNS, SHEETS, SplitReport, split_workbook
from rfm_assets_tests.sample.online_retail.source import HEADER, Cell, sale, write_workbook

FIRST, SECOND = SHEETS
TUESDAY, WEDNESDAY, THURSDAY = (datetime(2009, 12, day, 7, 45) for day in (1, 2, 3))  # noqa: DTZ001 - as in the workbook
SUNDAY = datetime(2009, 12, 6, 16, 20)  # noqa: DTZ001
START = date(2025, 6, 26)

# The first and the last day, and in between a numeric description, a pound sign, a negative price, a code with a space.
ODD_DAYS = ("2025-06-26", "2025-06-28", "2025-07-26", "2025-10-21", "2025-12-15", "2026-04-28")


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """Two lines on a Tuesday, one on the Wednesday, one on the Sunday after."""
    rows = [sale(TUESDAY), sale(TUESDAY, invoice="C489435"), sale(WEDNESDAY), sale(SUNDAY)]
    return write_workbook(tmp_path / "online_retail_II.xlsx", {FIRST: rows})


def split_rows(folder: Path, *rows: Sequence[Cell]) -> dict[str, str]:
    """The files that a sheet with these rows gives, by day, without their headers."""
    book = write_workbook(folder / "rows.xlsx", {FIRST: rows})
    split_workbook(book, folder / "out")
    return {day: text.partition("\n")[2] for day, text in contents(folder / "out").items()}


def contents(folder: Path) -> dict[str, str]:
    return {path.name[:10]: path.read_bytes().decode() for path in sorted(folder.iterdir())}


def number(text: str) -> Cell:
    """What a spreadsheet makes of a text: whole numbers become numbers."""
    return int(text) if text.isdecimal() else text


def rows_of(file: Path, day: date) -> Iterator[Sequence[Cell]]:
    """A daily file's lines as the workbook would hold them, spread over the day's opening hours."""
    opens = datetime(day.year, day.month, day.day, 7, 45)  # noqa: DTZ001
    with file.open(encoding="utf-8", newline="") as lines:
        for n, line in enumerate(csv.DictReader(lines)):
            yield sale(
                opens + timedelta(minutes=n // 6),
                invoice=number(line["Invoice"]),
                stock_code=number(line["StockCode"]),
                description=number(line["Description"]) or None,
                quantity=int(line["Quantity"]),
                price=float(line["Price"]),
                customer=float(line["Customer ID"]) if line["Customer ID"] else None,
                country=line["Country"],
            )


@pytest.mark.slow
def test_a_workbook_made_of_real_daily_files_gives_them_back(tmp_path: Path, real_landing: Path) -> None:
    files = [real_landing / f"{day}_transactions.csv" for day in ODD_DAYS]
    rows = [row for n, file in enumerate(files) for row in rows_of(file, date(2009, 12, 1 + 2 * n))]
    report = split_workbook(write_workbook(tmp_path / "real.xlsx", {FIRST: rows}), tmp_path / "out")
    days = [str(START + timedelta(n)) for n in range(len(files))]
    redated = [
        file.read_text(encoding="utf-8").replace(file.name[:10], day) for file, day in zip(files, days, strict=True)
    ]
    assert contents(tmp_path / "out") == dict(zip(days, redated, strict=True))
    assert report.lines == len(rows)


def test_trading_days_become_consecutive_days(tmp_path: Path, workbook: Path) -> None:
    report = split_workbook(workbook, tmp_path / "out", start=date(2024, 2, 28))
    line = "85048,LIGHTS,12,6.95,13085.0,United Kingdom"
    header = ",".join(COLUMNS)
    assert contents(tmp_path / "out") == {
        "2024-02-28": f"{header}\n489434,{line},2024-02-28\nC489435,{line},2024-02-28\n",
        "2024-02-29": f"{header}\n489434,{line},2024-02-29\n",
        "2024-03-01": f"{header}\n489434,{line},2024-03-01\n",
    }
    size = sum(path.stat().st_size for path in (tmp_path / "out").iterdir())
    assert report == SplitReport(date(2024, 2, 28), date(2024, 3, 1), files=3, lines=4, bytes=size)


def test_lines_are_those_that_pandas_would_write(tmp_path: Path) -> None:
    rows = [
        sale(TUESDAY, invoice="C489449", stock_code="79323P", description=' 7" FRAME, "RED" ', price=15),
        sale(TUESDAY, invoice=489450, description=None, customer=None, price=0, quantity=-240),
        sale(TUESDAY, description=21494, price=0.001, stock_code="47503J "),
        sale(TUESDAY, description="£5 & <up>\nsecond line", price=2.5499999999999998, quantity=74215),
        sale(TUESDAY, description="'007", stock_code="0042", price=-53594.36, customer=12346.0, country="EIRE"),
        sale(TUESDAY, price=25111.09, description="Crème brûlée"),
    ]
    book = write_workbook(tmp_path / "rows.xlsx", {FIRST: rows})
    split_workbook(book, tmp_path / "out")
    frame = pd.read_excel(book, sheet_name=FIRST, engine="calamine")
    expected = frame.assign(InvoiceDate=START)[list(COLUMNS)].to_csv(index=False, lineterminator="\n")
    assert contents(tmp_path / "out") == {str(START): expected}


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ({"invoice": 489434}, "489434,85048,LIGHTS,12,6.95,13085.0,United Kingdom"),
        ({"price": 15}, "489434,85048,LIGHTS,12,15.0,13085.0,United Kingdom"),
        ({"price": "6,95"}, '489434,85048,LIGHTS,12,"6,95",13085.0,United Kingdom'),
        ({"customer": None}, "489434,85048,LIGHTS,12,6.95,,United Kingdom"),
        ({"quantity": 2.5}, "489434,85048,LIGHTS,2.5,6.95,13085.0,United Kingdom"),
        ({"description": " WHITE "}, "489434,85048, WHITE ,12,6.95,13085.0,United Kingdom"),
    ],
)
def test_a_cell_is_written_as_the_source_writes_it(tmp_path: Path, cell: dict[str, Cell], text: str) -> None:
    assert split_rows(tmp_path, sale(TUESDAY, **cell)) == {"2025-06-26": f"{text},2025-06-26\n"}


def test_rows_keep_their_order_even_where_days_are_mixed(tmp_path: Path) -> None:
    days = [WEDNESDAY, TUESDAY, WEDNESDAY, TUESDAY]
    files = split_rows(tmp_path, *(sale(day, invoice=n) for n, day in enumerate(days)))
    assert {day: [line[0] for line in text.splitlines()] for day, text in files.items()} == {
        "2025-06-26": ["1", "3"],
        "2025-06-27": ["0", "2"],
    }


def test_midnight_belongs_to_the_day_it_begins(tmp_path: Path) -> None:
    midnight = datetime(2009, 12, 2)  # noqa: DTZ001
    assert len(split_rows(tmp_path, sale(TUESDAY), sale(midnight), sale(WEDNESDAY))) == 2


def test_empty_rows_are_no_sales(tmp_path: Path) -> None:
    files = split_rows(tmp_path, sale(TUESDAY), [None] * 8, sale(TUESDAY), [None] * 8)
    assert [text.count("\n") for text in files.values()] == [2]


def test_columns_are_found_by_their_names(tmp_path: Path) -> None:
    reordered = write_workbook(tmp_path / "r.xlsx", {FIRST: [[*sale(TUESDAY)][::-1]]}, header=HEADER[::-1])
    split_workbook(reordered, tmp_path / "out")
    assert contents(tmp_path / "out")["2025-06-26"].endswith(
        "489434,85048,LIGHTS,12,6.95,13085.0,United Kingdom,2025-06-26\n"
    )


def test_the_second_sheet_follows_the_first_without_the_days_they_share(tmp_path: Path) -> None:
    book = write_workbook(
        tmp_path / "both.xlsx",
        {
            FIRST: [sale(TUESDAY, invoice=1), sale(WEDNESDAY, invoice=2)],
            SECOND: [sale(WEDNESDAY, invoice=2), sale(THURSDAY, invoice=3), sale(SUNDAY, invoice=4)],
        },
    )
    read: list[str] = []
    report = split_workbook(book, tmp_path / "both", sheets=SHEETS, on_sheet=read.append)
    assert [text.splitlines()[1][0] for text in contents(tmp_path / "both").values()] == ["1", "2", "3", "4"]
    assert (report.files, report.last, read) == (4, date(2025, 6, 29), list(SHEETS))
    split_workbook(book, tmp_path / "second", sheets=(SECOND,))
    assert [text.splitlines()[1][0] for text in contents(tmp_path / "second").values()] == ["2", "3", "4"]


def test_a_second_run_touches_nothing_and_reports_the_same(tmp_path: Path, workbook: Path) -> None:
    first = split_workbook(workbook, tmp_path / "out")
    places = {path: path.stat().st_ino for path in (tmp_path / "out").iterdir()}
    assert split_workbook(workbook, tmp_path / "out") == first
    assert {path: path.stat().st_ino for path in (tmp_path / "out").iterdir()} == places


def test_a_broken_off_split_is_completed(tmp_path: Path, workbook: Path) -> None:
    split_workbook(workbook, tmp_path / "out")
    whole = contents(tmp_path / "out")
    (tmp_path / "out/2025-06-27_transactions.csv").unlink()
    split_workbook(workbook, tmp_path / "out")
    assert contents(tmp_path / "out") == whole


@pytest.mark.parametrize("name", ["2025-06-27_transactions.csv", "2025-06-27_till2.csv", "2031/2031-01-01.csv.gz"])
def test_a_folder_with_somebodys_own_file_is_refused_untouched(tmp_path: Path, workbook: Path, name: str) -> None:
    own = tmp_path / "out" / name
    own.parent.mkdir(parents=True)
    own.write_text("mine")
    with pytest.raises(SettingError, match=f"already holds {name}, .*name an empty folder, or allow overwriting"):
        split_workbook(workbook, tmp_path / "out")
    assert [path for path in (tmp_path / "out").rglob("*") if path.is_file()] == [own]
    assert own.read_text() == "mine"


def test_overwriting_replaces_files_of_the_same_names_only(tmp_path: Path, workbook: Path) -> None:
    split_workbook(workbook, tmp_path / "out")
    expected = contents(tmp_path / "out")
    same, other = (tmp_path / "out" / f"{day}_transactions.csv" for day in ("2025-06-27", "2031-01-01"))
    for path in (same, other):
        path.write_text("mine")
    split_workbook(workbook, tmp_path / "out", overwrite=True)
    assert contents(tmp_path / "out") == expected | {"2031-01-01": "mine"}


def test_a_row_without_a_date_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    rows = [sale(TUESDAY), sale("2 December")]
    book = write_workbook(tmp_path / "rows.xlsx", {FIRST: [sale(TUESDAY)], SECOND: rows})
    with pytest.raises(SettingError, match=r"row 3 of the sheet Year 2010-2011 has no date in InvoiceDate but '2 Dec"):
        split_workbook(book, tmp_path / "out", sheets=SHEETS)
    assert list((tmp_path / "out").iterdir()) == []


def test_files_in_the_making_are_no_daily_files(
    tmp_path: Path, workbook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def look(*_: object, **__: object) -> bool:
        seen.extend(path.name for path in (tmp_path / "out").iterdir())
        raise OSError(5, "the disk is gone")

    split_workbook(workbook, tmp_path / "out")
    monkeypatch.setattr("filecmp.cmp", look)
    with pytest.raises(OSError, match="the disk is gone"):
        split_workbook(workbook, tmp_path / "out")
    assert len(seen) == 6
    assert len([name for name in seen if day_of(name)]) == 3
    assert len(contents(tmp_path / "out")) == 3


def test_a_workbook_without_the_sheet_is_refused_with_the_sheets_it_has(tmp_path: Path, workbook: Path) -> None:
    with pytest.raises(SettingError, match="has no sheet Year 2010-2011: its sheets are Year 2009-2010"):
        split_workbook(workbook, tmp_path / "out", sheets=SHEETS)


def test_a_sheet_without_a_column_is_refused(tmp_path: Path) -> None:
    header = [name.replace("Customer ID", "CustomerID").replace("Price", "UnitPrice") for name in HEADER]
    book = write_workbook(tmp_path / "old.xlsx", {FIRST: [sale(TUESDAY)]}, header=header)
    with pytest.raises(SettingError, match="the sheet Year 2009-2010 has no column Price, Customer ID"):
        split_workbook(book, tmp_path / "out")


@pytest.mark.parametrize("header", [HEADER, ()])
def test_a_sheet_without_sales_is_refused(tmp_path: Path, header: Sequence[str]) -> None:
    book = write_workbook(tmp_path / "empty.xlsx", {FIRST: []}, header=header)
    with pytest.raises(SettingError, match=r"has no sales in Year 2009-2010|has no column Invoice"):
        split_workbook(book, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_what_is_no_workbook_is_refused(tmp_path: Path, workbook: Path) -> None:
    for content in (b"Invoice,StockCode\n", workbook.read_bytes()[:1000]):
        broken = tmp_path / "broken.xlsx"
        broken.write_bytes(content)
        with pytest.raises(SettingError, match=r"cannot read .*broken\.xlsx as a workbook: .*rfm fetch-online-retail"):
            split_workbook(broken, tmp_path / "out")


def test_a_file_in_the_folders_place_is_refused(workbook: Path) -> None:
    with pytest.raises(SettingError, match="is a file: name a folder"):
        split_workbook(workbook, workbook)
