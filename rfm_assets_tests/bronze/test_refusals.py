"""Bronze refuses files without a single usable line: all at once, by name, with the way out."""

import gzip
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from rfm_assets.bronze import inspection
from rfm_assets.errors import LandingError, RefusedFileError
from rfm_assets.landing.folder import FolderLandingZone
from rfm_assets.landing.zone import LandingZone, StoredFile, Survey
from rfm_assets_tests.helpers.reading import fetch_days
from rfm_assets_tests.helpers.scenario import DAY, HEADER, NEXT_DAY, land, land_bytes, sale

NAME = f"{DAY}_transactions.csv"
GOOD_FILE = f"{HEADER}\n{sale()}\n"


def refusal(zone: LandingZone) -> str:
    """The error with which a zone's files are refused, before anything reaches the warehouse."""
    with pytest.raises(RefusedFileError) as refused:
        fetch_days(zone, date.fromisoformat(DAY), date.fromisoformat(NEXT_DAY))
    return str(refused.value)


def zone_of(shop: Path) -> LandingZone:
    return FolderLandingZone(folder=str(shop / "landing"))


@pytest.mark.parametrize(
    ("content", "problem", "way_out"),
    [
        (b"", "is empty", "deliver it again"),
        (b"\xef\xbb\xbf", "is empty", "deliver it again"),
        (b"\n" + GOOD_FILE.encode(), "starts with a blank line", "its header first"),
        (HEADER.encode(), "a header but no lines", "remove the file"),
        (HEADER.encode() + b"\r\n\r\n  \r\n", "a header but no lines", "deliver it again"),
        (GOOD_FILE.replace("Quantity", "Qty").encode(), "lacks the column Quantity", f"must be {HEADER}"),
        (
            GOOD_FILE.replace("Price,Customer ID,", "").encode(),
            "lacks the column Price, Customer ID",
            "but is Invoice,",
        ),
        (GOOD_FILE.replace("Country", "Price").encode(), "lacks the column Country", "must be"),
        (GOOD_FILE.replace("Price", "Price,Price").encode(), "the column Price twice", "keep one of each"),
        (
            GOOD_FILE.replace("Price", "Price,LineAmount,LineAmount").encode(),
            "column LineAmount twice",
            "keep one of each",
        ),
        (GOOD_FILE.replace(",", ";").encode(), "separated by semicolons", "by commas"),
        (GOOD_FILE.replace(",", "\t").encode(), "separated by tabs", "by commas"),
        (GOOD_FILE.replace(",", "|").encode(), "separated by bars", "by commas"),
        (sale().encode() + b"\n", "lacks the column Invoice", "its first line must be"),
        (GOOD_FILE.encode("utf-16"), "no readable header", "as UTF-8 text"),
        (GOOD_FILE.encode("utf-16-le"), "no readable header", "as UTF-8 text"),
        (GOOD_FILE.replace("Invoice,", "Größe,Invoice,").encode("cp1252"), "reads as Windows-1252", "save it as UTF-8"),
        (GOOD_FILE.replace("CHRISTMAS", "CAFÉ").encode("cp1252"), "reads as Windows-1252", "RFM_ENCODING=windows-1252"),
        (GOOD_FILE.replace("Price", "Price\x81").encode("latin-1"), "lacks the column Price", "must be"),
        (GOOD_FILE.replace("Invoice,", "\x81,Invoice,").encode("latin-1"), "no readable header", "as UTF-8 text"),
        (GOOD_FILE.replace("\n", "\r").encode(), "no readable header", "as UTF-8 text"),
        (GOOD_FILE.replace("Country", '"Country').encode(), "no readable header", "separated by commas"),
        (gzip.compress(GOOD_FILE.encode(), mtime=0), "no readable header", "as UTF-8 text"),
        (b"x" * 100_000, "longer than 64 KiB", "as UTF-8 text"),
    ],
)
def test_a_file_without_a_line_to_trust_is_refused(tmp_path: Path, content: bytes, problem: str, way_out: str) -> None:
    land_bytes(tmp_path, NAME, content)
    message = refusal(zone_of(tmp_path))
    assert f"{tmp_path / 'landing' / NAME} " in message
    assert problem in message
    assert way_out in message


@pytest.mark.parametrize(
    "broken",
    [
        lambda whole: whole[:-9],
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole[:-6] + b"\0\0" + whole[-4:],
        lambda _: GOOD_FILE.encode(),
    ],
    ids=["no end", "half", "wrong sum", "no gzip at all"],
)
def test_a_broken_archive_is_refused(tmp_path: Path, broken: Callable[[bytes], bytes]) -> None:
    path = land(tmp_path, DAY, *[sale()] * 99, name=".csv.gz")
    path.write_bytes(broken(path.read_bytes()))
    assert f"{DAY}.csv.gz is not a whole gzip file" in refusal(zone_of(tmp_path))


def test_a_line_beyond_all_measure_is_refused_before_it_fills_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspection, "_PIECE", 1 << 10)
    monkeypatch.setattr(inspection, "LONGEST_LINE", 1 << 20)
    land(tmp_path, DAY, *[sale()] * 99, sale(description="x" * (2 << 20)), sale())
    assert f"line 101 of {tmp_path / 'landing' / NAME} is longer than 1 MiB" in refusal(zone_of(tmp_path))


def test_all_refused_files_of_a_run_are_named_at_once(tmp_path: Path) -> None:
    land(tmp_path, DAY)
    land(tmp_path, DAY, sale(), name="_good.csv")
    land_bytes(tmp_path, f"{NEXT_DAY}.csv", b"")
    message = refusal(zone_of(tmp_path))
    assert message.startswith("nothing was stored: 2 files are refused, and their days keep what is stored:\n")
    assert NAME in message
    assert f"{NEXT_DAY}.csv is empty" in message
    assert "_good.csv" not in message


def test_a_flood_of_refused_files_is_counted_and_not_listed(tmp_path: Path) -> None:
    for number in range(25):
        land(tmp_path, DAY, name=f"_{number:02}.csv")
    message = refusal(zone_of(tmp_path))
    assert message.count("a header but no lines") == 20
    assert message.endswith("... and 5 more")


class VanishingZone(FolderLandingZone):
    """A folder that is emptied as soon as it is listed."""

    def survey(self, first: date = date.min, last: date = date.max) -> Survey:
        found = super().survey(first, last)
        for file in found.files:
            (Path(self.folder) / file.key).unlink()
        return found


class MisnamedZone(FolderLandingZone):
    """A folder with a file name encoded in Windows-1252, which not every file system allows."""

    def walk(self) -> Iterator[StoredFile]:
        yield StoredFile(key=f"{DAY}_\udce9.csv", size_bytes=9, version=lambda: "1")


def test_a_file_that_vanishes_after_the_listing_fails_the_run_and_is_no_refusal(tmp_path: Path) -> None:
    path = land(tmp_path, DAY, sale())
    with pytest.raises(LandingError, match="1 file cannot be loaded, and its day keeps what is stored:") as failed:
        fetch_days(VanishingZone(folder=str(path.parent)), date.fromisoformat(DAY), date.fromisoformat(NEXT_DAY))
    assert f"{path} was listed but is gone: deliver it again, then materialize {DAY}" in str(failed.value)


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    message = refusal(MisnamedZone(folder=str(tmp_path)))
    assert f"{DAY}_\\udce9.csv' has a name that is not UTF-8: rename it" in message
    message.encode()
