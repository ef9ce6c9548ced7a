"""A run that failed or left a red check sends one alert with the reason; any other run sends none."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from rfm_assets.automation.alerts import failed_runs, red_checks_of_runs
from rfm_assets.automation.notifier import Notifier
from rfm_assets.bronze.landing_checks import newest_day_is_recent
from rfm_assets.definitions import build_definitions
from rfm_assets.partitions import range_tags
from rfm_assets.publishing.history_checks import no_earlier_day_is_lost
from rfm_assets_tests.helpers.runs import CUSTOMER_RFM, red
from rfm_assets_tests.helpers.scenario import DAY, NEXT_DAY, THIRD_DAY, land, resources, sale

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:InitResourceContext.dagster_run:DeprecationWarning"),  # Dagster's own
]

BRONZE = dg.AssetSelection.groups("bronze") - dg.AssetSelection.checks(newest_day_is_recent)
RFM, THRESHOLDS = dg.AssetKey(["gold", "customer_rfm"]), dg.AssetSelection.assets("gold/segment_thresholds")
SENSORS = (failed_runs, red_checks_of_runs)


class Notes(Notifier):
    """A notifier that keeps its messages in a file, so that Dagster's copies of it share them."""

    path: str

    def notify(self, title: str, text: str) -> None:
        with Path(self.path).open("a", encoding="utf-8") as file:
            file.write(json.dumps([title, text]) + "\n")

    def read(self) -> list[tuple[str, str]]:
        """The title and text of every message so far."""
        path = Path(self.path)
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [(title, text) for title, text in map(json.loads, lines)]


@dataclass
class Office:
    """A shop whose runs both sensors watch, with each sensor's cursor."""

    shop: Path
    instance: dg.DagsterInstance
    notes: Notes
    cursors: dict[str, str | None] = field(default_factory=dict)

    def run(self, first: str, last: str, selection: dg.AssetSelection = BRONZE) -> dg.ExecuteInProcessResult:
        job = dg.Definitions(jobs=[dg.define_asset_job("refresh", selection)])
        refresh = dg.Definitions.merge(build_definitions(resources(self.shop)), job).resolve_job_def("refresh")
        tags = range_tags(date.fromisoformat(first), date.fromisoformat(last))
        return refresh.execute_in_process(instance=self.instance, tags=tags, raise_on_error=False)

    def tick(self) -> list[tuple[str, str]]:
        """Ticks both sensors; returns all messages so far."""
        for sensor in SENSORS:
            cursor = self.cursors.get(sensor.name)
            with dg.build_sensor_context(self.instance, cursor, resources={"notifier": self.notes}) as context:
                told = sensor.evaluate_tick(context)
            self.cursors[sensor.name] = told.cursor
            assert [reaction.error for reaction in told.dagster_run_reactions or [] if reaction.error] == []
        return self.notes.read()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with dg.DagsterInstance.ephemeral() as instance:
        office = Office(tmp_path, instance, Notes(path=str(tmp_path / "notes")))
        land(tmp_path, DAY, sale(), "half a line")
        office.tick()  # the first tick only sets the starting cursor
        yield office


def test_they_watch_from_the_start() -> None:
    assert {sensor.default_status for sensor in SENSORS} == {dg.DefaultSensorStatus.RUNNING}


def test_a_run_over_dirty_lines_is_no_alert(office: Office) -> None:
    result = office.run(DAY, DAY)
    assert result.success
    assert red(result) == {"no_malformed_lines"}
    assert office.tick() == []


def test_a_failed_run_is_told_once_with_its_reason(office: Office) -> None:
    land(office.shop, NEXT_DAY)
    result = office.run(NEXT_DAY, NEXT_DAY)
    assert not result.success
    ((title, text),) = office.tick()
    assert title == f"refresh of {NEXT_DAY} failed"
    assert f"{NEXT_DAY}_transactions.csv has a header but no lines" in text
    assert text.endswith(f"\nrun {result.run_id}")
    assert len(office.tick()) == 1


def test_a_red_check_is_told_once_with_the_file_it_is_about(office: Office) -> None:
    land(office.shop, NEXT_DAY)
    result = office.run(DAY, NEXT_DAY)
    assert result.success
    title, text = f"refresh of {DAY} to {NEXT_DAY}: 1 red check", f"{NEXT_DAY}_transactions.csv"
    told = f"bronze.landed_files holds_what_has_landed: 1 break it: {text}\nrun {result.run_id}"
    assert office.tick() == [(title, told)]
    assert len(office.tick()) == 1


def test_a_lost_warehouse_is_told_with_its_days_and_the_way_out(office: Office) -> None:
    land(office.shop, NEXT_DAY, sale(invoice_date=NEXT_DAY))
    silver = dg.AssetSelection.groups("silver").without_checks() | dg.AssetSelection.checks(no_earlier_day_is_lost)
    assert not office.run(NEXT_DAY, NEXT_DAY, BRONZE | silver | CUSTOMER_RFM.without_checks()).success
    ((title, text),) = office.tick()
    assert title == f"refresh of {NEXT_DAY} failed"
    assert f"no_earlier_day_is_lost: {office.shop}/warehouse.duckdb lacks {DAY}" in text
    assert "loads what has landed since and fixes this" in text


def test_a_day_of_nothing_that_can_be_used_is_told_with_its_file_and_form(office: Office) -> None:
    land(office.shop, NEXT_DAY, sale(stock_code="SKU036", customer_id="77777", invoice_date=NEXT_DAY))
    everything = BRONZE | dg.AssetSelection.groups("silver", "quality") | CUSTOMER_RFM
    assert not office.run(NEXT_DAY, NEXT_DAY, everything).success
    ((title, text),) = office.tick()
    assert title == f"refresh of {NEXT_DAY} failed"
    assert f"newest_day_is_usable: 1 break it: {NEXT_DAY}_transactions.csv: 0.00 of 83.40" in text
    assert 'StockCode look like "SKU036": not a product' in text
    assert "77777" not in text


def test_a_bad_day_inside_a_range_is_told_though_the_run_goes_on(office: Office) -> None:
    land(office.shop, NEXT_DAY, sale(price="$36.93", invoice_date=NEXT_DAY))
    land(office.shop, THIRD_DAY, sale(invoice_date=THIRD_DAY))
    everything = BRONZE | dg.AssetSelection.groups("silver", "quality") | CUSTOMER_RFM
    assert office.run(DAY, THIRD_DAY, everything).success
    ((title, text),) = office.tick()
    assert title == f"refresh of {DAY} to {THIRD_DAY}: 1 red check"
    assert f"older_days_are_usable: 1 break it: {NEXT_DAY}_transactions.csv: 1 of 1 lines fail the rules" in text
    assert '"$36.93": a currency sign; deliver plain numbers such as 36.93' in text


def test_assets_picked_by_hand_are_told_as_such(office: Office) -> None:
    land(office.shop, NEXT_DAY)
    job = build_definitions(resources(office.shop)).resolve_implicit_global_asset_job_def()
    bronze = [key for key in job.asset_layer.executable_asset_keys if key.path[0] == "bronze"]
    job.execute_in_process(
        instance=office.instance, asset_selection=bronze, partition_key=NEXT_DAY, raise_on_error=False
    )
    assert [title for title, _ in office.tick()] == [f"materialization of {NEXT_DAY} failed"]
