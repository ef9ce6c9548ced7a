"""A table's code version changes when a rule its rows depend on changes, and only then."""

import json
import subprocess
import sys
from dataclasses import replace
from functools import partial

import pytest

from rfm_assets.contracts import bronze, gold, ml, quality, silver
from rfm_assets.definitions import defs
from rfm_assets.ml.settings import ClusterSettings
from rfm_assets.silver import assets as silver_assets
from rfm_assets.silver.rules import RULES, judged
from rfm_assets.tables import code_version
from rfm_assets.tables.table_asset import STEPS
from rfm_assets.warehouse.query import Query

pytestmark = pytest.mark.slow

VERSIONS = "from rfm_assets.tables.table_asset import STEPS; import json, rfm_assets.definitions; "
PRINTED = "print(json.dumps({table.address: step.code_version(table) for table, step in STEPS.items()}))"


def versions() -> dict[str, str]:
    return {table.address: step.code_version(table) for table, step in STEPS.items()}


def test_every_table_has_one_and_dagster_knows_it() -> None:
    graph = defs.resolve_asset_graph()
    known = {".".join(key.path): graph.get(key).code_version for key in (table.asset_key for table in STEPS)}
    assert known == versions()
    assert all(known.values())


def test_a_changed_rule_is_another_version_of_silver_and_not_of_bronze(monkeypatch: pytest.MonkeyPatch) -> None:
    before = versions()
    stricter = [replace(RULES[0], passes="length(trimmed_invoice) = 6"), *RULES[1:]]
    monkeypatch.setattr(silver_assets, "judged", partial(judged, rules=stricter))
    after = versions()
    changed = {address for address, version in after.items() if version != before[address]}
    assert changed == {silver.TRANSACTIONS.address, silver.REJECTED_TRANSACTIONS.address}


def test_a_setting_that_a_rule_reads_is_another_version_wherever_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RFM_INVOICE_DAYS_AHEAD", "2")
    other = subprocess.run([sys.executable, "-c", VERSIONS + PRINTED], capture_output=True, text=True, check=True)
    changed = {address for address, version in json.loads(other.stdout).items() if version != versions()[address]}
    assert changed >= {silver.TRANSACTIONS.address, silver.REJECTED_TRANSACTIONS.address}
    assert gold.SEGMENT_MIGRATION.address in changed
    assert not changed & {bronze.TRANSACTIONS.address, gold.CUSTOMER_RFM.address, quality.DAILY_COUNTS.address}


def test_another_column_or_another_text_is_another_version() -> None:
    table, statement = gold.CUSTOMER_RFM, Query("SELECT 1 AS one")
    version = code_version.of_statement(table, statement)
    assert version == code_version.of_statement(table, Query("SELECT 1 AS one"))
    assert version != code_version.of_statement(table, Query("SELECT 2 AS one"))
    assert version != code_version.of_statement(replace(table, columns=table.columns[:-1]), statement)


def test_comments_and_layout_are_no_other_version_but_texts_are() -> None:
    table, statement = gold.CUSTOMER_RFM, Query("SELECT 'it''s -- one' AS text FROM sales")
    version = code_version.of_statement(table, statement)
    laid_out = Query("SELECT -- it's said\n    'it''s -- one' AS text\n-- of silver\nFROM sales")
    assert version == code_version.of_statement(table, laid_out)
    assert version != code_version.of_statement(table, Query("SELECT 'it''s  -- one' AS text FROM sales"))
    assert version != code_version.of_statement(table, Query("SELECT 'it''s -- two' AS text FROM sales"))


def test_clusters_have_the_version_of_their_code_and_of_their_settings() -> None:
    step = STEPS[ml.CUSTOMER_CLUSTERS]
    looser = replace(step, depends_on=(ClusterSettings(fence=3.0),))
    assert step.code_version(ml.CUSTOMER_CLUSTERS) != looser.code_version(ml.CUSTOMER_CLUSTERS)
    assert step.code_version(ml.CUSTOMER_CLUSTERS) != step.code_version(ml.CLUSTER_SUMMARY)
    assert STEPS[ml.CLUSTER_STABILITY].code_version(ml.CLUSTER_STABILITY)


def test_the_time_of_day_is_not_in_it() -> None:
    assert "$now" in STEPS[quality.BRONZE_DAILY_QUALITY].statement(quality.BRONZE_DAILY_QUALITY).sql()
