"""A run publishes its days at its end, and its metadata describes them."""

from pathlib import Path

import dagster as dg
import pytest

from rfm_assets.errors import PublishedError, WarehouseError
from rfm_assets.publishing import reader
from rfm_assets_tests.helpers.runs import EVERYTHING, run
from rfm_assets_tests.helpers.scenario import DAY, NEXT_DAY, THIRD_DAY, land, sale

pytestmark = pytest.mark.slow

COPY = dg.AssetSelection.assets(dg.AssetKey(["publishing", "snapshot"]))


def land_days(shop: Path, *days: str) -> None:
    for number, day in enumerate(days):
        land(shop, day, sale(invoice=f"48943{number}", invoice_date=day), sale(quantity="0", invoice_date=day))


def published(shop: Path, sql: str) -> list[tuple[object, ...]]:
    with reader.published_copy(shop / "published") as held:
        return held.execute(sql).fetchall()


def test_a_run_publishes_its_days_and_the_next_one_adds_its_own(tmp_path: Path) -> None:
    land_days(tmp_path, DAY, NEXT_DAY, THIRD_DAY)
    segments = "SELECT CAST(as_of_date AS VARCHAR), CustomerID FROM gold.customer_segments ORDER BY 1"
    for first, last, held in ((DAY, NEXT_DAY, [DAY, NEXT_DAY]), (THIRD_DAY, THIRD_DAY, [DAY, NEXT_DAY, THIRD_DAY])):
        result = run(tmp_path, EVERYTHING.without_checks() | COPY, first, last, raise_on_error=True)
        assert published(tmp_path, segments) == [(day, "13085") for day in held]
        told = result.asset_materializations_for_node("publishing__snapshot")[-1].metadata
        assert told["days"].value == f"{DAY} to {last}"
        assert told["dagster/row_count"].value > 10
    assert published(tmp_path, "SELECT run_id FROM meta.published") == [(result.run_id,)]


def test_a_warehouse_that_has_no_segments_yet_is_published_without_lists(tmp_path: Path) -> None:
    land_days(tmp_path, DAY)
    lines = dg.AssetSelection.groups("bronze", "silver", "quality").without_checks()
    result = run(tmp_path, lines | dg.AssetSelection.groups("publishing"), DAY, raise_on_error=True)
    assert published(tmp_path, "SELECT total_records FROM quality.bronze_daily_quality") == [(2,)]
    assert result.asset_materializations_for_node("publishing__audiences")[0].metadata["lists"].value == 0


def test_without_a_warehouse_nothing_is_published(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match=r"there is no warehouse at .*: materialize a day first"):
        run(tmp_path, COPY, DAY, raise_on_error=True)
    assert not (tmp_path / "published").exists()


def test_a_folder_that_cannot_be_written_is_named_with_the_way_out(tmp_path: Path) -> None:
    land_days(tmp_path, DAY)
    (tmp_path / "published").write_text("a file is in the way")
    run(tmp_path, EVERYTHING.without_checks(), DAY, raise_on_error=True)
    with pytest.raises(
        PublishedError, match=r"cannot publish into .*published: .* set RFM_PUBLISHED to another folder"
    ):
        run(tmp_path, COPY, DAY, raise_on_error=True)
