"""Every check is green over a sound warehouse, and red, naming the rows, when one row is broken."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

import dagster as dg
import duckdb
import pytest

import rfm_assets.definitions  # noqa: F401 - declares the steps
from rfm_assets.config.segments import Segments
from rfm_assets.contracts import TABLES, Table
from rfm_assets.contracts.bronze import TRANSACTIONS as BRONZE
from rfm_assets.contracts.gold import CUSTOMER_MONEY, CUSTOMER_RFM
from rfm_assets.contracts.silver import REJECTED_TRANSACTIONS as REJECTED
from rfm_assets.metadata_table import metadata_table
from rfm_assets.tables.check import ERROR, WARN
from rfm_assets.tables.run_checks import evaluate
from rfm_assets.tables.table_asset import STEPS
from rfm_assets.warehouse.days import Days
from rfm_assets_tests.helpers.plain import (
    CHECKED,
    day,
    empty_warehouse,
    line,
    malformed,
    materialize,
    new_database,
    put,
    scratch,
)
from rfm_assets_tests.helpers.runs import shown
from rfm_assets_tests.tables.breakages import (
    ALL_BREAKAGES,
    BROKEN_DAY,
    DAYS,
    LAST_DAY,
    ON_LAST_DAY,
    ONE_OF_EACH,
    Breakage,
)

# A warning is about the source; any check not listed is a promise of the pipeline and blocks downstream tables.
WARNINGS = {
    ("bronze.transactions", "every_day_was_delivered"),
    ("bronze.transactions", "no_malformed_lines"),
    ("silver.transactions", "valid_invoice_no"),
    ("silver.transactions", "valid_stock_code"),
    ("silver.transactions", "valid_quantity"),
    ("silver.transactions", "valid_unit_price"),
    ("silver.transactions", "valid_line_amount"),
    ("silver.transactions", "valid_invoice_date"),
    ("silver.transactions", "not_after_its_file"),
    ("silver.transactions", "valid_customer_id"),
    ("silver.file_outcomes", "no_file_is_within_another"),
    ("quality.bronze_daily_quality", "volume_is_usual"),
    ("silver.customer_invoices", "earlier_days_are_usable"),
    ("gold.segment_thresholds", "earlier_days_have_this_policy"),
    ("silver.returns", "returns_are_usual"),
    ("silver.returns", "earlier_returns_are_there"),
    ("ml.cluster_selection", "clusters_are_apart"),
    ("ml.cluster_stability", "clusters_are_steady"),
}

# About days other than the run's own or its newest, so that changing one row on one day does not turn them red.
DO_NOT_BLOCK = {
    ("gold.customer_rfm", "later_snapshots_follow"),
    ("gold.customer_money", "later_snapshots_follow"),
    ("silver.customer_invoices", "older_days_are_usable"),
}
SEEN_RED_BELOW = {
    *DO_NOT_BLOCK,
    ("silver.customer_invoices", "earlier_days_are_usable"),
    ("silver.returns", "earlier_returns_are_there"),
    ("gold.segment_thresholds", "earlier_days_have_this_policy"),
}

# One cluster per customer, the same on every day.
CLUSTERED = """
    INSERT INTO ml.customer_clusters BY NAME
    SELECT as_of_date, CustomerID, MaxInvoiceDate, Recency, Frequency, Monetary,
        CASE CustomerID WHEN 'A' THEN 0 ELSE 1 END AS Cluster,
        'Silver Loyalists' AS Cluster_Description, 'Thank them.' AS Cluster_Recommendation
    FROM gold.customer_rfm;

    INSERT INTO ml.cluster_summary
    SELECT as_of_date, Cluster, 1, Monetary, Monetary, Frequency, Frequency, Recency, Recency,
        Cluster_Description, Cluster_Recommendation
    FROM ml.customer_clusters;

    INSERT INTO ml.cluster_selection
    SELECT DISTINCT as_of_date, k, silhouette, 10.0, 0.0, score, k = 2
    FROM gold.customer_rfm, (VALUES (2, 0.5, 0.9), (3, 0.4, 0.8)) AS tried(k, silhouette, score);

    INSERT INTO ml.cluster_events
    SELECT as_of_date, 'split', 0, 1, 1 FROM gold.customer_rfm WHERE CustomerID = 'A';

    INSERT INTO ml.cluster_state
    SELECT as_of_date, 3, 0, 10.0, 1.0, 1.0, NULL, 0, 1 FROM gold.customer_rfm WHERE CustomerID = 'A';

    INSERT INTO ml.cluster_stability
    SELECT as_of_date, as_of_date - 1, 2, 2, 1.0, 1.0, 2
    FROM gold.customer_rfm WHERE CustomerID = 'A' AND as_of_date > (SELECT min(as_of_date) FROM gold.customer_rfm);
"""

# Each day measures the day before it, with a horizon of one day: both customers buy.
PROVEN = """
    INSERT INTO proof.segment_outcomes
    SELECT as_of_date + 1, as_of_date, 1, segment, count(*), count(*), 1.0, 0.9, 1.0, revenue, revenue, revenue, 1.0
    FROM gold.customer_segments
    JOIN (
        SELECT processing_date AS day, sum(Amount) AS revenue FROM silver.customer_invoices GROUP BY processing_date
    ) AS delivered ON day = as_of_date + 1
    GROUP BY as_of_date, segment, revenue;

    INSERT INTO proof.backtest
    SELECT measured_on, as_of_date, horizon_days, 'Value_Score', customers, buyers, 0.5, 0.5, 0.5, 0.5, 0.5
    FROM proof.segment_outcomes;
"""


@cache
def sound_database() -> duckdb.DuckDBPyConnection:
    """Nine days without defects; both customers buy on each of them."""
    database = new_database()
    for number, on in enumerate(DAYS):
        put(database, BRONZE, *[line(on=on, Invoice=f"50{number}00{n}", CustomerID=who) for n, who in enumerate("AB")])
    materialize(database, DAYS[0], LAST_DAY)
    database.execute(CLUSTERED)
    database.execute(PROVEN)
    return database


def run_checks(
    address: str,
    store: duckdb.DuckDBPyConnection,
    days: tuple[date, date] = (date.min, date.max),
    *,
    rows_at_once: int | None = None,
) -> Mapping[str, dg.AssetCheckResult]:
    """The results of a table's checks by name."""
    table = TABLES[dg.AssetKey(address.split("."))]
    results = evaluate(STEPS[table].checks[table], table, store, days, rows_at_once=rows_at_once)
    return {str(result.check_name): result for result in results}


def check_specs() -> list[tuple[str, dg.AssetCheckSpec]]:
    """The checks of the tables that these tests break, with the addresses of the tables."""
    return [(table.address, check.spec(table)) for table in CHECKED for check in STEPS[table].checks[table]]


def sample(result: dg.AssetCheckResult) -> str:
    return shown(result.metadata["sample"]) if "sample" in result.metadata else ""


@pytest.fixture(scope="module")
def results_of_sound_days() -> Mapping[tuple[str, str], dg.AssetCheckResult]:
    with scratch(sound_database()) as store:
        return {
            (table.address, name): result
            for table in CHECKED
            for name, result in run_checks(table.address, store).items()
        }


def test_every_check_is_green_over_a_sound_warehouse(
    results_of_sound_days: Mapping[tuple[str, str], dg.AssetCheckResult],
) -> None:
    assert [check for check, result in results_of_sound_days.items() if not result.passed] == []
    assert all(result.metadata["failed"].value == 0 for result in results_of_sound_days.values())
    assert {sample(result) for result in results_of_sound_days.values()} == {""}


def test_every_check_has_been_seen_red() -> None:
    declared = {(address, spec.name) for address, spec in check_specs()}
    shown = {(one.table, one.check) for one in ALL_BREAKAGES} | SEEN_RED_BELOW
    assert declared - shown == {(table.address, "columns_are_as_declared") for table in CHECKED}
    assert shown <= declared


@pytest.mark.parametrize("broken", ALL_BREAKAGES, ids=lambda one: f"{one.table}-{one.check}")
def test_a_broken_row_turns_its_check_red_and_is_shown(broken: Breakage) -> None:
    with scratch(sound_database()) as store:
        store.execute(broken.statement)
        result = run_checks(broken.table, store)[broken.check]
    assert not result.passed
    assert result.metadata["failed"].value == broken.failed
    assert broken.shows in sample(result)
    assert re.match(rf"{broken.failed} (of [\d,]+ rows )?break it($|; most often |: |[.] \w)", str(result.description))


@pytest.mark.parametrize("broken", ONE_OF_EACH, ids=lambda one: f"{one.table}-{one.check}")
def test_a_run_looks_at_its_own_days_only(broken: Breakage) -> None:
    with scratch(sound_database()) as store:
        store.execute(broken.statement)
        for of_run in {DAYS[0], broken.on, LAST_DAY}:
            found = run_checks(broken.table, store, (of_run, of_run))[broken.check]
            assert found.passed is (of_run != broken.on), of_run


@pytest.mark.parametrize("broken_days", [[DAYS[0]], [LAST_DAY], DAYS], ids=["first", "last", "all"])
@pytest.mark.parametrize(
    ("address", "check", "breaks"),
    [
        ("gold.customer_rfm", "key_is_unique", "INSERT INTO gold.customer_rfm FROM gold.customer_rfm"),
        ("gold.customer_segments", "every_customer_has_one_segment", "DELETE FROM gold.customer_segments"),
        ("ml.customer_clusters", "every_customer_has_one_cluster", "DELETE FROM ml.customer_clusters"),
    ],
)
def test_customers_are_compared_some_days_at_a_time_and_on_all_of_them(
    address: str, check: str, breaks: str, broken_days: list[date]
) -> None:
    listed = ", ".join(f"'{one}'" for one in broken_days)
    with scratch(sound_database()) as store:
        assert len(Days(CUSTOMER_RFM, DAYS[0], LAST_DAY).batches(store, rows_at_once=5)) == 5
        store.execute(f"{breaks} WHERE CustomerID = 'A' AND as_of_date IN ({listed})")
        result = run_checks(address, store, rows_at_once=5)[check]
    assert result.metadata["failed"].value == len(broken_days)
    assert str(broken_days[0]) in sample(result)


@pytest.mark.parametrize("table", CHECKED, ids=lambda table: table.address)
def test_a_column_that_is_not_as_declared_turns_red(table: Table) -> None:
    column = table.columns[-1].name
    for difference in ("ADD COLUMN surplus INTEGER", f"RENAME {column} TO surplus", f"ALTER {column} TYPE BLOB"):
        with scratch(sound_database()) as store:
            store.execute(f"CREATE OR REPLACE TABLE {table.address} AS FROM {table.address} LIMIT 0")
            store.execute(f"ALTER TABLE {table.address} {difference}")
            result = next(evaluate(STEPS[table].checks[table], table, store, (date.min, date.max)))
        assert (result.check_name, result.passed) == ("columns_are_as_declared", False)
        assert "surplus" in sample(result) or "BLOB" in sample(result)


def test_a_warning_lets_the_run_go_on_and_an_error_blocks_what_is_downstream(
    results_of_sound_days: Mapping[tuple[str, str], dg.AssetCheckResult],
) -> None:
    assert {check for check, result in results_of_sound_days.items() if result.severity is WARN} == WARNINGS
    for address, spec in check_specs():
        check = (address, spec.name)
        # A problem with later days is no reason to hold up this one.
        assert spec.blocking is (check not in WARNINGS | DO_NOT_BLOCK), spec.name
        assert spec.description


def test_over_an_empty_warehouse_nothing_is_broken() -> None:
    with empty_warehouse() as store:
        for table in CHECKED:
            assert [name for name, result in run_checks(table.address, store).items() if not result.passed] == []


def test_an_undelivered_day_is_named() -> None:
    with scratch(sound_database()) as store:
        days = LAST_DAY, LAST_DAY + timedelta(days=2)
        result = run_checks("bronze.transactions", store, days)["every_day_was_delivered"]
    assert result.metadata["failed"].value == 2
    assert "2025-07-05" in sample(result)
    assert "2025-07-06" in sample(result)


def test_customers_who_vanish_on_an_undelivered_day_are_missed() -> None:
    with scratch(sound_database()) as store:
        materialize(store, day(10), day(12))
        assert run_checks("gold.customer_rfm", store)["revenue_reconciles_with_invoices"].passed
        store.execute(f"DELETE FROM gold.customer_rfm WHERE as_of_date = '{day(11)}' AND CustomerID = 'A'")
        result = run_checks("gold.customer_rfm", store)["revenue_reconciles_with_invoices"]
    assert (result.passed, result.metadata["failed"].value) == (False, 1)
    assert str(day(11)) in sample(result)


@pytest.mark.parametrize(
    ("table", "reconciles"),
    [(CUSTOMER_RFM, "revenue_reconciles_with_invoices"), (CUSTOMER_MONEY, "money_reconciles_with_silver")],
    ids=["rfm", "money"],
)
def test_snapshots_left_behind_by_a_changed_day_are_named(table: Table, reconciles: str) -> None:
    days = BROKEN_DAY, BROKEN_DAY
    with scratch(sound_database()) as store:
        assert run_checks(table.address, store, days)["later_snapshots_follow"].passed
        store.execute(f"UPDATE silver.customer_invoices SET Amount = 0 WHERE processing_date = DATE '{BROKEN_DAY}'")
        materialize(store, BROKEN_DAY, tables={table})
        results = run_checks(table.address, store, days)
    assert results[reconciles].passed
    assert results["later_snapshots_follow"].metadata["failed"].value == len(DAYS) - 2
    assert str(LAST_DAY) in sample(results["later_snapshots_follow"])


def test_days_whose_returns_were_never_looked_for_are_named_on_later_days() -> None:
    with scratch(sound_database()) as store:
        store.execute(f"UPDATE silver.file_outcomes SET returns = 2 WHERE processing_date = DATE '{BROKEN_DAY}'")
        of_the_day = run_checks("silver.returns", store, (BROKEN_DAY, BROKEN_DAY))["earlier_returns_are_there"]
        later = run_checks("silver.returns", store, (LAST_DAY, LAST_DAY))["earlier_returns_are_there"]
    assert of_the_day.passed
    assert (later.passed, later.metadata["failed"].value) == (False, 1)
    assert str(BROKEN_DAY) in sample(later)


@pytest.mark.parametrize(
    ("check", "run", "severity"),
    [
        ("newest_day_is_usable", (DAYS[0], BROKEN_DAY), ERROR),
        ("older_days_are_usable", (BROKEN_DAY, LAST_DAY), ERROR),
        ("earlier_days_are_usable", (LAST_DAY, LAST_DAY), WARN),
    ],
)
def test_a_day_without_customers_is_named_by_the_check_of_its_age(
    check: str, run: tuple[date, date], severity: dg.AssetCheckSeverity
) -> None:
    with scratch(sound_database()) as store:
        store.execute(
            "UPDATE silver.file_outcomes SET counted_sales = 0, counted_revenue = 0 "
            f"WHERE processing_date = DATE '{BROKEN_DAY}'"
        )
        results = run_checks("silver.customer_invoices", store, run)
    red = {name for name, result in results.items() if not result.passed and name.endswith("usable")}
    assert red == {check}
    assert results[check].severity is severity
    assert f"{BROKEN_DAY}_transactions.csv: 0.00 of " in str(results[check].description)


@pytest.mark.parametrize(
    ("earlier_days", "lines", "is_usual"),
    [(7, 6, True), (7, 7, False), (7, 0, False), (6, 100, True), (7, 1, True)],  # 2 lines are usual
)
def test_a_volume_is_unusual_beyond_a_factor_of_three_of_seven_days_or_more(
    earlier_days: int, lines: int, *, is_usual: bool
) -> None:
    with scratch(sound_database()) as store:
        store.execute(f"UPDATE quality.bronze_daily_quality SET total_records = {lines} WHERE {ON_LAST_DAY}")
        store.execute(
            f"DELETE FROM quality.bronze_daily_quality WHERE processing_date < '{LAST_DAY}'::DATE - {earlier_days}"
        )
        assert run_checks("quality.bronze_daily_quality", store)["volume_is_usual"].passed is is_usual


def test_the_sample_is_bounded_and_the_count_is_not() -> None:
    with scratch(sound_database()) as store:
        put(store, BRONZE, *[malformed(on=LAST_DAY, _rescued_data=f"line {number}") for number in range(25)])
        result = run_checks("bronze.transactions", store)["no_malformed_lines"]
    assert result.metadata["failed"].value == 25
    assert result.metadata["passed"].value == 18
    assert len(sample(result).splitlines()) == 10


def test_passed_and_failed_lines_of_a_rule_are_the_well_formed_ones() -> None:
    with scratch(sound_database()) as store:
        put(store, BRONZE, malformed(on=LAST_DAY), line(on=LAST_DAY, Quantity="0"))
        materialize(store, LAST_DAY, tables={REJECTED})
        result = run_checks("silver.transactions", store)["valid_quantity"]
    assert (result.metadata["passed"].value, result.metadata["failed"].value) == (18, 1)
    assert "malformed_line" not in sample(result)


@pytest.mark.parametrize(
    ("cell", "text"), [(None, "NULL"), ("", ""), ("a|b\n<b>", "a|b\n<b>"), ("x" * 30, "x" * 20 + "…"), (12.5, "12.5")]
)
def test_a_cell_is_the_text_itself_cut_where_it_is_long_and_null_is_written_out(cell: object, text: str) -> None:
    table = metadata_table(["name"], [[cell]], 20)
    assert [record.data for record in table.records] == [{"name": text}]
    assert [column.name for column in table.schema.columns] == ["name"]


def test_a_table_without_rows_has_its_header_all_the_same() -> None:
    assert [column.name for column in metadata_table(["a", "b"], []).schema.columns] == ["a", "b"]


def test_earlier_days_of_another_policy_are_named_and_those_of_before_there_was_one_are_of_the_default() -> None:
    for policy, red in (("another", True), (None, False), (Segments().policy, False)):
        with scratch(sound_database()) as store:
            store.execute(
                "UPDATE gold.segment_thresholds SET policy = $policy WHERE as_of_date < $last",
                {"policy": policy, "last": LAST_DAY},
            )
            found = run_checks("gold.segment_thresholds", store, (LAST_DAY, LAST_DAY))["earlier_days_have_this_policy"]
            assert found.passed is not red
        if red:
            assert str(BROKEN_DAY) in sample(found)
