"""A file counts once: under another name, in another folder, compressed or for another day, it is a copy."""

from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from rfm_assets.bronze.duplicates import Content, originals
from rfm_assets_tests.helpers.runs import red
from rfm_assets_tests.helpers.scenario import (
    DAY,
    HEADER,
    NEXT_DAY,
    THIRD_DAY,
    land,
    land_bytes,
    rows,
    run_days,
    sale,
    warehouse,
)

pytestmark = pytest.mark.slow

TEXT = f"{HEADER}\n{sale(quantity='2', price='5.00')}\n".encode()
OTHER = f"{HEADER}\n{sale(quantity='3', price='5.00')}\n".encode()
FILE, LATER = f"{DAY}_t.csv", f"{NEXT_DAY}_t.csv"
LEDGER = "SELECT source_file, rows, duplicate_of FROM bronze.landed_files ORDER BY processing_date, source_file"
HELD = "SELECT source_file FROM bronze.transactions ORDER BY ALL"
WITHIN, ACROSS = "no_copy_within_a_day", "no_copy_across_days"


def run(shop: Path, first: str = DAY, last: str = NEXT_DAY) -> dict[str, dg.AssetCheckEvaluation]:
    """Loads days; returns what the checks found."""
    result = run_days(shop, first, last, select=["bronze"])
    assert result.success
    assert not red(result) & {"ledger_counts_every_line", "holds_what_has_landed", "columns_are_as_declared"}
    return {found.check_name: found for found in result.get_asset_check_evaluations()}


def held(shop: Path) -> list[str]:
    return [key for (key,) in rows(shop, HELD)]


@pytest.mark.parametrize(
    "copy", [f"{DAY}_t (1).csv", f"shops/{DAY}_t.csv", f"{DAY}_t.csv.gz"], ids=["name", "folder", "packed"]
)
def test_a_copy_within_a_day_is_named_and_not_loaded(tmp_path: Path, copy: str) -> None:
    first, second = sorted([FILE, copy])
    for key in (FILE, copy):
        land_bytes(tmp_path, key, TEXT)
    checks = run(tmp_path)
    assert rows(tmp_path, "SELECT sum(CAST(Quantity AS INTEGER) * CAST(Price AS DOUBLE)) FROM bronze.transactions") == [
        (10.0,)
    ]
    assert rows(tmp_path, LEDGER) == [(first, 1, None), (second, 0, first)]
    found = checks[WITHIN]
    assert (found.passed, found.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert found.description == f"1 break it: {second} is a copy of {first} (not loaded)"
    assert checks[ACROSS].passed


def test_a_copy_for_another_day_is_an_error_that_blocks_nothing(tmp_path: Path) -> None:
    for key in (FILE, LATER):
        land_bytes(tmp_path, key, TEXT)
    checks = run(tmp_path)
    assert rows(tmp_path, LEDGER) == [(FILE, 1, None), (LATER, 0, FILE)]
    found = checks[ACROSS]
    assert (found.passed, found.severity, found.blocking) == (False, dg.AssetCheckSeverity.ERROR, False)
    assert found.description == f"1 break it: {LATER} is a copy of {FILE} (not loaded)"
    assert checks[WITHIN].passed


def test_a_copy_of_an_earlier_run_is_found_and_later_days_are_quiet(tmp_path: Path) -> None:
    land_bytes(tmp_path, FILE, TEXT)
    assert run(tmp_path, DAY, DAY)[ACROSS].passed
    land_bytes(tmp_path, LATER, TEXT)
    assert not run(tmp_path, NEXT_DAY, NEXT_DAY)[ACROSS].passed
    land(tmp_path, THIRD_DAY, sale())
    assert run(tmp_path, THIRD_DAY, THIRD_DAY)[ACROSS].passed
    assert held(tmp_path) == [FILE, f"{THIRD_DAY}_transactions.csv"]


def test_an_original_that_comes_late_is_named_until_the_later_days_are_run(tmp_path: Path) -> None:
    land_bytes(tmp_path, LATER, TEXT)
    run(tmp_path, NEXT_DAY, NEXT_DAY)
    land_bytes(tmp_path, FILE, TEXT)
    found = run(tmp_path, DAY, DAY)[ACROSS]
    assert found.description == f"1 break it: {LATER} is a copy of {FILE} (both are loaded)"
    run(tmp_path, DAY, NEXT_DAY)
    assert held(tmp_path) == [FILE]


def test_a_copy_whose_original_is_corrected_is_named_and_then_loaded(tmp_path: Path) -> None:
    for key in (FILE, LATER):
        land_bytes(tmp_path, key, TEXT)
    run(tmp_path)
    land_bytes(tmp_path, FILE, OTHER)
    found = run(tmp_path, DAY, DAY)[ACROSS]
    assert found.description == (
        f"1 break it: {LATER} is a copy of {FILE} (not loaded, and the other file has another text by now)"
    )
    assert run(tmp_path, NEXT_DAY, NEXT_DAY)[ACROSS].passed
    assert held(tmp_path) == [FILE, LATER]


def test_a_copy_whose_original_is_gone_is_loaded(tmp_path: Path) -> None:
    copy = f"{DAY}_t (1).csv"
    for key in (FILE, copy):
        land_bytes(tmp_path, key, TEXT)
    run(tmp_path)
    assert held(tmp_path) == [copy]  # the first one by name
    (tmp_path / "landing" / copy).unlink()
    assert run(tmp_path)[WITHIN].passed
    assert held(tmp_path) == [FILE]


@pytest.mark.parametrize(
    ("wrong", "right"), [(FILE, LATER), (LATER, FILE)], ids=["to a later day", "to an earlier day"]
)
def test_a_file_that_was_put_under_the_wrong_day_moves_when_both_days_are_run(
    tmp_path: Path, wrong: str, right: str
) -> None:
    land_bytes(tmp_path, wrong, TEXT)
    run(tmp_path, wrong[:10], wrong[:10])
    landing = tmp_path / "landing"
    (landing / wrong).rename(landing / right)
    found = run(tmp_path, right[:10], right[:10])[ACROSS]
    assert not found.passed
    assert f"{LATER} is a copy of {FILE}" in str(found.description)
    checks = run(tmp_path)
    assert (checks[ACROSS].passed, checks["every_day_was_delivered"].passed) == (True, False)
    assert held(tmp_path) == [right]
    assert rows(tmp_path, LEDGER) == [(right, 1, None)]
    assert rows(tmp_path, "SELECT source_file, outcome FROM bronze.unloaded_files") == [(wrong, "removed")]


def test_a_day_of_which_only_one_file_moved_and_the_other_is_gone_keeps_both(tmp_path: Path) -> None:
    land_bytes(tmp_path, FILE, TEXT)
    gone = land_bytes(tmp_path, f"{DAY}_z.csv", OTHER)
    run(tmp_path, DAY, DAY)
    gone.unlink()
    (tmp_path / "landing" / FILE).rename(tmp_path / "landing" / LATER)
    run(tmp_path)
    assert held(tmp_path) == [FILE, f"{DAY}_z.csv"]
    assert rows(tmp_path, LEDGER) == [(FILE, 1, None), (f"{DAY}_z.csv", 1, None), (LATER, 0, FILE)]


def test_a_copy_that_is_removed_leaves_an_empty_day(tmp_path: Path) -> None:
    for key in (FILE, LATER):
        land_bytes(tmp_path, key, TEXT)
    run(tmp_path)
    (tmp_path / "landing" / LATER).unlink()
    assert run(tmp_path, NEXT_DAY, NEXT_DAY)[ACROSS].passed
    assert rows(tmp_path, LEDGER) == [(FILE, 1, None)]


def test_files_without_lines_are_no_copies_of_each_other(tmp_path: Path) -> None:
    land_bytes(tmp_path, FILE, TEXT)
    for day in (NEXT_DAY, THIRD_DAY):
        land_bytes(tmp_path, f"{day}.csv", f"{HEADER}\n".encode())
    result = run_days(tmp_path, DAY, THIRD_DAY, select=["bronze"])
    assert not red(result) & {WITHIN, ACROSS}


def test_a_ledger_of_an_older_version_gets_its_columns_and_knows_its_files_by_their_version(tmp_path: Path) -> None:
    land_bytes(tmp_path, FILE, TEXT)
    run(tmp_path, DAY, DAY)
    with warehouse(tmp_path).connect() as connection:
        for column in ("content_digest", "duplicate_of"):
            connection.execute(f"ALTER TABLE bronze.landed_files DROP COLUMN {column}")
    land_bytes(tmp_path, LATER, TEXT)
    assert not run(tmp_path, NEXT_DAY, NEXT_DAY)[ACROSS].passed
    assert rows(tmp_path, LEDGER) == [(FILE, 1, None), (LATER, 0, FILE)]


@pytest.mark.parametrize(
    ("files", "held", "copies"),
    [
        ([(1, "a", "x"), (1, "b", "x"), (2, "c", "x")], [], {"b": "a", "c": "a"}),
        ([(2, "a", "x")], [(1, "z", "x")], {"a": "z"}),
        ([(1, "a", "x")], [(2, "b", "x")], {}),
        ([(1, "a", "x"), (1, "b", "y")], [(1, "c", "z")], {}),
        ([(2, "a", "x" * 64)], [(1, "z", "x" * 32)], {"a": "z"}),
    ],
)
def test_the_earliest_day_then_name_is_the_original(
    files: list[tuple[int, str, str]], held: list[tuple[int, str, str]], copies: dict[str, str]
) -> None:
    def contents(of: list[tuple[int, str, str]]) -> list[Content]:
        return [Content(date(2025, 6, day), key, digest) for day, key, digest in of]

    assert originals(contents(files), contents(held)) == copies
