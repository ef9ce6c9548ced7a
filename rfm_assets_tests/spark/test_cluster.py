"""A cluster in miniature: a master and two workers on loopback, one of which dies in the middle of a run."""

import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from subprocess import Popen

import duckdb
import pytest

from rfm_assets.sample.writer import write_sample
from rfm_assets.warehouse.duckdb.engine import DuckDBEngine
from rfm_assets_tests.helpers.servers import free_port
from rfm_assets_tests.spark.comparing import differences, materialize
from rfm_assets_tests.spark.conftest import new_engine
from rfm_assets_tests.spark.servers import connect_server, process, spark_home

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif("RFM_TEST_SPARK" not in os.environ, reason="takes minutes; `make test-spark` runs it"),
]

DAYS = 30
FIRST, LAST = "2025-06-26", "2025-07-25"
KILLED_ONCE_THERE_IS = "gold/customer_rfm"
MINUTES = 60


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, list[Popen[bytes]]]]:
    """The address of a Connect server in front of a master with two workers, and the workers."""
    spark_class, port = str(spark_home() / "bin" / "spark-class"), free_port()
    master, deploy = f"spark://127.0.0.1:{port}", "org.apache.spark.deploy"
    at = ("--host", "127.0.0.1", "--port")
    with ExitStack() as running:

        def start(name: str, *arguments: str, port: int) -> Popen[bytes]:
            log, ui = folder / f"{name}.log", str(free_port())
            command = [spark_class, f"{deploy}.{arguments[0]}", *at, str(port), "--webui-port", ui, *arguments[1:]]
            return running.enter_context(process(log, *command, port=port))

        start("master", "master.Master", port=port)
        with_core = ("--cores", "1", "--memory", "1g", "--work-dir")
        workers = [
            start(f"worker-{n}", "worker.Worker", *with_core, str(folder / f"work-{n}"), master, port=free_port())
            for n in range(2)
        ]
        config = {
            "spark.executor.memory": "768m",
            "spark.executor.cores": "1",
            "spark.worker.timeout": "20",
            "spark.network.timeout": "60s",
            "spark.executor.heartbeatInterval": "5s",
        }
        yield running.enter_context(connect_server(folder, master=master, config=config)), workers


def test_a_run_ends_right_though_a_worker_dies_in_the_middle(tmp_path: Path) -> None:
    landing, tables = tmp_path / "landing", tmp_path / "tables"
    write_sample(landing, start=date.fromisoformat(FIRST), days=DAYS, lines_per_day=400)
    on_duckdb = materialize(DuckDBEngine(database=str(tmp_path / "warehouse.duckdb")), landing, FIRST, LAST)

    with cluster(tmp_path) as (remote, workers):
        killed = threading.Event()
        middle = tables / KILLED_ONCE_THERE_IS

        def kill_one() -> None:
            while not middle.exists() and not killed.wait(0.05):
                pass
            workers[0].kill()
            killed.set()

        killer = threading.Thread(target=kill_one)
        killer.start()
        try:
            on_spark = materialize(new_engine(remote, tmp_path), landing, FIRST, LAST)
            died_in_the_middle = killed.is_set()
        finally:
            killed.set()
            killer.join()
        assert died_in_the_middle
        assert [worker.poll() is None for worker in workers] == [False, True]

    assert on_spark.red == on_duckdb.red
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as stored:
        assert differences(stored, tables) == {}
