"""The pipeline on the real daily files: facts counted by hand, and the reference tables where present.

The whole history is computed without Dagster, by the statements its assets return; the first days with Dagster too.
"""

import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from rfm_assets.landing.folder import FolderLandingZone
from rfm_assets.ml.assets import CUSTOMERS
from rfm_assets.ml.clustering import cluster_day
from rfm_assets.ml.days import cluster_days
from rfm_assets.ml.settings import ClusterSettings
from rfm_assets.warehouse.query import sql
from rfm_assets_tests.gold.score_oracle import assert_equal, scores_as_of
from rfm_assets_tests.helpers.plain import dicts, load, materialize, new_database
from rfm_assets_tests.helpers.runs import EVERYTHING, contents, red, run, stored
from rfm_assets_tests.helpers.scenario import DAY, THIRD_DAY

pytestmark = pytest.mark.slow

FIRST, LAST = date(2025, 6, 26), date(2026, 4, 28)

SOME_DAYS = [FIRST, date(2025, 8, 1), date(2026, 2, 10)]

COMPARED = [
    *("quality.bronze_daily_quality", "quality.bronze_silver_dq_comparison", "quality.daily_counts"),
    *("gold.customer_rfm", "gold.customer_segments", "gold.segment_summary"),
]


@pytest.fixture(scope="module")
def whole_history(real_landing: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse file with all days, filled in one range."""
    file = tmp_path_factory.mktemp("history") / "warehouse.duckdb"
    with new_database(str(file), threads=2) as database:
        load(database, FolderLandingZone(folder=str(real_landing)), FIRST, LAST)
        materialize(database, FIRST, LAST)
    return file


@pytest.fixture
def history(whole_history: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(whole_history), read_only=True) as connection:
        yield connection


def test_the_whole_history_is_the_size_it_is(history: duckdb.DuckDBPyConnection) -> None:
    sizes = {
        "bronze.transactions": 525_461,  # the lines of all files, minus one header each
        "silver.transactions": 513_132,
        "silver.rejected_transactions": 12_329,
        "silver.invoices": 22_100,
        "quality.bronze_daily_quality": 307,
        "quality.rule_outcomes": 8 * 307,
        "silver.returns": 12_327,
        "silver.file_outcomes": 307,
        "gold.customer_money": 805_667,
        "gold.customer_rfm": 805_667,
        "gold.customer_segments": 805_667,
        "gold.segment_thresholds": 307,
        "gold.segment_migration": 43_447,
        "gold.customer_scores": 805_667,
    }
    assert {table: history.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0] for table in sizes} == sizes


def test_the_first_day_is_as_counted_by_hand(history: duckdb.DuckDBPyConnection) -> None:
    def one(select: str) -> tuple[object, ...]:
        (row,) = history.execute(select, [FIRST]).fetchall()
        return tuple(row)

    assert one("SELECT count(*) FROM bronze.transactions WHERE processing_date = ?") == (3_223,)
    assert one("SELECT count(*) FROM silver.transactions WHERE processing_date = ?") == (3_106,)
    customers = "SELECT count(*), sum(Monetary), max(Recency) FROM gold.customer_rfm WHERE as_of_date = ?"
    assert one(customers) == (89, Decimal("43543.69"), 0)
    assert one("SELECT * EXCLUDE (policy) FROM gold.segment_thresholds WHERE as_of_date = ?") == (
        FIRST,
        322.33,
        1.0,
        0.0,
        89,
    )


def test_on_the_day_the_frequency_median_moves_most_customers_move_without_having_done_anything(
    history: duckdb.DuckDBPyConnection,
) -> None:
    medians = "SELECT median_frequency FROM gold.segment_thresholds WHERE as_of_date IN (?, ?) ORDER BY as_of_date"
    days = [date(2025, 10, 18), date(2025, 10, 19)]
    assert history.execute(medians, days).fetchall() == [(1.0,), (2.0,)]
    moved = """
        SELECT sum(Customer_Count), sum(purchased), sum(aged), sum(threshold)
        FROM gold.segment_migration WHERE compared_to = ? AND as_of_date = ?"""
    assert history.execute(moved, days).fetchall() == [(2_381, 40, 40, 480)]


def test_scores_are_as_plain_python_has_them_on_every_tenth_day(history: duckdb.DuckDBPyConnection) -> None:
    columns = "processing_date, CustomerID, InvoiceNo, InvoiceDate, Amount AS TotalPrice"
    invoices = dicts(history, f"SELECT {columns} FROM silver.customer_invoices")
    for number in range(0, (LAST - FIRST).days + 1, 10):
        on = FIRST + timedelta(days=number)
        select = "SELECT * EXCLUDE (as_of_date) FROM gold.customer_scores WHERE as_of_date = ?"
        stored = {customer: tuple(row) for customer, *row in history.execute(select, [on]).fetchall()}
        assert_equal(stored, scores_as_of(on, invoices))


def test_the_last_week_brought_less_than_the_week_before(history: duckdb.DuckDBPyConnection) -> None:
    week = {"as_of": LAST, "before": LAST - timedelta(days=7), "days": 7, "everybody": True, "segments": []}
    rows = history.execute(sql("rfm_assets.dashboard", "queries/purchases").text, week).fetchall()
    assert {day: brought for day, *brought in rows} == {
        LAST: [505, 40, Decimal("263304.46"), 653],
        LAST - timedelta(days=7): [608, 67, Decimal("323480.07"), 761],
    }


def test_the_tables_are_those_of_the_reference(real_landing: Path, whole_history: Path) -> None:
    reference = real_landing.parent / "reference"
    if not (reference / "verify.py").is_file():
        pytest.skip(f"there are no reference tables at {reference}")
    command = [sys.executable, "verify.py", str(whole_history), "--only", *COMPARED]
    compared = subprocess.run(command, cwd=reference, capture_output=True, text=True, check=False)
    assert compared.returncode == 0, compared.stdout + compared.stderr
    assert compared.stdout.count("ok ") == len(COMPARED)


def test_a_day_has_the_same_clusters_alone_in_a_range_and_on_any_number_of_workers(
    history: duckdb.DuckDBPyConnection,
) -> None:
    select = f"SELECT {CUSTOMERS} FROM gold.customer_rfm WHERE as_of_date = ?"
    days = [(day, history.execute(select, [day]).df()) for day in SOME_DAYS]
    one, two = (dict(cluster_days(days, ClusterSettings(), workers=workers)) for workers in (1, 2))
    for day, customers in days:
        alone = cluster_day(day, customers.iloc[::-1], threads=2)
        for found in (one[day], two[day]):
            assert found.customer_clusters.equals(alone.customer_clusters)
            assert found.cluster_selection.equals(alone.cluster_selection)
    assert len(one[FIRST].customer_clusters) == 89


def test_a_run_through_dagster_stores_the_same_days(
    real_landing: Path, history: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    (tmp_path / "landing").symlink_to(real_landing)
    result = run(tmp_path, EVERYTHING, DAY, THIRD_DAY)
    assert result.success
    assert red(result) == {"newest_day_is_recent", "valid_quantity"}
    assert stored(tmp_path) == contents(history, until=THIRD_DAY)
