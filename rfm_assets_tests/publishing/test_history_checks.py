"""After a lost warehouse nothing is published: gold waits until every earlier day is loaded again."""

import shutil
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from rfm_assets.automation.jobs import cluster_customers, daily_refresh, rebuild_segments
from rfm_assets.automation.thinning import thin
from rfm_assets.definitions import build_definitions
from rfm_assets.errors import PublishedError
from rfm_assets.landing.folder import FolderLandingZone
from rfm_assets.landing.zone import LandedFile
from rfm_assets.partitions import range_tags
from rfm_assets.publishing import reader
from rfm_assets.publishing.assets import PublishedFolder
from rfm_assets.publishing.history_checks import no_earlier_day_is_lost
from rfm_assets.warehouse.duckdb.engine import DuckDBEngine
from rfm_assets_tests.helpers.plain import day
from rfm_assets_tests.helpers.runs import EVERYTHING, red, run
from rfm_assets_tests.helpers.scenario import land, land_bytes, resources, rows, sale, warehouse

pytestmark = pytest.mark.slow

LOST = "no_earlier_day_is_lost"
DAYS = [str(day(number)) for number in range(1, 10)]
EIGHT, NINTH = DAYS[:8], DAYS[8]
PUBLISHING = dg.AssetSelection.assets(dg.AssetKey(["publishing", "snapshot"]))
CHECKED = (EVERYTHING.without_checks() | PUBLISHING) | dg.AssetSelection.checks(no_earlier_day_is_lost)


def deliver(shop: Path, *days: str) -> None:
    for on in days:
        land(shop, on, sale(invoice=f"4894{on[-2:]}", customer_id=f"130{on[-2:]}", invoice_date=on))


def published_days(shop: Path) -> Sequence[Any]:
    with reader.published_copy(shop / "published") as held:
        return [
            str(on) for (on,) in held.execute("SELECT as_of_date FROM gold.segment_thresholds ORDER BY 1").fetchall()
        ]


def found(result: dg.ExecuteInProcessResult) -> dg.AssetCheckEvaluation:
    (check,) = [one for one in result.get_asset_check_evaluations() if one.check_name == LOST]
    return check


@pytest.fixture(scope="module")
def eight_days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop with eight days, loaded and published; tests do not change it."""
    shop = tmp_path_factory.mktemp("eight_days")
    deliver(shop, *EIGHT)
    assert run(shop, CHECKED, EIGHT[0], EIGHT[-1]).success
    assert published_days(shop) == EIGHT
    return shop


@pytest.fixture
def shop(eight_days: Path, tmp_path: Path) -> Path:
    """A copy of that shop, to change."""
    return shutil.copytree(eight_days, tmp_path / "shop", symlinks=True)


def lose(shop: Path) -> None:
    (shop / "warehouse.duckdb").unlink()


def test_after_a_lost_warehouse_the_next_day_fails_readers_keep_theirs_and_a_refresh_heals_it(shop: Path) -> None:
    lose(shop)
    deliver(shop, NINTH)
    result = run(shop, CHECKED, NINTH)
    assert not result.success
    check = found(result)
    assert not check.passed
    assert check.severity is dg.AssetCheckSeverity.ERROR
    assert f"lacks 8 days from {EIGHT[0]} to {EIGHT[-1]} (landed files: 8, published days: 8)" in str(check.description)
    assert f"`rfm refresh --from {EIGHT[0]}` loads what has landed since" in str(check.description)
    assert f"{EIGHT[0]}_transactions.csv is not loaded" in str(check.metadata["sample"].value)
    assert published_days(shop) == EIGHT
    assert rows(shop, "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'gold'") == [(0,)]
    assert run(shop, CHECKED, DAYS[0], NINTH).success
    assert published_days(shop) == DAYS


def test_a_wrong_path_of_the_warehouse_is_a_lost_one(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver(shop, NINTH)
    elsewhere = resources(shop) | {"warehouse": DuckDBEngine(database=str(shop / "mistyped.duckdb"))}
    with monkeypatch.context() as mistaken:
        mistaken.setattr("rfm_assets_tests.helpers.runs.resources", lambda _: elsewhere)
        result = run(shop, CHECKED, NINTH)
    assert not result.success
    assert f"{shop}/mistyped.duckdb lacks" in str(found(result).description)
    assert run(shop, CHECKED, NINTH).success
    assert published_days(shop) == DAYS


def test_where_the_landing_files_are_gone_too_the_published_copy_tells_of_the_loss(shop: Path) -> None:
    lose(shop)
    shutil.rmtree(shop / "landing")
    deliver(shop, NINTH)
    result = run(shop, CHECKED, NINTH)
    assert not result.success
    assert "(landed files: 0, published days: 8)" in str(found(result).description)
    assert published_days(shop) == EIGHT


@pytest.mark.parametrize("way", ["another folder", "the copy removed"])
def test_who_has_no_files_any_more_may_start_from_scratch_on_purpose(
    shop: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    lose(shop)
    shutil.rmtree(shop / "landing")
    deliver(shop, NINTH)
    folder = shop / "published"
    if way == "another folder":
        folder = shop / "new"
        plugged = resources(shop) | {"published": PublishedFolder(folder=str(folder))}
        monkeypatch.setattr("rfm_assets_tests.helpers.runs.resources", lambda _: plugged)
    else:
        shutil.rmtree(folder)
    assert run(shop, CHECKED, NINTH).success
    with reader.published_copy(folder) as held:
        assert held.execute("SELECT count(*) FROM gold.segment_thresholds").fetchall() == [(1,)]


def test_without_a_published_copy_the_landed_files_tell_of_the_loss(shop: Path) -> None:
    lose(shop)
    shutil.rmtree(shop / "published")
    deliver(shop, NINTH)
    result = run(shop, CHECKED, NINTH)
    assert not result.success
    assert "(landed files: 8, published days: 0)" in str(found(result).description)
    assert not (shop / "published").exists()


def test_a_day_that_was_never_loaded_blocks_the_next_and_a_run_over_both_heals_it(shop: Path) -> None:
    deliver(shop, NINTH)
    tenth = str(day(10))
    deliver(shop, tenth)
    result = run(shop, CHECKED, tenth)
    assert not result.success
    assert f"lacks {NINTH} (landed files: 1, published days: 0)" in str(found(result).description)
    assert run(shop, CHECKED, NINTH, tenth).success


def test_a_history_that_is_loaded_in_parts_is_published_when_it_is_whole(shop: Path) -> None:
    lose(shop)
    first_part = run(shop, CHECKED, DAYS[0], DAYS[3])
    assert found(first_part).passed
    assert not first_part.success
    assert published_days(shop) == EIGHT
    assert run(shop, CHECKED, DAYS[4], DAYS[7]).success
    assert published_days(shop) == EIGHT


def test_the_first_day_ever_of_a_new_shop_is_fine(tmp_path: Path) -> None:
    deliver(tmp_path, DAYS[0])
    assert run(tmp_path, CHECKED, DAYS[0]).success
    assert published_days(tmp_path) == DAYS[:1]


def test_files_that_are_refused_by_name_or_content_or_are_outside_the_calendar_block_nothing(shop: Path) -> None:
    land_bytes(shop, "2025-02-30_sales.csv", b"no such day")
    land_bytes(shop, "notes.csv", b"no day")
    land(shop, "2001-01-01", sale())
    land_bytes(shop, f"{DAYS[2]}_broken.csv", b"Invoice;StockCode\n")  # holds up the other files of its day
    land(shop, DAYS[2], sale(invoice="499999", invoice_date=DAYS[2]), name="_evening.csv")
    deliver(shop, NINTH, str(day(11)))
    assert run(shop, CHECKED, NINTH).success
    assert published_days(shop) == DAYS


def test_a_file_that_has_been_mended_since_blocks_until_its_day_is_loaded(shop: Path) -> None:
    land_bytes(shop, f"{DAYS[2]}_evening.csv", b"Invoice;StockCode\n")
    deliver(shop, NINTH)
    assert run(shop, CHECKED, NINTH).success
    land(shop, DAYS[2], sale(invoice="499999", invoice_date=DAYS[2]), name="_evening.csv")
    assert not run(shop, CHECKED, NINTH).success
    assert run(shop, CHECKED, DAYS[2], NINTH).success


def test_another_version_of_a_file_or_one_that_is_gone_is_not_lost(shop: Path) -> None:
    land(shop, DAYS[1], sale(quantity="3", invoice_date=DAYS[1]))
    (shop / "landing" / f"{DAYS[2]}_transactions.csv").unlink()
    deliver(shop, NINTH)
    assert run(shop, CHECKED, NINTH).success


def test_thinned_days_are_not_lost(shop: Path) -> None:
    thinned = thin(warehouse(shop), daily_for_days=1)
    assert EIGHT[1] in map(str, thinned.days)
    deliver(shop, NINTH)
    assert run(shop, CHECKED, NINTH).success
    assert published_days(shop) == DAYS


def test_a_day_that_was_emptied_on_purpose_is_not_lost(shop: Path) -> None:
    (shop / "landing" / f"{DAYS[4]}_transactions.csv").unlink()
    with warehouse(shop).connect() as connection:
        connection.execute(f"DELETE FROM bronze.landed_files WHERE processing_date = DATE '{DAYS[4]}'")
    assert run(shop, CHECKED, DAYS[4], DAYS[7]).success
    with reader.published_copy(shop / "published") as held:
        assert held.execute(f"FROM silver.invoices WHERE processing_date = DATE '{DAYS[4]}'").fetchall() == []


def test_a_day_whose_file_was_archived_is_lost_with_the_warehouse_though_a_refresh_writes_it_empty(shop: Path) -> None:
    lose(shop)
    archived = (shop / "landing" / f"{DAYS[4]}_transactions.csv").rename(shop / "archived.csv")
    result = run(shop, CHECKED, EIGHT[0], EIGHT[-1])
    assert not result.success
    with reader.published_copy(shop / "published") as held:
        kept = held.execute(f"SELECT count(*) FROM bronze.landed_files WHERE processing_date = DATE '{DAYS[4]}'")
        assert kept.fetchall() == [(1,)]
    deliver(shop, NINTH)
    check = found(run(shop, CHECKED, NINTH))
    assert f"lacks {DAYS[4]} (landed files: 0, published days: 1)" in str(check.description)
    assert f"`rfm refresh --from {DAYS[4]}`" in str(check.description)
    archived.rename(shop / "landing" / f"{DAYS[4]}_transactions.csv")
    assert run(shop, CHECKED, DAYS[4], NINTH).success


def test_a_day_that_is_run_again_after_it_was_emptied_stays_emptied(shop: Path) -> None:
    moved = str(day(10))
    (shop / "landing" / f"{DAYS[4]}_transactions.csv").rename(shop / "landing" / f"{moved}_transactions.csv")
    assert run(shop, CHECKED, DAYS[4], moved).success
    assert run(shop, CHECKED, DAYS[4], moved).success
    deliver(shop, str(day(11)))
    assert run(shop, CHECKED, str(day(11))).success
    emptied = f"SELECT version IS NOT NULL, outcome FROM bronze.unloaded_files WHERE processing_date = '{DAYS[4]}'"
    assert rows(shop, emptied) == [(True, "removed")]


@pytest.mark.parametrize("make", [lambda path: path.symlink_to("days"), Path.mkdir], ids=["a link", "a folder"])
def test_what_is_named_like_a_daily_file_and_left_alone_holds_up_nothing(
    shop: Path, make: Callable[[Path], None]
) -> None:
    (shop / "landing" / "days").mkdir()
    land(shop, DAYS[2], sale(invoice="499999", invoice_date=DAYS[2]), name="_evening.csv").rename(
        shop / "landing" / "days" / f"{DAYS[2]}_evening.csv"
    )
    assert run(shop, CHECKED, DAYS[2], EIGHT[-1]).success
    make(shop / "landing" / f"{DAYS[3]}_evening.csv")
    deliver(shop, NINTH)
    assert run(shop, CHECKED, NINTH).success


def test_a_file_that_was_refused_is_not_fetched_again_by_later_runs(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched, fetch = [], FolderLandingZone.fetch

    def counted(zone: FolderLandingZone, file: LandedFile, scratch: Path) -> Path:
        fetched.append(file.key)
        return fetch(zone, file, scratch)

    monkeypatch.setattr(FolderLandingZone, "fetch", counted)
    broken = land_bytes(shop, f"{NINTH}_transactions.csv", b"Invoice;StockCode\n")
    assert not run(shop, CHECKED, NINTH).success
    for number in (10, 11):
        deliver(shop, str(day(number)))
        assert run(shop, CHECKED, str(day(number))).success
    assert fetched.count(broken.name) == 1
    deliver(shop, NINTH)
    assert not run(shop, CHECKED, str(day(11))).success


@pytest.mark.parametrize("days", [(), (NINTH, NINTH)], ids=["all days", "a day"])
def test_the_check_can_be_launched_by_itself(shop: Path, days: tuple[str, ...]) -> None:
    alone = dg.AssetSelection.checks(no_earlier_day_is_lost)
    deliver(shop, NINTH)
    assert found(run(shop, alone, *days)).passed == bool(days)
    land(shop, DAYS[0], sale(), name="_evening.csv")
    assert not found(run(shop, alone, *days)).passed


@pytest.mark.parametrize("name", [rebuild_segments.name, cluster_customers.name])
def test_a_job_that_publishes_by_itself_takes_no_day_from_readers(shop: Path, name: str) -> None:
    lose(shop)
    deliver(shop, NINTH)
    run(shop, EVERYTHING.without_checks(), NINTH, raise_on_error=True)  # as somebody would who switches checks off
    job = build_definitions(resources(shop)).resolve_job_def(name)
    with dg.DagsterInstance.ephemeral() as instance, warnings.catch_warnings():
        warnings.filterwarnings("ignore", "InitResourceContext.dagster_run", DeprecationWarning)  # Dagster's own call
        with pytest.raises(
            PublishedError,
            match=f"nothing was published: .*8 days from {EIGHT[0]} to {EIGHT[-1]}.*`rfm refresh --from {EIGHT[0]}`",
        ):
            job.execute_in_process(instance=instance, tags=range_tags(day(9), day(9)))
    assert published_days(shop) == EIGHT


def test_the_daily_refresh_has_gold_wait_for_the_check(shop: Path) -> None:
    lose(shop)
    deliver(shop, NINTH)
    assert {
        key.name
        for key in build_definitions(resources(shop))
        .resolve_job_def(daily_refresh.name)
        .asset_layer.asset_graph.asset_check_keys
    } >= {LOST}
    result = run(shop, EVERYTHING | dg.AssetSelection.groups("publishing"), NINTH)
    assert red(result) >= {LOST}
    made = {event.step_key for event in result.all_events if event.is_step_success}
    assert "counted_transactions" in made
    assert not {step for step in made if step.startswith(("gold", "publishing"))}
