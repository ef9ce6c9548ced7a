"""The same options give the same bytes, only whole files appear, and existing files are not overwritten."""

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import rfm_assets.sample.lines
from rfm_assets.errors import SettingError
from rfm_assets.landing.zone import day_of
from rfm_assets.sample import Shop, write_sample
from rfm_assets.sample.lines import daily_file
from rfm_assets.sample.writer import LANDED_FILE


def small_sample(  # noqa: PLR0913 (the options of a sample)
    folder: Path,
    *,
    days: int = 5,
    lines_per_day: int = 300,
    customers: int | None = None,
    seed: int = 42,
    workers: int = 1,
) -> dict[str, bytes]:
    write_sample(folder, days=days, lines_per_day=lines_per_day, customers=customers, seed=seed, workers=workers)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_seed_gives_these_very_bytes(tmp_path: Path) -> None:
    files = small_sample(tmp_path)
    digest = hashlib.sha256(b"".join(files[name] for name in sorted(files))).hexdigest()
    assert digest == "8e23add0eccc1502c27e144c5441685906237c83d43638b21cf83633dcd3d982"


def test_two_processes_write_the_bytes_of_one(tmp_path: Path) -> None:
    assert small_sample(tmp_path / "two", workers=2) == small_sample(tmp_path / "one", workers=1)


def test_a_day_alone_is_the_day_within_its_history(tmp_path: Path) -> None:
    shop = Shop(days=5, lines_per_day=300)
    assert b"".join(daily_file(shop, 3)) == small_sample(tmp_path)["2025-06-29_transactions.csv"]


def test_a_longer_history_begins_with_the_same_files(tmp_path: Path) -> None:
    short, longer = small_sample(tmp_path / "short"), small_sample(tmp_path / "long", days=9)
    assert len(longer) == 9
    assert short.items() < longer.items()


@pytest.mark.parametrize("option", [{"seed": 43}, {"customers": 500}, {"lines_per_day": 301}])
def test_other_options_give_other_bytes(tmp_path: Path, option: dict[str, int]) -> None:
    assert small_sample(tmp_path / "other", **option) != small_sample(tmp_path / "first")


def test_the_report_counts_what_was_written(tmp_path: Path) -> None:
    report = write_sample(tmp_path, days=3, lines_per_day=200)
    assert report.files == 3
    assert report.lines == sum(path.read_bytes().count(b"\n") - 1 for path in tmp_path.glob("*.csv"))
    assert report.bytes == sum(path.stat().st_size for path in tmp_path.iterdir())


def test_a_big_day_is_made_a_part_at_a_time() -> None:
    parts = list(daily_file(Shop(days=1, lines_per_day=200_000), 0))
    assert len(parts) > 4
    assert all(part.endswith(b"\n") for part in parts)
    assert max(map(len, parts)) < 4_000_000


def test_a_second_run_touches_nothing_and_reports_the_same(tmp_path: Path) -> None:
    first = write_sample(tmp_path, days=4, lines_per_day=200)
    places = {path: path.stat().st_ino for path in tmp_path.iterdir()}
    assert write_sample(tmp_path, days=4, lines_per_day=200) == first
    assert {path: path.stat().st_ino for path in tmp_path.iterdir()} == places


def test_a_run_that_fails_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks_off(_shop: Shop, _day: int) -> Iterator[bytes]:
        yield b"Invoice,"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(rfm_assets.sample.lines, "daily_file", breaks_off)
    with pytest.raises(OSError, match="No space left"):
        write_sample(tmp_path, days=2)
    assert list(tmp_path.iterdir()) == []


def test_a_broken_off_sample_is_completed(tmp_path: Path) -> None:
    whole = small_sample(tmp_path)
    (tmp_path / "2025-06-28_transactions.csv").unlink()
    assert small_sample(tmp_path) == whole


@pytest.mark.parametrize(
    "name", ["2025-06-27_transactions.csv", "2025-06-27_till2.csv", "2031-01-01.csv.gz", "2025-06-27/2025-06-27_x.csv"]
)
def test_a_folder_with_somebodys_own_file_is_refused_untouched(tmp_path: Path, name: str) -> None:
    own = tmp_path / name
    own.parent.mkdir(exist_ok=True)
    own.write_text("mine")
    with pytest.raises(SettingError, match=f"already holds {name}.*name an empty folder"):
        small_sample(tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [own]
    assert own.read_text() == "mine"


def test_a_sample_of_other_options_is_refused_untouched(tmp_path: Path) -> None:
    before = small_sample(tmp_path)
    with pytest.raises(SettingError, match="give the options that the folder's sample was made with"):
        small_sample(tmp_path, seed=7, workers=2)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_file_that_only_begins_like_the_samples_is_refused(tmp_path: Path) -> None:
    small_sample(tmp_path)
    with (tmp_path / "2025-06-28_transactions.csv").open("a") as file:
        file.write("one line more\n")
    with pytest.raises(SettingError, match="already holds 2025-06-28"):
        small_sample(tmp_path)


def test_overwriting_replaces_files_of_the_samples_names_only(tmp_path: Path) -> None:
    expected = small_sample(tmp_path / "elsewhere")
    own, same_name = tmp_path / "2031-01-01_mine.csv", tmp_path / "2025-06-27_transactions.csv"
    for path in (own, same_name):
        path.write_text("mine")
    write_sample(tmp_path, days=5, lines_per_day=300, overwrite=True)
    assert same_name.read_bytes() == expected[same_name.name]
    assert own.read_text() == "mine"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"days": 0}, "days=0 is too small"),
        ({"lines_per_day": -5}, "lines_per_day=-5 is too small"),
        ({"customers": 0}, "customers=0 is too small"),
        ({"seed": -1}, "seed=-1 is too small"),
        ({"workers": 0}, "workers=0 is too small"),
        ({"start": date(9999, 12, 30), "days": 3}, "beyond the end of the calendar"),
    ],
)
def test_an_option_out_of_range_is_refused_by_name(tmp_path: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingError, match=message):
        write_sample(tmp_path / "never", **options)
    assert not (tmp_path / "never").exists()


def test_a_file_in_the_folders_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "landing").touch()
    with pytest.raises(SettingError, match="landing is a file"):
        write_sample(tmp_path / "landing")


@pytest.mark.parametrize(
    "name", ["2025-06-26.csv", "2025-06-26_x.CSV.gz", "2025-06-26\n.csv", "x2025-06-26.csv", "2025-06-26.csv.part", "x"]
)
def test_the_sample_and_the_landing_take_the_same_names_for_daily_files(name: str) -> None:
    assert (LANDED_FILE.fullmatch(name) is not None) == (day_of(name) is not None)


@pytest.mark.parametrize("size", [{"lines_per_day": 1}, {"customers": 1}, {"customers": 1_000_000}])
def test_very_small_and_crowded_shops_have_files_too(tmp_path: Path, size: dict[str, int]) -> None:
    assert len(small_sample(tmp_path, **size)) == 5
