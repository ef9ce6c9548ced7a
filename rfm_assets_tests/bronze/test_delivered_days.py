"""A day that was never delivered is stored empty, and its materialization says so."""

from pathlib import Path

import dagster as dg
import pytest

from rfm_assets_tests.helpers.scenario import DAY, HEADER, NEXT_DAY, THIRD_DAY, land, land_bytes, run_days, sale

pytestmark = pytest.mark.filterwarnings("ignore:InitResourceContext.dagster_run:DeprecationWarning")  # Dagster's own


def said(result: dg.ExecuteInProcessResult) -> dict[str, tuple[object, object]]:
    """The number of files and whether it was delivered, from each day's materialization of bronze.transactions."""
    made = [event.step_materialization_data.materialization for event in result.get_asset_materialization_events()]
    return {
        str(one.partition): (one.metadata["files"].value, one.metadata["delivered"].value)
        for one in made
        if one.asset_key.path[-1] == "transactions"
    }


def test_a_day_that_was_never_delivered_says_so_in_its_materialization(tmp_path: Path) -> None:
    land(tmp_path, DAY, sale())
    land(tmp_path, DAY, sale(), name="_evening.csv")
    land_bytes(tmp_path, f"{THIRD_DAY}_transactions.csv", b"Invoice;StockCode\n")
    result = run_days(tmp_path, DAY, THIRD_DAY, select=["bronze"])
    assert said(result) == {DAY: (2, True), NEXT_DAY: (0, False), THIRD_DAY: (0, True)}


def test_a_day_that_was_delivered_as_a_copy_alone_says_that_it_was_delivered(tmp_path: Path) -> None:
    for day in (DAY, NEXT_DAY):
        land_bytes(tmp_path, f"{day}.csv", f"{HEADER}\n{sale()}\n".encode())
    assert said(run_days(tmp_path, DAY, NEXT_DAY, select=["bronze"])) == {DAY: (1, True), NEXT_DAY: (1, True)}
