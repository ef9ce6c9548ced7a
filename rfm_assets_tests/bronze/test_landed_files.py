"""Bronze reports the version of the content it loaded, and the file is still the one it inspected.

A file that changes between inspection and the end of loading is refused, and the stored day stays.
"""

import os
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from rfm_assets.bronze.landed_files import LandedFiles
from rfm_assets.contracts.bronze import TRANSACTIONS
from rfm_assets.errors import LandingError, RefusedFileError
from rfm_assets.landing.folder import FolderLandingZone
from rfm_assets.landing.zone import LandedFile
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.duckdb.write import clear
from rfm_assets_tests.helpers.reading import fetch_days, landed
from rfm_assets_tests.helpers.scenario import DAY, HEADER, NEXT_DAY, THIRD_DAY, land, land_bytes, rows, sale, warehouse

STORED = f"SELECT processing_date, Quantity, source_file FROM {TRANSACTIONS.address}"


def store(shop: Path, files: LandedFiles) -> None:
    """Stores files as the day's rows in one transaction, as the IO manager does."""
    days = Days(TRANSACTIONS, date.fromisoformat(DAY), date.fromisoformat(DAY))
    with warehouse(shop).transaction() as connection:
        clear(connection, days)
        files.load(connection, days)


def test_the_version_is_of_the_content_alone(tmp_path: Path) -> None:
    path = land(tmp_path, DAY, sale())
    before = landed(tmp_path).content_version
    os.utime(path, (0, 0))
    assert landed(tmp_path).content_version == before


@pytest.mark.parametrize(
    "change",
    [
        lambda shop: land(shop, DAY, sale(quantity="13")),
        lambda shop: land(shop, DAY, sale(), sale()),
        lambda shop: land(shop, DAY, sale(), name="_more.csv"),
        lambda shop: land(shop, DAY, sale()).rename(shop / "landing" / f"{DAY}.csv"),
    ],
    ids=["one byte", "a line more", "a file more", "another name"],
)
def test_the_version_changes_with(tmp_path: Path, change: Callable[[Path], object]) -> None:
    land(tmp_path, DAY, sale())
    before = landed(tmp_path).content_version
    change(tmp_path)
    assert landed(tmp_path).content_version != before


def test_a_packed_file_has_the_digest_of_its_text(tmp_path: Path) -> None:
    path = land(tmp_path, DAY, sale(), name=".csv")
    land_bytes(tmp_path, f"{DAY}.csv.gz", path.read_bytes())
    plain, packed = landed(tmp_path).inspected
    assert plain.inspection == packed.inspection


@pytest.mark.parametrize(
    "touch",
    [
        lambda path: path.write_text(f"{HEADER}\n{sale(quantity='1')}\n{sale(quantity='2')}\n"),
        lambda path: path.write_text(f"{HEADER}\n{sale(quantity='9')}\n"),
        lambda path: path.write_text(""),
        lambda path: path.unlink(),
    ],
    ids=["grows", "is replaced by one as long", "is emptied", "vanishes"],
)
@pytest.mark.parametrize("name", ["_transactions.csv", "_[1].csv", ".csv.gz"])
def test_a_file_that_is_touched_while_it_is_read_is_refused_and_the_stored_day_stays(
    tmp_path: Path, touch: Callable[[Path], object], name: str
) -> None:
    path = land(tmp_path, DAY, sale(quantity="7"), name=name)
    os.utime(path, (0, 0))  # long ago, so that a change within the clock's grain shows
    store(tmp_path, landed(tmp_path))
    before = rows(tmp_path, STORED)

    files = landed(tmp_path)
    touch(path)
    with pytest.raises(RefusedFileError, match=rf"{DAY}.* changed or vanished while being read"):
        store(tmp_path, files)
    assert rows(tmp_path, STORED) == before == [(date.fromisoformat(DAY), "7", path.name)]


def test_an_error_that_is_not_the_files_fault_is_shown_as_it_is(tmp_path: Path) -> None:
    land(tmp_path, DAY, sale())
    days = Days(TRANSACTIONS, date.fromisoformat(DAY), date.fromisoformat(DAY))
    with duckdb.connect() as connection, pytest.raises(duckdb.CatalogException, match="does not exist"):
        landed(tmp_path).load(connection, days)  # nobody has created the table


def test_only_the_files_of_the_days_asked_for_are_looked_at(tmp_path: Path) -> None:
    for day in (DAY, NEXT_DAY, THIRD_DAY):
        land(tmp_path, day, sale())
    land(tmp_path, THIRD_DAY, name="_broken.csv")
    zone = FolderLandingZone(folder=str(tmp_path / "landing"))
    files = fetch_days(zone, date.fromisoformat(NEXT_DAY), date.fromisoformat(NEXT_DAY))
    assert [file.landed.key for file in files.files] == [f"{NEXT_DAY}_transactions.csv"]


class RemoteZone(FolderLandingZone):
    """A zone whose files have to be downloaded, as from a bucket."""

    def fetch(self, file: LandedFile, scratch: Path) -> Path:
        copy = scratch / file.key
        copy.write_bytes(super().fetch(file, scratch).read_bytes())
        return copy


@pytest.fixture
def temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_copies_are_kept_while_they_are_needed_and_no_longer(tmp_path: Path, temporary_folder: Path) -> None:
    path = land(tmp_path, DAY, sale(), '"malformed')
    zone = RemoteZone(folder=str(path.parent))
    files = fetch_days(zone, date.fromisoformat(DAY), date.fromisoformat(DAY))
    path.unlink()
    store(tmp_path, files)
    assert rows(tmp_path, f"SELECT count(*) FROM {TRANSACTIONS.address}") == [(2,)]
    del files
    assert list(temporary_folder.iterdir()) == []


@pytest.mark.parametrize("error", [RefusedFileError, LandingError])
def test_a_refusal_leaves_no_copies(tmp_path: Path, temporary_folder: Path, error: type[Exception]) -> None:
    land(tmp_path, DAY)
    folder = tmp_path / ("landing" if error is RefusedFileError else "nowhere")
    with pytest.raises(error):
        fetch_days(RemoteZone(folder=str(folder)), date.fromisoformat(DAY), date.fromisoformat(DAY))
    assert list(temporary_folder.iterdir()) == []
