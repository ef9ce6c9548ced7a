"""The asset graph as users see it: edges, groups, kinds, owners and jobs; and it loads fast."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest

from docs.draw_asset_graph import picture
from rfm_assets.automation.jobs import JOBS
from rfm_assets.automation.run_tags import PURPOSE
from rfm_assets.definitions import defs, resources_for
from rfm_assets.partitions import (
    A_YEAR_BEFORE_TOO,
    DAILY,
    EVERY_DAY_SO_FAR,
    THE_DAY_BEFORE_TOO,
    THIRTY_DAYS_BEFORE_TOO,
)
from rfm_assets.settings import settings
from rfm_assets.tables.code_references import code_references
from rfm_assets.tables.freshness import refreshed_daily

PROJECT = Path(__file__).parents[1]

LAYERS = ("bronze", "silver", "quality", "gold", "proof", "ml")

# What each table is made from; always the same days, except for the edges in REACHING_BACK.
READS = {
    "bronze/transactions": set(),
    "bronze/landed_files": set(),
    "bronze/unloaded_files": set(),
    "silver/transactions": {"bronze/transactions"},
    "silver/rejected_transactions": {"bronze/transactions"},
    "quality/bronze_daily_quality": {"bronze/transactions"},
    "quality/bronze_silver_dq_comparison": {"bronze/transactions", "silver/transactions"},
    "quality/customer_identity": {"bronze/transactions", "silver/transactions", "silver/invoices"},
    "quality/daily_counts": {"bronze/transactions", "silver/transactions"},
    "quality/rule_outcomes": {"bronze/transactions", "silver/rejected_transactions"},
    "silver/file_outcomes": {"silver/transactions", "silver/rejected_transactions"},
    "silver/customer_invoices": {"silver/transactions", "silver/rejected_transactions"},
    "silver/invoices": {"silver/transactions"},
    "silver/returns": {"silver/transactions", "silver/rejected_transactions"},
    "gold/customer_money": {"silver/customer_invoices", "silver/returns"},
    "gold/customer_rfm": {"silver/customer_invoices"},
    "gold/segment_thresholds": {"gold/customer_rfm"},
    "gold/customer_segments": {"gold/customer_rfm", "gold/segment_thresholds"},
    "gold/segment_summary": {"gold/customer_segments"},
    "gold/segment_migration": {"gold/customer_segments", "gold/segment_thresholds"},
    "gold/customer_scores": {"silver/customer_invoices", "gold/customer_rfm"},
    "proof/segment_outcomes": {"gold/customer_segments", "silver/customer_invoices"},
    "proof/backtest": {
        "gold/customer_segments",
        "gold/customer_scores",
        "proof/segment_outcomes",
        "silver/customer_invoices",
    },
    "proof/expected_revenue": {"gold/customer_segments", "gold/customer_scores", "proof/segment_outcomes"},
    "ml/customer_clusters": {"gold/customer_rfm"},
    "ml/cluster_selection": {"gold/customer_rfm"},
    "ml/cluster_summary": {"gold/customer_rfm"},
    "ml/cluster_events": {"gold/customer_rfm"},
    "ml/cluster_state": {"gold/customer_rfm"},
    "ml/cluster_stability": {"ml/customer_clusters", "ml/cluster_selection"},
}
REACHING_BACK = {
    ("silver/file_outcomes", "silver/transactions"): EVERY_DAY_SO_FAR,
    ("silver/customer_invoices", "silver/transactions"): EVERY_DAY_SO_FAR,
    ("silver/invoices", "silver/transactions"): EVERY_DAY_SO_FAR,
    ("silver/returns", "silver/transactions"): EVERY_DAY_SO_FAR,
    ("gold/customer_money", "silver/customer_invoices"): EVERY_DAY_SO_FAR,
    ("gold/customer_money", "silver/returns"): EVERY_DAY_SO_FAR,
    ("gold/customer_rfm", "silver/customer_invoices"): EVERY_DAY_SO_FAR,
    ("quality/customer_identity", "silver/invoices"): EVERY_DAY_SO_FAR,
    ("gold/customer_scores", "silver/customer_invoices"): EVERY_DAY_SO_FAR,
    ("gold/segment_migration", "gold/customer_segments"): THIRTY_DAYS_BEFORE_TOO,
    ("gold/segment_migration", "gold/segment_thresholds"): THIRTY_DAYS_BEFORE_TOO,
    ("proof/segment_outcomes", "gold/customer_segments"): A_YEAR_BEFORE_TOO,
    ("proof/segment_outcomes", "silver/customer_invoices"): A_YEAR_BEFORE_TOO,
    ("proof/backtest", "gold/customer_segments"): A_YEAR_BEFORE_TOO,
    ("proof/backtest", "gold/customer_scores"): A_YEAR_BEFORE_TOO,
    ("proof/backtest", "silver/customer_invoices"): A_YEAR_BEFORE_TOO,
    ("proof/backtest", "proof/segment_outcomes"): EVERY_DAY_SO_FAR,
    ("proof/expected_revenue", "proof/segment_outcomes"): EVERY_DAY_SO_FAR,
    ("ml/cluster_stability", "ml/customer_clusters"): THE_DAY_BEFORE_TOO,
    ("ml/cluster_stability", "ml/cluster_selection"): THE_DAY_BEFORE_TOO,
}
KINDS = {"bronze/transactions": {"csv", "duckdb"}} | {
    address: {"duckdb", "scikitlearn"} for address in READS if address.startswith("ml/")
}

GRAPH = defs.resolve_asset_graph()
PUBLISHED = ("bronze/landed_files", "silver/rejected_transactions", "gold/segment_thresholds", "gold/customer_segments")

every_asset = pytest.mark.parametrize("address", READS)


def key(address: str) -> dg.AssetKey:
    return dg.AssetKey(address.split("/"))


def test_the_definitions_load_with_every_resource_in_place() -> None:
    dg.Definitions.validate_loadable(defs)
    assert set(resources_for(settings())) >= {"landing", "warehouse", "io_manager"}


def test_the_edges_are_these() -> None:
    found = {one: GRAPH.get(one).parent_keys for one in GRAPH.materializable_asset_keys if one.path[0] in LAYERS}
    assert found == {key(address): {key(parent) for parent in parents} for address, parents in READS.items()}


def test_the_picture_in_the_docs_is_of_these_edges() -> None:
    written = PROJECT / "docs" / "images" / "asset-graph.svg"
    assert written.read_text(encoding="utf-8") == picture(), "run `make docs`"


@every_asset
def test_an_edge_is_of_the_same_days_unless_it_reaches_back(address: str) -> None:
    mappings = GRAPH.get(key(address)).partition_mappings
    for parent in READS[address]:
        assert mappings.get(key(parent)) == REACHING_BACK.get((address, parent))


def test_an_as_of_day_depends_on_every_day_up_to_it_and_on_none_after() -> None:
    upstream = EVERY_DAY_SO_FAR.get_upstream_mapped_partitions_result_for_partitions(
        DAILY.subset_with_partition_keys(["2025-06-28"]), DAILY, DAILY
    )
    assert list(upstream.partitions_subset.get_partition_keys()) == ["2025-06-26", "2025-06-27", "2025-06-28"]


def test_the_day_before_the_first_of_the_calendar_is_not_asked_for() -> None:
    for day, wanted in (("2025-06-26", ["2025-06-26"]), ("2025-06-27", ["2025-06-26", "2025-06-27"])):
        upstream = THE_DAY_BEFORE_TOO.get_upstream_mapped_partitions_result_for_partitions(
            DAILY.subset_with_partition_keys([day]), DAILY, DAILY
        )
        assert list(upstream.partitions_subset.get_partition_keys()) == wanted


@every_asset
def test_every_table_is_daily(address: str) -> None:
    assert GRAPH.get(key(address)).partitions_def == DAILY


def test_one_run_takes_a_whole_range_of_every_asset_those_without_days_too() -> None:
    policies = {one.to_user_string(): GRAPH.get(one).backfill_policy for one in GRAPH.materializable_asset_keys}
    assert policies == dict.fromkeys(policies, dg.BackfillPolicy.single_run())


@every_asset
def test_one_step_at_a_time_opens_the_warehouse(address: str) -> None:
    assert GRAPH.get(key(address)).pools == {"warehouse"}


def test_every_check_step_opens_the_warehouse_in_its_turn() -> None:
    assert {built.op.pool for built in defs.asset_checks or []} == {"warehouse"}


@every_asset
def test_an_asset_is_in_the_group_of_its_layer_and_has_an_owner_and_kinds(address: str) -> None:
    node = GRAPH.get(key(address))
    assert node.group_name == key(address).path[0]
    assert node.owners == [settings().owner]
    assert node.kinds == KINDS.get(address, {"duckdb", "sql"})


@every_asset
def test_an_asset_is_described_in_a_sentence_for_an_analyst(address: str) -> None:
    first_line = str(GRAPH.get(key(address)).description).splitlines()[0]
    assert first_line.endswith(".")
    assert len(first_line.split()) >= 8


@every_asset
def test_every_asset_has_checks(address: str) -> None:
    assert len(GRAPH.get(key(address)).check_keys) >= 3


def test_jobs_are_named_for_what_people_launch() -> None:
    layers = {
        "daily_refresh": set(LAYERS),
        "load_landed_files": {"bronze", "silver", "quality"},
        "rebuild_segments": {"gold", "proof"},
        "cluster_customers": {"ml"},
    }
    for name, groups in layers.items():
        job = defs.resolve_job_def(name)
        refreshed = {one for one in job.asset_layer.executable_asset_keys if one.path[0] in LAYERS}
        assert job.description
        assert refreshed == {key(address) for address in READS if address.split("/")[0] in groups}, name
        checked = {one.asset_key for one in job.asset_layer.asset_graph.asset_check_keys}
        assert checked >= refreshed, name


def test_a_run_ends_with_publishing_what_readers_need() -> None:
    snapshot = GRAPH.get(dg.AssetKey(["publishing", "snapshot"]))
    assert snapshot.parent_keys >= {key(address) for address in PUBLISHED}
    assert snapshot.parent_keys >= {key(address) for address in READS if address.startswith(("quality/", "ml/"))}
    assert key("silver/transactions") in snapshot.parent_keys  # for customers' products
    assert key("bronze/transactions") not in snapshot.parent_keys
    assert (snapshot.partitions_def, snapshot.backfill_policy) == (DAILY, dg.BackfillPolicy.single_run())
    assert (snapshot.group_name, snapshot.pools, snapshot.owners) == ("publishing", {"warehouse"}, [settings().owner])
    assert GRAPH.get(dg.AssetKey(["publishing", "audiences"])).parent_keys == {snapshot.key}
    for name in ("daily_refresh", "rebuild_segments", "cluster_customers"):
        assert snapshot.key in defs.resolve_job_def(name).asset_layer.executable_asset_keys


def test_loading_the_definitions_imports_nothing_heavy() -> None:
    program = "import sys, rfm_assets.definitions; print(*{name.split('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert {"dagster", "duckdb"} <= set(loaded)
    heavy = {
        "pandas",
        "numpy",
        "sklearn",
        "scipy",
        "pyarrow",
        "boto3",
        "botocore",
        "matplotlib",
        "streamlit",
        "pyspark",
    }
    assert heavy & set(loaded) == set()


def references_of(address: str) -> list[str]:
    found = GRAPH.get(key(address)).metadata["dagster/code_references"]
    assert isinstance(found, dg.CodeReferencesMetadataValue)
    return [str(one.label) for one in found.code_references]


@every_asset
def test_the_ui_leads_to_the_code_of_an_asset(address: str) -> None:
    layer, table = address.split("/")
    statement = f"rfm_assets/{layer}/{table}.sql"
    assert references_of(address)[0] == f"rfm_assets/{layer}/assets.py"
    assert references_of(address)[1:] == ([statement] if (PROJECT / statement).exists() else [])


def test_links_to_the_code_lead_to_the_repository_where_one_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RFM_CODE_URL", "https://code.example/rfm/blob/main/")
    settings.cache_clear()
    try:
        found = code_references(resources_for)["dagster/code_references"]
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    (reference,) = found.code_references
    assert isinstance(reference, dg.UrlCodeReference)
    assert reference.url.startswith("https://code.example/rfm/blob/main/rfm_assets/definitions.py#L")


def test_every_job_has_an_owner_and_says_what_its_runs_are_for() -> None:
    purposes = {job.name: job.tags[PURPOSE] for job in JOBS if job.tags}
    alone = {name: defs.resolve_job_def(name).tags[PURPOSE] for name in ("erase_customers", "thin_snapshots")}
    assert purposes | alone == {
        "daily_refresh": "refresh",
        "land_exports": "landing",
        "load_landed_files": "partial-refresh",
        "rebuild_segments": "partial-refresh",
        "cluster_customers": "partial-refresh",
        "watch_landing": "watch",
        "weekly_digest": "digest",
        "erase_customers": "erasure",
        "thin_snapshots": "retention",
    }
    assert all(defs.resolve_job_def(job.name).owners == [settings().owner] for job in JOBS)


def test_what_people_look_at_every_day_has_a_badge_of_its_freshness() -> None:
    badges = {one.to_user_string() for one in GRAPH.materializable_asset_keys if GRAPH.get(one).freshness_policy}
    assert badges == {"gold/segment_summary", "publishing/snapshot"}


@pytest.mark.parametrize(("days", "late", "stale"), [(0, None, 25), (1, 25, 49), (3, 25, 97)])
def test_a_badge_is_late_after_the_next_refresh_and_stale_some_days_later(
    days: int, late: int | None, stale: int
) -> None:
    wanted = dg.FreshnessPolicy.time_window(timedelta(hours=stale), timedelta(hours=late) if late else None)
    assert refreshed_daily(days) == wanted
