"""The ledger lists, for each day, exactly the files whose lines bronze holds: version, size, lines, times."""

from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from rfm_assets.bronze import ledger
from rfm_assets.errors import RefusedFileError
from rfm_assets.landing.folder import FolderLandingZone
from rfm_assets_tests.helpers.runs import launch_landing_checks, red
from rfm_assets_tests.helpers.scenario import DAY, NEXT_DAY, THIRD_DAY, land, rows, run_days, sale, warehouse

pytestmark = pytest.mark.slow

FILE = f"{DAY}_transactions.csv"


def load(shop: Path, first: str = DAY, last: str | None = None) -> None:
    assert run_days(shop, first, last, select=["bronze"]).success


def entry(shop: Path, key: str = FILE) -> dict[str, Any]:
    """The ledger's only row for a file, by column."""
    with warehouse(shop).connect(read_only=True) as connection:
        found = connection.execute("FROM bronze.landed_files")
        names = [column[0] for column in found.description]
        (only,) = [
            row for row in (dict(zip(names, row, strict=True)) for row in found.fetchall()) if key in row.values()
        ]
    return only


def counts(shop: Path) -> list[tuple[str, str, int, int]]:
    """Day, file, lines and malformed lines of every entry."""
    select = "SELECT CAST(processing_date AS VARCHAR), source_file, rows, malformed_rows FROM bronze.landed_files"
    return rows(shop, f"{select} ORDER BY ALL")


def test_every_file_of_every_day_has_an_entry_with_its_lines(tmp_path: Path) -> None:
    land(tmp_path, DAY, sale(), sale(), "half a line")
    land(tmp_path, f"shops/{DAY}", sale(), name="_b.csv.gz")
    land(tmp_path, THIRD_DAY, "half", "and half")
    load(tmp_path, DAY, THIRD_DAY)
    assert counts(tmp_path) == [
        (DAY, FILE, 3, 1),
        (DAY, f"shops/{DAY}_b.csv.gz", 1, 0),
        (THIRD_DAY, f"{THIRD_DAY}_transactions.csv", 2, 2),
    ]


def test_an_entry_says_which_version_is_held_and_since_when(tmp_path: Path) -> None:
    path = land(tmp_path, DAY, sale())
    load(tmp_path)
    found = entry(tmp_path)
    (listed,) = FolderLandingZone(folder=str(tmp_path / "landing")).survey().files
    (read_at,) = rows(tmp_path, "SELECT DISTINCT ingestion_timestamp FROM bronze.transactions")
    assert (found["version"], found["size_bytes"]) == (listed.version, path.stat().st_size)
    assert (found["first_seen"], found["loaded_at"]) == (*read_at, *read_at)


def test_another_version_keeps_when_the_file_was_first_seen(tmp_path: Path) -> None:
    land(tmp_path, DAY, sale())
    load(tmp_path)
    before = entry(tmp_path)
    land(tmp_path, DAY, sale(), sale())
    load(tmp_path, DAY, NEXT_DAY)
    after = entry(tmp_path)
    assert after["first_seen"] == before["first_seen"] == before["loaded_at"]
    assert after["loaded_at"] > before["loaded_at"]
    assert after["version"] != before["version"]
    assert (before["rows"], after["rows"]) == (1, 2)


def test_another_file_of_a_day_is_first_seen_when_it_is_loaded(tmp_path: Path) -> None:
    land(tmp_path, DAY, sale())
    load(tmp_path)
    land(tmp_path, DAY, sale(), sale(), name="_evening.csv")
    load(tmp_path)
    morning, evening = entry(tmp_path), entry(tmp_path, f"{DAY}_evening.csv")
    assert evening["first_seen"] == evening["loaded_at"] == morning["loaded_at"] > morning["first_seen"]
    assert (morning["rows"], evening["rows"]) == (1, 2)


def test_a_day_made_again_without_its_file_keeps_what_is_stored(tmp_path: Path) -> None:
    path = land(tmp_path, DAY, sale())
    land(tmp_path, NEXT_DAY, sale())
    load(tmp_path, DAY, NEXT_DAY)
    before = counts(tmp_path)
    path.unlink()
    load(tmp_path, DAY, NEXT_DAY)
    assert counts(tmp_path) == before
    with pytest.raises(RefusedFileError, match=f"nothing was stored: .*\n.*no file of {DAY} is in .* any more"):
        load(tmp_path, DAY)
    assert rows(tmp_path, "SELECT count(*) FROM bronze.transactions") == [(2,)]


def test_a_landing_folder_that_is_another_one_empties_nothing(tmp_path: Path) -> None:
    load_days = (DAY, NEXT_DAY)
    for day in load_days:
        land(tmp_path, day, sale())
    load(tmp_path, *load_days)
    (tmp_path / "landing").rename(tmp_path / "moved")
    with pytest.raises(RefusedFileError, match="2 files are refused"):
        load(tmp_path, *load_days)
    assert len(counts(tmp_path)) == 2


def test_a_refused_day_keeps_all_its_entries_while_the_others_are_renewed(tmp_path: Path) -> None:
    for day in (DAY, NEXT_DAY, THIRD_DAY):
        land(tmp_path, day, sale())
    land(tmp_path, NEXT_DAY, sale(), "half a line", name="_evening.csv")
    load(tmp_path, DAY, THIRD_DAY)
    held = rows(tmp_path, f"FROM bronze.landed_files WHERE processing_date = DATE '{NEXT_DAY}' ORDER BY ALL")
    land(tmp_path, DAY, sale(), sale())
    land(tmp_path, NEXT_DAY, sale(), sale(), name="_evening.csv")
    land(tmp_path, NEXT_DAY)
    load(tmp_path, DAY, THIRD_DAY)
    assert rows(tmp_path, f"FROM bronze.landed_files WHERE processing_date = DATE '{NEXT_DAY}' ORDER BY ALL") == held
    assert [lines for _, _, lines, _ in counts(tmp_path)] == [2, 2, 1, 1]


@pytest.mark.parametrize("first_time", [True, False])
def test_days_without_any_file_have_no_entry(tmp_path: Path, *, first_time: bool) -> None:
    if not first_time:
        land(tmp_path, THIRD_DAY, sale())
        load(tmp_path, THIRD_DAY)
    load(tmp_path, DAY, NEXT_DAY)
    assert len(counts(tmp_path)) == (0 if first_time else 1)


def test_nothing_is_held_before_there_is_a_warehouse_or_a_ledger(tmp_path: Path) -> None:
    days = date.fromisoformat(DAY), date.fromisoformat(NEXT_DAY)
    assert ledger.entries(warehouse(tmp_path), *days) == []
    with warehouse(tmp_path).transaction():
        """Makes the file."""
    assert ledger.entries(warehouse(tmp_path), *days) == []


def test_entries_are_those_of_the_days_asked_for_in_the_order_of_the_columns(tmp_path: Path) -> None:
    for day in (DAY, NEXT_DAY, THIRD_DAY):
        land(tmp_path, day, sale())
    load(tmp_path, DAY, THIRD_DAY)
    (found,) = ledger.entries(warehouse(tmp_path), date.fromisoformat(NEXT_DAY), date.fromisoformat(NEXT_DAY))
    assert (found.day, found.key) == (date.fromisoformat(NEXT_DAY), f"{NEXT_DAY}_transactions.csv")
    assert (found.rows, found.malformed_rows, found.duplicate_of) == (1, 0, None)
    assert {type(found.first_seen), type(found.loaded_at)} == {datetime}
    assert found.content_digest == sha256((tmp_path / "landing" / found.key).read_bytes()).hexdigest()


@pytest.mark.parametrize(
    "wrong",
    [
        "UPDATE bronze.landed_files SET rows = rows + 1",
        "DELETE FROM bronze.landed_files",
        "DELETE FROM bronze.transactions",
        "UPDATE bronze.transactions SET source_file = 'other.csv'",
    ],
)
def test_a_ledger_that_counts_other_lines_than_bronze_holds_is_red(tmp_path: Path, wrong: str) -> None:
    land(tmp_path, DAY, sale())
    load(tmp_path)
    with warehouse(tmp_path).transaction() as connection:
        connection.execute(wrong)
    assert "ledger_counts_every_line" in red(launch_landing_checks(tmp_path))
