"""Two shops can share Dagster's records: neither uses the other's cursor or runs."""

from datetime import date
from pathlib import Path

import dagster as dg

from rfm_assets.automation.landing_sensor import landed_files
from rfm_assets.automation.run_tags import tags_of_days
from rfm_assets.automation.runs import ended_days, has_failed
from rfm_assets.automation.seen import Seen
from rfm_assets.automation.shop import SHOP, shop_of
from rfm_assets.landing.folder import FolderLandingZone
from rfm_assets.partitions import days_of_tags
from rfm_assets_tests.helpers.scenario import DAY, NEXT_DAY, land, sale, warehouse


def tick(shop: Path, instance: dg.DagsterInstance, cursor: str | None) -> tuple[object, str]:
    """The days that a shop's sensor requests, and its next cursor."""
    (shop / "landing").mkdir(parents=True, exist_ok=True)
    plugged = {"landing": FolderLandingZone(folder=str(shop / "landing")), "warehouse": warehouse(shop)}
    with dg.build_sensor_context(instance, cursor=cursor, resources=plugged) as context:
        told = landed_files.evaluate_tick(context)
    for request in told.run_requests or []:  # launched, as the daemon does it
        instance.add_run(dg.DagsterRun("daily_refresh", tags=dict(request.tags), status=dg.DagsterRunStatus.STARTED))
    days = [days_of_tags(request.tags) for request in told.run_requests or []]
    return (days[0] if days else None), str(told.cursor)


def test_the_cursor_of_another_shop_is_not_taken(tmp_path: Path) -> None:
    sample, mine = tmp_path / "sample", tmp_path / "mine"
    land(sample, DAY, sale())
    land(mine, NEXT_DAY, sale(invoice_date=NEXT_DAY))
    with dg.DagsterInstance.ephemeral() as instance:
        _, cursor = tick(sample, instance, None)
        asked, cursor = tick(mine, instance, cursor)
        assert asked == (date.fromisoformat(NEXT_DAY), date.fromisoformat(NEXT_DAY))
        assert tick(mine, instance, cursor)[0] is None


def test_a_cursor_that_names_no_shop_goes_on(tmp_path: Path) -> None:
    land(tmp_path, DAY, sale())
    with dg.DagsterInstance.ephemeral() as instance:
        _, cursor = tick(tmp_path, instance, None)
        older = cursor.partition(":")[2]
        assert Seen.decode(older).days
        assert tick(tmp_path, instance, older)[0] is None


def test_the_failed_run_of_another_shop_is_not_made_good(tmp_path: Path) -> None:
    day = date.fromisoformat(DAY)
    folders = tmp_path / "mine", tmp_path / "other"
    mine, other = (shop_of(FolderLandingZone(folder=str(one)), warehouse(one)) for one in folders)
    assert mine != other
    with dg.DagsterInstance.ephemeral() as instance:
        tags = tags_of_days(day, day) | {SHOP: other}
        instance.add_run(dg.DagsterRun("daily_refresh", tags=tags, status=dg.DagsterRunStatus.FAILURE))
        assert has_failed(instance, day, other)
        assert not has_failed(instance, day, mine)
        assert day in ended_days(instance, other).failed
        assert day not in ended_days(instance, mine).failed
