"""Runs every script in benchmarks/ on a shop of a few days, so that a broken benchmark is noticed here.

A script that compares results itself (clusters, engines, the pandas script's last day) fails if they differ.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import duckdb
import pytest

from rfm_assets.landing.folder import FolderLandingZone
from rfm_assets.sample import write_sample
from rfm_assets_tests.dashboard.shop import publish_sample
from rfm_assets_tests.helpers.commands import outside_settings
from rfm_assets_tests.helpers.plain import day, load, materialize, new_database
from rfm_assets_tests.helpers.s3 import seaweedfs_server
from rfm_assets_tests.helpers.servers import LOOPBACK, PROJECT, end, free_port, wait_until
from rfm_assets_tests.spark.servers import spark_home

pytestmark = pytest.mark.slow

BENCHMARKS = PROJECT / "benchmarks"
FIRST, LAST = day(1), day(4)
LIBRARIES = {"measure.py", "bgnbd.py"}


@dataclass(frozen=True)
class Shop:
    """A few days' files, and a warehouse with every table up to gold."""

    landing: Path
    warehouse: Path

    def ask(self, select: str, database: Path | None = None) -> list[tuple[object, ...]]:
        with duckdb.connect(str(database or self.warehouse), read_only=True) as connection:
            return connection.execute(select).fetchall()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    folder = tmp_path_factory.mktemp("shop")
    shop = Shop(folder / "landing", folder / "warehouse.duckdb")
    write_sample(shop.landing, start=FIRST, days=(LAST - FIRST).days + 1, lines_per_day=200, workers=1)
    with new_database(str(shop.warehouse)) as connection:
        load(connection, FolderLandingZone(folder=str(shop.landing)), FIRST, LAST)
        materialize(connection, FIRST, LAST)
    return shop


def run(folder: Path, script: str, *arguments: object, **settings: str) -> str:
    """What a script prints when run in `folder` with the environment that `make` gives it."""
    done = subprocess.run(
        [sys.executable, str(BENCHMARKS / script), *map(str, arguments)],
        cwd=folder,
        env=outside_settings() | {"PYTHONPATH": str(PROJECT), "TMPDIR": str(folder)} | settings,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{script}: {done.stdout[-1000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def test_every_script_is_run_here() -> None:
    source = Path(__file__).read_text()
    scripts = {path.name for path in BENCHMARKS.glob("*.py")} - LIBRARIES
    assert {script for script in scripts if f'"{script}"' not in source} == set()


def test_the_plain_script_finds_the_same_segments(shop: Shop, tmp_path: Path) -> None:
    run(tmp_path, "plain.py", shop.landing)
    segments = "SELECT as_of_date, Segment, Customer_Count, Total_Revenue FROM gold.segment_summary ORDER BY ALL"
    assert shop.ask(segments, tmp_path / "plain.duckdb") == shop.ask(segments)


def test_our_sql_alone_makes_the_very_tables_of_the_pipeline(shop: Shop, tmp_path: Path) -> None:
    run(tmp_path, "sql_alone.py", RFM_LANDING=str(shop.landing))
    for table in ("segment_summary", "customer_segments", "segment_migration"):
        rows = f"SELECT * FROM gold.{table} ORDER BY ALL"
        assert shop.ask(rows, tmp_path / "alone.duckdb") == shop.ask(rows)


def test_the_pandas_script_agrees_with_the_warehouse_on_its_last_day(shop: Shop, tmp_path: Path) -> None:
    printed = run(tmp_path, "pandas_loop.py", shop.landing, shop.warehouse)
    assert "the last day is equal to the warehouse's" in printed


def test_the_figures_of_proof_are_printed(shop: Shop, tmp_path: Path) -> None:
    printed = run(tmp_path, "proof.py", shop.warehouse, "--cut", day(2), "--days", 2)
    of_one_cut = printed.split("two or more invoices")[0]
    for method in (
        "Quintile sum",
        "Recency",
        "Frequency",
        "Monetary",
        "Value_Score",
        "Overdue",
        "BG/NBD x Gamma-Gamma",
    ):
        assert f"| {method} | " in of_one_cut


@pytest.mark.e2e
def test_the_two_programs_that_cluster_find_the_same_groups(shop: Shop, tmp_path: Path) -> None:
    run(tmp_path, "clusters_ours.py", shop.warehouse, "daily", LAST)
    run(tmp_path, "clusters_plain.py", shop.warehouse, LAST)
    with duckdb.connect() as connection:
        pairs, ours, plain = connection.execute(
            f"""SELECT count(DISTINCT (ours.Cluster, plain.Cluster)), count(DISTINCT ours.Cluster),
                count(DISTINCT plain.Cluster)
            FROM '{tmp_path}/ours.parquet' AS ours FULL JOIN '{tmp_path}/plain.parquet' AS plain
            USING (as_of_date, CustomerID)"""
        ).fetchall()[0]
    assert pairs == ours == plain


@pytest.mark.e2e
def test_the_large_day_is_clustered_at_any_size(tmp_path: Path) -> None:
    assert run(tmp_path, "clusters_million.py", 3000).split()


@pytest.mark.e2e
def test_landing_exports_is_measured(tmp_path: Path) -> None:
    printed = run(tmp_path, "land.py", "--lines", 400, "--days", 4, "--memory-limit", "256MB")
    assert "| one more export, which overlaps with the last |" in printed


@pytest.mark.e2e
def test_one_more_day_is_measured_beside_idle_runs(shop: Shop, tmp_path: Path) -> None:
    printed = run(tmp_path, "one_more_day.py", shop.landing, "--runs", 1, "--select", "group:bronze")
    rows = [[cell.strip() for cell in line.split("|")[1:4]] for line in printed.splitlines()[2:]]
    assert [what for what, _, _ in rows] == [
        "one more day",
        "23 tables with 6 checks each that do nothing",
        "an empty run",
    ]
    assert rows[-1][2] == "1.00 x"


@pytest.mark.e2e
def test_the_table_of_the_history_is_printed(shop: Shop, tmp_path: Path) -> None:
    printed = run(tmp_path, "history.py", shop.landing, "--runs", 1, "--select", "group:bronze")
    assert [line for line in printed.splitlines() if line.startswith("| loading the code location |")]


@pytest.mark.e2e
def test_the_clusters_are_measured(shop: Shop, tmp_path: Path) -> None:
    printed = run(tmp_path, "clusters.py", shop.landing, "--every", 6, "--large", 3000)  # the last day
    assert "one day of 3,000 customers" in printed
    figures = [line.split(" | ")[:2] for line in printed.splitlines() if "adjusted Rand index" in line]
    assert figures == [["| daily", "adjusted Rand index"], ["| steady", "adjusted Rand index"]]
    assert re.search(r"clustering alone: steady .* x the processor time of daily", printed)


@pytest.mark.e2e
def test_growth_with_size_is_measured(tmp_path: Path) -> None:
    sizes = ["--sizes", "0.001:100", "--days", 3, "--thin", 1]
    printed = run(tmp_path, "scale.py", *sizes, "--memory-limit", "1GB", "--scratch", tmp_path)
    assert "thinned to 1 days" in printed


@pytest.mark.e2e
def test_a_bucket_is_measured_beside_a_folder(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "tried").mkdir()
    with seaweedfs_server(tmp_path / "tried"):  # skips where it is not installed
        pass
    printed = run(tmp_path, "s3_history.py", shop.landing, "--runs", 1, "--select", "group:bronze")
    assert "4 days from an S3 server" in printed


@pytest.mark.e2e
@pytest.mark.skipif("RFM_TEST_SPARK" not in os.environ, reason="takes minutes; `make test-spark` runs it")
def test_both_engines_store_the_same_tables(shop: Shop, tmp_path: Path) -> None:
    spark_home()  # skips without Java
    printed = run(tmp_path, "engines.py", shop.landing)
    assert "tables that differ: none" in printed
    use = r"[0-9.]+ s of CPU here, [0-9.]+ s of the server's CPU, [1-9][0-9]* jobs"
    assert re.search(rf"^\| one more day on Spark .* x DuckDB, {use} \|$", printed, re.MULTILINE)


@pytest.mark.e2e
@pytest.mark.skipif(shutil.which("chromium") is None, reason="there is no chromium on the PATH")
def test_a_page_of_the_dashboard_is_measured(tmp_path: Path) -> None:
    with dashboard(publish_sample(tmp_path), tmp_path) as address:
        printed = run(tmp_path, "dashboard.py", address, "segments", TMPDIR="/tmp")  # noqa: S108 - Chromium's paths are short
    assert len(printed.splitlines()) == 2


@contextmanager
def dashboard(published: Path, folder: Path) -> Iterator[str]:
    """The address of a running dashboard over the published copy."""
    port, log = free_port(), folder / "dashboard.log"
    with log.open("wb") as said:
        server = subprocess.Popen(
            [sys.executable, "-m", "rfm_assets", "dashboard", "--server.port", str(port)],
            cwd=folder,
            env=os.environ | {"RFM_PUBLISHED": str(published)},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    address = f"http://{LOOPBACK}:{port}"
    try:
        wait_until(lambda: answers(f"{address}/_stcore/health"), "the dashboard is there", log.read_text)
        yield address
    finally:
        end(server)


def answers(url: str) -> bool:
    try:
        with urlopen(url) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except URLError:
        return False
