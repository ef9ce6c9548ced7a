"""The checks that look at the landing zone are green when everything is loaded, and otherwise name the files."""

from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from rfm_assets.automation.jobs import watch_landing
from rfm_assets.bronze import landing_checks
from rfm_assets.definitions import defs
from rfm_assets_tests.helpers.runs import launch_landing_checks
from rfm_assets_tests.helpers.scenario import DAY, NEXT_DAY, THIRD_DAY, land, run_days, sale

pytestmark = pytest.mark.slow

HOLDS, RECENT = "holds_what_has_landed", "newest_day_is_recent"


def found(result: dg.ExecuteInProcessResult, name: str) -> dg.AssetCheckEvaluation:
    (check,) = [one for one in result.get_asset_check_evaluations() if one.check_name == name]
    return check


def sample(check: dg.AssetCheckEvaluation) -> str:
    return str(check.metadata["sample"].value)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A shop with two days, both loaded."""
    land(tmp_path, DAY, sale())
    land(tmp_path, NEXT_DAY, sale())
    assert found(run_days(tmp_path, DAY, NEXT_DAY, select=["bronze"]), HOLDS).passed
    return tmp_path


def test_a_warehouse_that_holds_all_files_is_green(shop: Path) -> None:
    check = found(launch_landing_checks(shop), HOLDS)
    assert check.passed
    assert check.severity is dg.AssetCheckSeverity.ERROR


@pytest.mark.parametrize(
    ("day", "name"),
    [(DAY, "_transactions.csv"), (DAY, "_evening.csv"), (THIRD_DAY, "_transactions.csv")],
    ids=["another version", "another file", "another day"],
)
def test_what_has_landed_since_is_named(shop: Path, day: str, name: str) -> None:
    land(shop, day, sale(quantity="99"), name=name)
    check = found(launch_landing_checks(shop), HOLDS)
    assert not check.passed
    assert check.description == f"1 break it: {day}{name}"
    assert f"{day}{name}" in sample(check)


def test_a_run_looks_at_its_own_days(shop: Path) -> None:
    land(shop, DAY, sale(quantity="99"))
    assert found(run_days(shop, NEXT_DAY, select=["bronze"]), HOLDS).passed
    assert found(run_days(shop, DAY, select=["bronze"]), HOLDS).passed
    assert found(launch_landing_checks(shop), HOLDS).passed


def test_a_file_that_is_gone_is_nothing_to_catch_up_with(shop: Path) -> None:
    (shop / "landing" / f"{DAY}_transactions.csv").unlink()
    assert found(launch_landing_checks(shop), HOLDS).passed


def test_files_outside_the_calendar_are_nothing_to_catch_up_with(shop: Path) -> None:
    land(shop, "2001-01-01", sale())
    land(shop, "2999-01-01", sale())
    assert found(launch_landing_checks(shop), HOLDS).passed


def test_a_red_check_stops_nothing(shop: Path) -> None:
    land(shop, DAY)
    result = run_days(shop, DAY, NEXT_DAY, select=["bronze", "silver"])
    assert not found(result, HOLDS).passed
    assert result.success


@pytest.mark.parametrize(
    ("today", "passed"), [(NEXT_DAY, True), (THIRD_DAY, True), ("2025-06-29", False), ("2026-06-27", False)]
)
def test_the_newest_day_may_be_of_yesterday(
    shop: Path, monkeypatch: pytest.MonkeyPatch, today: str, *, passed: bool
) -> None:
    monkeypatch.setattr(landing_checks, "utc_today", lambda: date.fromisoformat(today))
    check = found(launch_landing_checks(shop), RECENT)
    assert check.passed == passed
    if not passed:
        assert NEXT_DAY in sample(check)


def test_no_day_at_all_is_not_recent(tmp_path: Path) -> None:
    run_days(tmp_path, DAY, select=["bronze"])
    assert not found(launch_landing_checks(tmp_path), RECENT).passed


def test_the_daily_look_is_both_and_the_refresh_of_an_old_day_is_no_alarm() -> None:
    watched = defs.resolve_job_def(watch_landing.name).asset_layer.asset_graph.asset_check_keys
    assert {key.name for key in watched} == {HOLDS, RECENT}
    for name in ("daily_refresh", "load_landed_files"):
        names = {key.name for key in defs.resolve_job_def(name).asset_layer.asset_graph.asset_check_keys}
        assert HOLDS in names
        assert RECENT not in names
