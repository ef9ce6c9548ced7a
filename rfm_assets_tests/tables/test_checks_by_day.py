"""A run over several days has a check result for each day: a bad day in a range is red by itself."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest

from rfm_assets.automation.run_outcomes import findings
from rfm_assets.contracts.silver import TRANSACTIONS
from rfm_assets.silver import checks
from rfm_assets.tables.table_asset import STEPS
from rfm_assets_tests.helpers.runs import EVERYTHING, run
from rfm_assets_tests.helpers.scenario import DAY, NEXT_DAY, THIRD_DAY, land, sale

pytestmark = pytest.mark.slow


def deliver(shop: Path, *, bad_days: Mapping[str, int]) -> None:
    for n, day in enumerate((DAY, NEXT_DAY, THIRD_DAY)):
        bad = [sale(price="$36.93", invoice_date=day, invoice=f"48953{m}") for m in range(bad_days.get(day, 0))]
        good = [sale(invoice_date=day, invoice=f"48943{n}{m}") for m in range(9)]
        land(shop, day, *good, *bad)


def of(result: dg.ExecuteInProcessResult, check: str) -> list[dg.AssetCheckEvaluation]:
    return [found for found in result.get_asset_check_evaluations() if found.check_name == check]


def test_each_day_of_a_range_has_its_own_result(tmp_path: Path) -> None:
    deliver(tmp_path, bad_days={NEXT_DAY: 2})
    with dg.DagsterInstance.ephemeral() as instance:
        result = run(tmp_path, EVERYTHING, DAY, THIRD_DAY, raise_on_error=True, instance=instance)
    found = of(result, "valid_unit_price")
    assert {one.partition: one.passed for one in found} == {DAY: True, NEXT_DAY: False, THIRD_DAY: True}
    assert all(one.target_materialization_data for one in found)
    (red,) = [one for one in found if not one.passed]
    assert red.metadata["failed"].value == 2
    assert "$36.93" in str(red.metadata["sample"].value)


def test_a_single_day_has_one_result(tmp_path: Path) -> None:
    deliver(tmp_path, bad_days={DAY: 1})
    result = run(tmp_path, EVERYTHING, DAY, raise_on_error=True)
    (found,) = of(result, "valid_unit_price")
    assert (found.passed, found.partition, found.blocking) == (False, DAY, False)
    assert [one.partition for one in of(result, "key_is_unique")] == [None] * len(of(result, "key_is_unique"))


def test_what_is_found_on_a_single_day_is_about_the_rows_of_this_run(tmp_path: Path) -> None:
    deliver(tmp_path, bad_days={})
    with dg.DagsterInstance.ephemeral() as instance:
        result = run(tmp_path, EVERYTHING, DAY, raise_on_error=True, instance=instance)
    of_tables = [one for one in result.get_asset_check_evaluations() if one.asset_key == TRANSACTIONS.asset_key]
    targets = {one.target_materialization_data for one in of_tables}
    assert len(of_tables) > 5
    assert [target and target.run_id for target in targets] == [result.run_id]


def test_checks_that_run_alone_are_about_the_newest_materialization_of_each_day(tmp_path: Path) -> None:
    deliver(tmp_path, bad_days={})
    alone = dg.AssetSelection.checks_for_assets(TRANSACTIONS.asset_key)
    with dg.DagsterInstance.ephemeral() as instance:
        made = [
            run(tmp_path, EVERYTHING, *days, raise_on_error=True, instance=instance).run_id
            for days in ((DAY, THIRD_DAY), (NEXT_DAY, THIRD_DAY))
        ]
        found = of(run(tmp_path, alone, DAY, THIRD_DAY, instance=instance), "valid_unit_price")
    targets = {one.partition: one.target_materialization_data for one in found}
    assert {day: target and target.run_id for day, target in targets.items()} == {
        DAY: made[0],
        NEXT_DAY: made[1],
        THIRD_DAY: made[1],
    }


def test_a_promise_that_one_day_breaks_stops_what_is_downstream(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(tmp_path, bad_days={})
    step = STEPS[TRANSACTIONS]
    broken = replace(
        checks.NOTHING_IS_LOST,
        broken=f"SELECT * FROM silver.transactions WHERE processing_date = DATE '{NEXT_DAY}' AND $first <= $last",
    )
    own = [broken if check.name == broken.name else check for check in step.checks[TRANSACTIONS]]
    monkeypatch.setitem(step.checks, TRANSACTIONS, own)  # type: ignore[arg-type]
    result = run(tmp_path, EVERYTHING, DAY, THIRD_DAY)
    assert not result.success
    assert {one.partition: one.passed for one in of(result, broken.name)} == {
        DAY: True,
        NEXT_DAY: False,
        THIRD_DAY: True,
    }
    assert not of(result, "recency_is_not_negative")


def test_days_are_summed_up_in_one_line_for_people(tmp_path: Path) -> None:
    deliver(tmp_path, bad_days={DAY: 1, THIRD_DAY: 3})
    result = run(tmp_path, EVERYTHING, DAY, THIRD_DAY, raise_on_error=True)
    (line,) = [one for one in findings(result.get_asset_check_evaluations()) if one.name.endswith("valid_unit_price")]
    assert line.text.startswith(f'4 break it on 2 days; most on {THIRD_DAY}: 3 break it; most often "$36.93"')
    assert not line.is_red
