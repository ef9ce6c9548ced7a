"""The asset bronze.transactions, run through Dagster: it loads all files, reports on them, and keeps stored days.

Its checks are tested here too, red and green.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

import dagster as dg
import pytest
from dagster._core.definitions.data_version import DATA_VERSION_TAG

from rfm_assets.bronze import assets
from rfm_assets.contracts import silver
from rfm_assets.contracts.bronze import TRANSACTIONS
from rfm_assets.errors import RefusedFileError
from rfm_assets_tests.helpers.reading import landed
from rfm_assets_tests.helpers.runs import shown
from rfm_assets_tests.helpers.scenario import DAY, HEADER, NEXT_DAY, THIRD_DAY, land, resources, rows, run_days, sale

pytestmark = pytest.mark.slow

STORED = f"SELECT processing_date, source_file, Quantity, _rescued_data FROM {TRANSACTIONS.address} ORDER BY ALL"


class Run(NamedTuple):
    shop: Path
    result: dg.ExecuteInProcessResult

    @property
    def days(self) -> Mapping[str, dg.AssetMaterialization]:
        """The run's metadata for each day of bronze."""
        told = self.result.asset_materializations_for_node("landed")
        return {str(day.partition): day for day in told if day.asset_key == TRANSACTIONS.asset_key}

    def check(self, name: str) -> dg.AssetCheckEvaluation:
        return next(
            found
            for found in self.result.get_asset_check_evaluations()
            if found.asset_check_key == dg.AssetCheckKey(TRANSACTIONS.asset_key, name)
        )


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Three days in one run: two files, one of them compressed and in a folder; no file; a file with two bad lines."""
    shop = tmp_path_factory.mktemp("shop")
    land(shop, DAY, sale(quantity="1"), sale(quantity="1"))
    land(shop, f"shops/{DAY}", sale(quantity="2"), name="_b.csv.gz")
    land(shop, THIRD_DAY, f"7,{sale(quantity='3')}", "half a line", '"never closed', header=f"Store,{HEADER}")
    return Run(shop, run_days(shop, DAY, THIRD_DAY, select=["bronze", "silver"]))


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_every_line_of_every_day_is_stored_and_dirty_ones_are_kept_whole(run: Run) -> None:
    assert rows(run.shop, STORED) == [
        (day(DAY), f"{DAY}_transactions.csv", "1", None),
        (day(DAY), f"{DAY}_transactions.csv", "1", None),
        (day(DAY), f"shops/{DAY}_b.csv.gz", "2", None),
        (day(THIRD_DAY), f"{THIRD_DAY}_transactions.csv", "3", None),
        (day(THIRD_DAY), f"{THIRD_DAY}_transactions.csv", None, '"never closed'),
        (day(THIRD_DAY), f"{THIRD_DAY}_transactions.csv", None, "half a line"),
    ]


def test_all_lines_of_a_run_carry_the_moment_it_read_them(run: Run) -> None:
    assert len(rows(run.shop, f"SELECT DISTINCT ingestion_timestamp FROM {TRANSACTIONS.address}")) == 1


def test_an_undelivered_day_is_stored_empty_and_what_follows_it_runs(run: Run) -> None:
    assert run.result.success
    assert rows(
        run.shop, f"SELECT processing_date, count(*) FROM {silver.TRANSACTIONS.address} GROUP BY 1 ORDER BY 1"
    ) == [
        (day(DAY), 3),
        (day(THIRD_DAY), 1),
    ]


def test_each_day_tells_its_own_row_count(run: Run) -> None:
    counts = {name: told.metadata["dagster/partition_row_count"].value for name, told in run.days.items()}
    assert counts == {DAY: 3, NEXT_DAY: 0, THIRD_DAY: 3}


def test_the_data_version_is_that_of_the_files(run: Run) -> None:
    tags = run.days[DAY].tags or {}
    assert tags[DATA_VERSION_TAG] == landed(run.shop).content_version


def test_the_run_tells_where_the_files_were(run: Run) -> None:
    assert run.days[DAY].metadata["landing"].value == str(run.shop / "landing")


@pytest.mark.parametrize("name", ["columns_are_as_declared", "required_columns_are_filled"])
def test_what_bronze_promises_is_kept(run: Run, name: str) -> None:
    assert run.check(name).passed


def test_malformed_lines_are_warned_about_and_shown(run: Run) -> None:
    key = dg.AssetCheckKey(TRANSACTIONS.asset_key, "no_malformed_lines")
    by_day = {one.partition: one for one in run.result.get_asset_check_evaluations() if one.asset_check_key == key}
    assert {on: one.passed for on, one in by_day.items()} == {DAY: True, NEXT_DAY: True, THIRD_DAY: False}
    check = by_day[THIRD_DAY]
    assert check.severity is dg.AssetCheckSeverity.WARN
    assert (check.metadata["failed"].value, check.metadata["passed"].value) == (2, 1)
    sample = shown(check.metadata["sample"])
    assert "aaaa a aaaa" in sample
    assert "half a line" not in sample


def test_an_undelivered_day_is_warned_about_by_name(run: Run) -> None:
    check = run.check("every_day_was_delivered")
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert shown(check.metadata["sample"]) == str(NEXT_DAY)


@pytest.mark.filterwarnings("ignore:InitResourceContext.dagster_run:DeprecationWarning")
def test_a_check_launched_without_a_day_looks_from_the_first_stored_day_to_the_last(run: Run) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize(
            [assets.landed],
            selection=dg.AssetSelection.all_asset_checks(),
            resources=resources(run.shop),
            instance=instance,
        )
    found = {check.check_name: check for check in result.get_asset_check_evaluations()}
    assert found["every_day_was_delivered"].metadata["failed"].value == 1
    assert found["no_malformed_lines"].metadata["failed"].value == 2


def test_a_day_run_again_is_replaced_by_what_is_there_now_and_no_other_day_is_touched(tmp_path: Path) -> None:
    land(tmp_path, DAY, sale(quantity="1"))
    land(tmp_path, NEXT_DAY, sale(quantity="2"))
    run_days(tmp_path, DAY, NEXT_DAY, select=["bronze"])
    land(tmp_path, DAY, sale(quantity="3"))
    land(tmp_path, NEXT_DAY, sale(quantity="4"))
    second = Run(tmp_path, run_days(tmp_path, DAY, select=["bronze"]))
    assert [quantity for _, _, quantity, _ in rows(tmp_path, STORED)] == ["3", "2"]
    assert second.check("every_day_was_delivered").passed
    assert second.check("no_malformed_lines").passed


def test_a_refused_file_fails_the_run_and_keeps_the_stored_days(tmp_path: Path) -> None:
    land(tmp_path, DAY, sale(quantity="1"))
    run_days(tmp_path, DAY, select=["bronze"])
    before = rows(tmp_path, f"FROM {TRANSACTIONS.address}")
    land(tmp_path, DAY)
    with pytest.raises(RefusedFileError, match=f"{DAY}_transactions.csv has a header but no lines"):
        run_days(tmp_path, DAY, NEXT_DAY, select=["bronze"])
    assert rows(tmp_path, f"FROM {TRANSACTIONS.address}") == before
