"""A day's clusters are the same however days are run; steadiness compares with the day before."""

import base64
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd
import pytest

from rfm_assets.contracts import TABLES
from rfm_assets.contracts.gold import CUSTOMER_RFM
from rfm_assets.contracts.ml import CLUSTER_SELECTION, CLUSTER_SUMMARY, CUSTOMER_CLUSTERS
from rfm_assets.errors import WarehouseError
from rfm_assets.ml import assets as ml_assets
from rfm_assets.ml import days as ml_days
from rfm_assets.ml.clustering import cluster_day
from rfm_assets.ml.settings import ClusterSettings
from rfm_assets_tests.helpers.runs import red, run
from rfm_assets_tests.helpers.scenario import DAY, NEXT_DAY, THIRD_DAY, rows, warehouse
from rfm_assets_tests.ml.crowds import crowd, customer, customers

pytestmark = pytest.mark.slow

CLUSTERS = dg.AssetSelection.groups("ml")
UNCHECKED = CLUSTERS.without_checks()
ML_TABLES = [table for table in TABLES.values() if table.schema == "ml"]

GROWING = {DAY: crowd(90), NEXT_DAY: crowd(120, seed=2), THIRD_DAY: crowd(150, seed=3)}
NOBODY, TOO_FEW = customers(), customers(*(customer(f"C{n}", monetary=n + 0.1) for n in range(5)))


def shop_with(folder: Path, snapshots: Mapping[str, pd.DataFrame]) -> Path:
    """A shop whose warehouse holds these customers, and nothing else."""
    with warehouse(folder).transaction() as connection:
        connection.execute(f"CREATE SCHEMA gold; {CUSTOMER_RFM.ddl()}")
        for day, of_day in snapshots.items():
            connection.register("of_day", of_day)
            connection.execute(
                f"INSERT INTO gold.customer_rfm BY NAME SELECT DATE '{day}' AS as_of_date, * FROM of_day"
            )
            connection.unregister("of_day")
    return folder


def clustered(shop: Path, *days: str, selection: dg.AssetSelection = CLUSTERS) -> dg.ExecuteInProcessResult:
    return run(shop, selection, *days, raise_on_error=True)


def stored(shop: Path) -> Mapping[str, Sequence[tuple[Any, ...]]]:
    return {table.address: rows(shop, f"FROM {table.address} ORDER BY {', '.join(table.key)}") for table in ML_TABLES}


def said_of(result: dg.ExecuteInProcessResult, day: str) -> dict[str, Any]:
    """The metadata of a materialization of a day's clusters, by label."""
    events = result.get_asset_materialization_events()
    made = [event.step_materialization_data.materialization for event in events]
    (found,) = [one for one in made if (one.asset_key, one.partition) == (CUSTOMER_CLUSTERS.asset_key, day)]
    return {label: value.value for label, value in found.metadata.items()}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shop_with(tmp_path_factory.mktemp("shop"), GROWING)


@pytest.fixture(scope="module")
def one_run(shop: Path) -> dg.ExecuteInProcessResult:
    """The three days in one run."""
    return clustered(shop, DAY, THIRD_DAY)


@pytest.fixture
def steady(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with `refit = "steady"` in the shop file."""
    monkeypatch.setattr(ml_assets, "SETTINGS", ClusterSettings(refit="steady"))


@pytest.mark.usefixtures("one_run")
def test_a_range_stores_what_each_day_gives_alone(shop: Path) -> None:
    for day, of_day in GROWING.items():
        alone = cluster_day(date.fromisoformat(day), of_day)
        frames = (alone.customer_clusters, alone.cluster_selection, alone.cluster_summary)
        for table, frame in zip((CUSTOMER_CLUSTERS, CLUSTER_SELECTION, CLUSTER_SUMMARY), frames, strict=True):
            columns = [name for name in table.types if name not in {"as_of_date", "MaxInvoiceDate", "Monetary"}]
            select = f"SELECT {', '.join(columns)} FROM {table.address} WHERE as_of_date = DATE '{day}'"
            assert rows(shop, f"{select} ORDER BY ALL") == sorted(frame[columns].itertuples(index=False, name=None))


@pytest.mark.usefixtures("one_run")
def test_customers_keep_their_exact_values(shop: Path) -> None:
    measures = ", ".join(CUSTOMER_RFM.types)
    kept = rows(shop, f"SELECT {measures} FROM ml.customer_clusters ORDER BY ALL")
    assert kept == rows(shop, f"SELECT {measures} FROM gold.customer_rfm ORDER BY ALL")


@pytest.mark.usefixtures("one_run")
@pytest.mark.parametrize("workers", [1, 2])
def test_days_in_any_order_and_again_on_any_number_of_workers_store_the_same(
    shop: Path, tmp_path: Path, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: workers)
    other = shop_with(tmp_path, GROWING)
    for days in ([NEXT_DAY], [DAY], [NEXT_DAY, THIRD_DAY]):
        clustered(other, *days, selection=UNCHECKED)
    assert stored(other) == stored(shop)


def test_every_check_is_there_and_none_is_red_but_the_one_of_steadiness(one_run: dg.ExecuteInProcessResult) -> None:
    evaluations = one_run.get_asset_check_evaluations()
    assert {one.asset_key for one in evaluations} == {table.asset_key for table in ML_TABLES}
    assert red(one_run) <= {"clusters_are_steady"}  # three crowds drawn apart from each other


def test_a_day_says_how_many_clusters_it_has_and_how_well_apart_they_are(one_run: dg.ExecuteInProcessResult) -> None:
    for day, of_day in GROWING.items():
        said, found = said_of(one_run, day), cluster_day(date.fromisoformat(day), of_day)
        assert said["customers"] == said["dagster/partition_row_count"] == len(of_day)
        assert (said["clusters"], said["silhouette"]) == (found.chosen_k, found.silhouette)
        assert not {"silhouette_sample", "unclustered_because"} & set(said)


def test_the_last_day_of_a_run_has_a_picture_small_enough_for_the_ui(one_run: dg.ExecuteInProcessResult) -> None:
    assert [day for day in GROWING if "picture" in said_of(one_run, day)] == [THIRD_DAY]
    text = said_of(one_run, THIRD_DAY)["picture"]
    assert text.startswith(f"![Clusters as of {THIRD_DAY}](data:image/svg+xml;base64,")
    assert base64.b64decode(text.split(",")[1].rstrip(")")).startswith(b"<svg ")
    assert len(text) < 60_000


def test_the_warehouse_is_free_while_days_are_clustered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop, cluster_days = shop_with(tmp_path, GROWING), ml_days.cluster_days

    def watched(*arguments: Any, **more: Any) -> Iterator[object]:  # noqa: ANN401 - as they come
        for found in cluster_days(*arguments, **more):
            with warehouse(shop).transaction():  # refused while anybody is reading
                yield found

    monkeypatch.setattr(ml_days, "cluster_days", watched)
    clustered(shop, DAY, THIRD_DAY, selection=UNCHECKED)
    assert len(rows(shop, "SELECT DISTINCT as_of_date FROM ml.customer_clusters")) == 3


def test_days_without_customers_are_empty_and_stop_nothing(tmp_path: Path) -> None:
    shop = shop_with(tmp_path, {DAY: NOBODY, NEXT_DAY: NOBODY, THIRD_DAY: GROWING[DAY]})
    assert not red(clustered(shop, DAY, NEXT_DAY))
    assert set(map(len, stored(shop).values())) == {0}
    result = clustered(shop, DAY, THIRD_DAY, selection=UNCHECKED)
    assert len(rows(shop, "FROM ml.customer_clusters")) == len(GROWING[DAY])
    assert rows(shop, "FROM ml.cluster_stability") == []
    assert said_of(result, DAY)["customers"] == 0
    assert "0 distinct ones" in said_of(result, DAY)["unclustered_because"]


def test_too_few_customers_are_one_cluster_and_the_day_says_so(tmp_path: Path) -> None:
    shop = shop_with(tmp_path, {DAY: TOO_FEW, NEXT_DAY: TOO_FEW})
    result = clustered(shop, DAY, NEXT_DAY)
    assert not red(result)
    assert set(rows(shop, "SELECT Cluster, count(*) FROM ml.customer_clusters GROUP BY ALL")) == {(0, 10)}
    assert rows(shop, "FROM ml.cluster_selection") == []
    said = said_of(result, NEXT_DAY)
    assert said["clusters"] == 0
    assert said["unclustered_because"].startswith("Too few customers to cluster: 5 distinct ones")
    assert "picture" in said
    (steady,) = rows(shop, "FROM ml.cluster_stability")
    assert steady == (date.fromisoformat(NEXT_DAY), date.fromisoformat(DAY), None, None, 1.0, 1.0, 5)


def test_a_day_is_compared_with_the_day_before_where_that_is_stored(tmp_path: Path) -> None:
    shop = shop_with(tmp_path, GROWING)
    compared = "SELECT CAST(as_of_date AS VARCHAR), CAST(compared_to AS VARCHAR) FROM ml.cluster_stability ORDER BY 1"
    for days, found in (
        ([THIRD_DAY], []),
        ([DAY], []),
        ([NEXT_DAY], [(NEXT_DAY, DAY)]),
        ([NEXT_DAY, THIRD_DAY], [(NEXT_DAY, DAY), (THIRD_DAY, NEXT_DAY)]),
    ):
        clustered(shop, *days, selection=UNCHECKED)
        assert rows(shop, compared) == found


@pytest.mark.usefixtures("one_run")
def test_steadiness_names_both_numbers_of_clusters_and_the_customers_of_both_days(shop: Path) -> None:
    chosen = dict(rows(shop, "SELECT as_of_date, k FROM ml.cluster_selection WHERE chosen"))
    found = rows(shop, "SELECT as_of_date, compared_to, k, previous_k, customers_in_both FROM ml.cluster_stability")
    assert [(k, previous) for _, _, k, previous, _ in found] == [(chosen[day], chosen[to]) for day, to, *_ in found]
    assert [both for *_, both in found] == [90, 120]  # every crowd numbers its customers from the same start


def test_clusters_without_snapshots_say_what_to_materialize_first(tmp_path: Path) -> None:
    with warehouse(tmp_path).transaction():
        pass
    with pytest.raises(
        WarehouseError, match=r"ml\.customer_clusters needs a table that does not exist yet.*customer_rfm"
    ):
        clustered(tmp_path, DAY)


@pytest.mark.usefixtures("steady")
def test_steady_days_one_by_one_store_what_a_range_does_and_a_late_day_can_be_made_again(tmp_path: Path) -> None:
    whole, parts = (shop_with(tmp_path / name, GROWING) for name in ("whole", "parts"))
    assert red(clustered(whole, DAY, THIRD_DAY)) <= {"clusters_are_steady"}
    for days in ([DAY], [NEXT_DAY], [THIRD_DAY], [NEXT_DAY, THIRD_DAY]):
        clustered(parts, *days, selection=UNCHECKED)
    assert stored(parts) == stored(whole)
    events = "SELECT DISTINCT CAST(as_of_date AS VARCHAR), event FROM ml.cluster_events"
    assert (DAY, "started") in rows(whole, events)
    assert not {(day, "started") for day in (NEXT_DAY, THIRD_DAY)} & set(rows(whole, events))


@pytest.mark.usefixtures("steady")
def test_a_steady_day_whose_day_before_is_not_stored_starts_afresh(tmp_path: Path) -> None:
    shop = shop_with(tmp_path, GROWING)
    clustered(shop, NEXT_DAY, selection=UNCHECKED)
    started = rows(shop, "SELECT to_cluster FROM ml.cluster_events WHERE event = 'started' ORDER BY 1")
    assert started == rows(shop, "SELECT Cluster FROM ml.cluster_summary WHERE Cluster >= 0 ORDER BY 1")


@pytest.mark.usefixtures("one_run")
def test_clusters_that_are_refitted_daily_have_neither_events_nor_a_state(shop: Path) -> None:
    assert rows(shop, "FROM ml.cluster_events") == rows(shop, "FROM ml.cluster_state") == []
