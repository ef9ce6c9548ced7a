"""A folder as landing zone: errors that only folders can have, and the day of every file name."""

import contextlib
import os
import socket
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from rfm_assets.errors import LandingError, RefusedFileError
from rfm_assets.landing.folder import FolderLandingZone
from rfm_assets.landing.zone import day_of
from rfm_assets_tests.helpers.reading import fetch_days

DAY = date(2025, 6, 26)


@pytest.fixture
def zone(tmp_path: Path) -> FolderLandingZone:
    return FolderLandingZone(folder=str(tmp_path))


def put(zone: FolderLandingZone, key: str, content: bytes = b"x") -> Path:
    path = Path(zone.folder) / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "key",
    [
        "2025-06-26.csv",
        "2025-06-26_transactions.csv",
        "2025-06-26_transactions.csv.gz",
        "2025-06-26 SHOP 7.CSV",
        "2025-06-26T18-30.Csv.Gz",
        "daily_sales/2025-06-26/2025-06-26_transactions.csv",
        "2024-01-01/2025-06-26.csv",
    ],
)
def test_a_daily_file_begins_with_its_day(key: str) -> None:
    assert day_of(key) == DAY


@pytest.mark.parametrize(
    "key",
    [
        "transactions.csv",
        "transactions_2025-06-26.csv",
        "2025-06-26/transactions.csv",
        "2025-06-26_transactions.csv.part",
        "2025-06-26_transactions.csv.gz.tmp",
        ".2025-06-26_transactions.csv",
        "2025-06-26_transactions.txt",
        "2025-06-26_transactions",
        "2025-06-26csv",
        "20250626.csv",
        "2025-6-26.csv",
        "2025-02-30.csv",
        "2025-13-01.csv",
        "0000-01-01.csv",
        "٢٠٢٥-٠٦-٢٦.csv",
        "",
    ],
)
def test_any_other_file_is_of_no_day(key: str) -> None:
    assert day_of(key) is None


def test_a_folder_named_like_a_daily_file_is_none(zone: FolderLandingZone) -> None:
    put(zone, "2025-06-25.csv/2025-06-26.csv")
    assert [file.key for file in zone.survey().files] == ["2025-06-25.csv/2025-06-26.csv"]


def test_a_listed_file_is_fetched_where_it_lies(zone: FolderLandingZone, tmp_path: Path) -> None:
    path = put(zone, "shops/2025-06-26.csv", b"some bytes")
    (file,) = zone.survey().files
    assert (file.size_bytes, zone.fetch(file, tmp_path / "scratch")) == (10, path)


@pytest.mark.parametrize("content", [b"other", b"longer than before", b""])
def test_the_version_changes_with_the_bytes(zone: FolderLandingZone, content: bytes) -> None:
    path = put(zone, "2025-06-26.csv", b"bytes")
    os.utime(path, (0, 0))
    (before,) = zone.survey().files
    assert list(zone.survey().files) == [before]
    path.write_bytes(content)
    (after,) = zone.survey().files
    assert after.version != before.version


def test_a_missing_folder_is_not_an_empty_one(tmp_path: Path) -> None:
    folder = tmp_path / "nowhere"
    with pytest.raises(LandingError, match=f"{folder} does not exist: create it, or set RFM_LANDING"):
        FolderLandingZone(folder=str(folder)).survey()


def test_a_file_instead_of_a_folder_is_refused(zone: FolderLandingZone) -> None:
    path = put(zone, "2025-06-26.csv")
    with pytest.raises(LandingError, match="is not a folder: name one, or set RFM_LANDING"):
        FolderLandingZone(folder=str(path)).survey()


def test_a_folder_that_cannot_be_looked_into_is_not_an_empty_one(
    zone: FolderLandingZone, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(zone, "2025-06-26.csv")
    put(zone, "locked/2025-06-27.csv")
    look_into = os.scandir

    def refuse(path: str) -> Iterator[os.DirEntry[str]]:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", path)
        return look_into(path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(LandingError, match=r"cannot list the landing folder .*Permission denied.*locked"):
        zone.survey()


def test_a_link_to_nowhere_is_not_an_undelivered_day(zone: FolderLandingZone) -> None:
    path = Path(zone.folder) / "2025-06-26.csv"
    path.symlink_to("nowhere")
    (file,) = zone.survey().files
    with pytest.raises(RefusedFileError, match=str(path)):
        zone.fetch(file, Path())


def test_the_address_is_the_folder(zone: FolderLandingZone, tmp_path: Path) -> None:
    assert zone.address == str(tmp_path)


def test_a_link_to_a_folder_is_followed_and_a_folder_reached_twice_is_read_once(
    zone: FolderLandingZone, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "shop").mkdir()
    (outside / "shop" / "2025-06-27.csv").write_bytes(b"x")
    put(zone, "inside/2025-06-26.csv")
    for name, leads_to in {"a": outside, "b": outside / "shop", "c": Path(zone.folder, "inside")}.items():
        Path(zone.folder, name).symlink_to(leads_to)
    found = zone.survey()
    assert [file.key for file in found.files] == ["inside/2025-06-26.csv", "a/shop/2025-06-27.csv"]
    again = "links to a folder that has been read already, and is not followed"
    assert found.remarks == [f"b {again}", f"c {again}"]


def test_links_that_lead_in_a_circle_are_reported_and_hold_up_nothing(zone: FolderLandingZone) -> None:
    put(zone, "shops/2025-06-26.csv")
    Path(zone.folder, "shops", "all").symlink_to(zone.folder)
    Path(zone.folder, "itself").symlink_to("itself")
    found = zone.survey()
    assert [file.key for file in found.files] == ["shops/2025-06-26.csv"]
    assert found.misnamed == ["itself"]
    assert found.remarks == ["shops/all links to a folder that has been read already, and is not followed"]


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_link_to_pipe(path: Path) -> None:
    os.mkfifo(path.with_name("pipe"))
    path.symlink_to("pipe")


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as bound, contextlib.chdir(path.parent):
        bound.bind(path.name)  # a whole path may be too long for one


def make_link_to_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize("name", ["2025-06-26.csv", "2025-06-26.csv.gz"])
@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (make_pipe, "a named pipe"),
        (make_link_to_pipe, "a named pipe"),
        (make_socket, "a socket"),
        (make_link_to_device, "a device"),
        (Path.mkdir, "a folder"),
    ],
)
def test_what_is_not_a_file_is_refused_by_name_and_never_opened(
    zone: FolderLandingZone, monkeypatch: pytest.MonkeyPatch, name: str, make: Callable[[Path], None], kind: str
) -> None:
    path = Path(zone.folder, name)
    make(path)
    monkeypatch.delattr(Path, "open")  # it would wait for ever
    (file,) = zone.survey().files
    assert list(zone.survey().files) == [file]
    reason = f"{path} cannot be read: it is {kind} and not a file: deliver a file in its place, or remove it"
    with pytest.raises(RefusedFileError, match=f"nothing was stored: 1 file is refused.*\n{reason}"):
        fetch_days(zone, DAY, DAY)
