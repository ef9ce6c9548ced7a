"""Every landing zone, folder or bucket, lists, versions and fetches the same files alike."""

import gzip
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

import pytest

from rfm_assets.errors import LandingError
from rfm_assets.landing.zone import LandingZone
from rfm_assets.resources import zone_at
from rfm_assets_tests.helpers.reading import fetch_days
from rfm_assets_tests.helpers.s3 import BucketPlace

DAY = date(2025, 6, 26)
LINE = b"489434,85048,LIGHTS,12,6.95,13085.0,United Kingdom,2025-06-26 07:45:00\n"
CONTENT = b"Invoice,StockCode,Description,Quantity,Price,Customer ID,Country,InvoiceDate\n" + LINE
AWKWARD_NAMES = ["a b", "ä€", "100%25", "q?x=1&y", "a#b", "a+b", "[0-9]*", "'quoted'", "x" * 200]


@dataclass(frozen=True)
class FolderPlace:
    """A folder that a test writes to, and the landing zone that reads it."""

    folder: Path

    @cached_property
    def zone(self) -> LandingZone:
        return zone_at(str(self.folder))

    def put(self, key: str, content: bytes) -> None:
        path = self.folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def remove(self, key: str) -> None:
        (self.folder / key).unlink()


Place = FolderPlace | BucketPlace


@pytest.fixture(params=["folder", "bucket", pytest.param("seaweedfs_bucket", marks=pytest.mark.e2e)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "folder":
        (tmp_path / "landing").mkdir()
        return FolderPlace(tmp_path / "landing")
    place: Place = request.getfixturevalue(request.param)
    return place


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


def test_files_of_all_layouts_are_listed_by_day_and_key(place: Place) -> None:
    keys = [
        "2025-06-26_transactions.csv",
        "daily_sales/2025-06-26/2025-06-26_transactions.csv",
        "daily_sales/2025-06-27/2025-06-27_transactions.csv.gz",
        "2025-06-28_late.CSV",
        "2025-06-28_transactions.csv",
    ]
    for key in reversed(keys):
        place.put(key, CONTENT)
    files = place.zone.survey().files
    assert [file.key for file in files] == keys
    assert [file.day.day for file in files] == [26, 26, 27, 28, 28]
    assert {file.size_bytes for file in files} == {len(CONTENT)}


def test_an_empty_zone_lists_nothing(place: Place) -> None:
    assert list(place.zone.survey().files) == []


def test_names_that_are_no_day_are_left_out(place: Place) -> None:
    for key in [
        "transactions.csv",
        "2025-02-30_x.csv",
        "2025-06-26_x.csv.part",
        "2025-06-26/notes.txt",
        "x2025-06-26.csv",
    ]:
        place.put(key, CONTENT)
    assert list(place.zone.survey().files) == []


def test_a_range_of_days_includes_both_ends(place: Place) -> None:
    for day in range(24, 29):
        place.put(f"2025-06-{day}_transactions.csv", CONTENT)
    files = place.zone.files_of(date(2025, 6, 25), date(2025, 6, 27))
    assert [file.day.day for file in files] == [25, 26, 27]


def test_a_version_changes_with_the_bytes_alone(place: Place) -> None:
    place.put("2025-06-26_a.csv", CONTENT)
    place.put("2025-06-26_b.csv", CONTENT)
    before = place.zone.survey().files
    assert place.zone.survey().files == before
    place.put("2025-06-26_a.csv", CONTENT + LINE)
    after = place.zone.survey().files
    assert after[0].version != before[0].version
    assert after[1] == before[1]


def test_a_file_is_fetched_whatever_its_name(place: Place, scratch: Path) -> None:
    contents = {f"{name}/2025-06-26_{name}.csv": name.encode() for name in AWKWARD_NAMES}
    for key, content in contents.items():
        place.put(key, content)
    fetched = {file.key: place.zone.fetch(file, scratch).read_bytes() for file in place.zone.survey().files}
    assert fetched == contents


def test_packed_and_plain_files_are_fetched_as_they_are(place: Place, scratch: Path) -> None:
    contents = {"2025-06-26_a.csv": CONTENT, "2025-06-26_b.csv.gz": gzip.compress(CONTENT), "2025-06-26_c.csv": b""}
    for key, content in contents.items():
        place.put(key, content)
    paths = {file.key: place.zone.fetch(file, scratch) for file in place.zone.survey().files}
    assert {key: path.read_bytes() for key, path in paths.items()} == contents
    assert [path.suffix for path in paths.values()] == [".csv", ".gz", ".csv"]


def test_files_of_one_name_in_two_places_are_kept_apart(place: Place, scratch: Path) -> None:
    place.put("shop1/2025-06-26.csv", b"one")
    place.put("shop2/2025-06-26.csv", b"two")
    paths = [place.zone.fetch(file, scratch) for file in place.zone.survey().files]
    assert [path.read_bytes() for path in paths] == [b"one", b"two"]


def test_threads_fetch_at_once(place: Place, scratch: Path) -> None:
    for number in range(40):
        place.put(f"2025-06-26_{number:02}.csv", str(number).encode())
    zone = place.zone
    with ThreadPoolExecutor(8) as pool:
        paths = list(pool.map(lambda file: zone.fetch(file, scratch), zone.survey().files))
    assert [path.read_bytes() for path in paths] == [str(number).encode() for number in range(40)]


def test_a_file_gone_since_it_was_listed_is_named(place: Place, scratch: Path) -> None:
    place.put("daily_sales/2025-06-26.csv", CONTENT)
    (file,) = place.zone.survey().files
    place.remove("daily_sales/2025-06-26.csv")
    with pytest.raises(LandingError, match=r"daily_sales/2025-06-26\.csv.*gone: deliver it again"):
        place.zone.fetch(file, scratch)


def test_bronze_is_the_same_from_a_folder_and_from_here(place: Place, tmp_path: Path) -> None:
    folder = FolderPlace(tmp_path / "same")
    for either in (folder, place):
        either.put("2025-06-26_transactions.csv", CONTENT)
        either.put("daily_sales/2025-06-27/2025-06-27_transactions.csv.gz", gzip.compress(CONTENT, mtime=0))
    from_folder, from_here = (fetch_days(p.zone, DAY, date(2025, 6, 30)) for p in (folder, place))
    assert [replace(f.landed, version="") for f in from_here.files] == [
        replace(f.landed, version="") for f in from_folder.files
    ]
    assert from_here.content_version == from_folder.content_version
