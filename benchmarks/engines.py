"""The whole history of a folder of daily files on both engines and by plain scripts, and prints a Markdown table.

    PYTHONPATH=. python benchmarks/engines.py path/to/daily/files [--remote sc://host:15002 --ui http://host:4040]

Whole processes. The engines' tables are compared, and the last day of the pandas script. Without --remote, a Spark
Connect server of its own runs here, on as many cores as DuckDB has; its CPU is read from /proc. Tables are in a
temporary folder, which a cluster of several machines has to see too. How many jobs a run submits is in Spark's web UI.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import duckdb
from history import PROJECT, Bench, tell
from measure import Cost, table

from rfm_assets_tests.helpers.servers import free_port
from rfm_assets_tests.spark.comparing import differences
from rfm_assets_tests.spark.servers import ONE_MACHINE, connect_server


@dataclass(frozen=True)
class Server:
    """A Spark Connect server, its web UI where that is known, and its process if it is one of ours."""

    remote: str
    ui: str
    pid: int | None = None

    def jobs(self) -> int | None:
        """How many jobs it has been given so far: they are numbered from 0, and the UI lists the latest."""
        if not self.ui:
            return None
        (application,) = self._ask("applications")
        return max((job["jobId"] + 1 for job in self._ask(f"applications/{application['id']}/jobs")), default=0)

    def processor_seconds(self) -> float | None:
        """The CPU that its process has used so far, where this system tells."""
        stat = Path(f"/proc/{self.pid}/stat")
        if not stat.is_file():
            return None
        user, system = stat.read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def _ask(self, what: str) -> Any:  # noqa: ANN401 - JSON
        with urlopen(f"{self.ui}/api/v1/{what}") as answer:  # noqa: S310 - as given on the command line
            return json.load(answer)


@contextmanager
def local_server(folder: Path) -> Iterator[Server]:
    """A server on the cores of this machine."""
    port = free_port()
    config = ONE_MACHINE | {"spark.ui.enabled": "true", "spark.ui.port": str(port)}
    with connect_server(folder, master=f"local[{os.cpu_count()}]", config=config) as remote:
        yield Server(remote, f"http://127.0.0.1:{port}", _only_child())


def _only_child() -> int | None:
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    return int(children.read_text().split()[0]) if children.is_file() else None


def main() -> None:
    """Measures, prints, and compares what both have stored."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("landing", type=Path)
    parser.add_argument("--remote", help="the Spark Connect server")
    parser.add_argument("--ui", default="", help="the web UI of the same server, for the number of jobs")
    arguments = parser.parse_args()
    if not list(arguments.landing.glob("*.csv")):
        sys.exit(f"there are no .csv files in {arguments.landing}")
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print(table(["what", "time", "peak memory here", ""], []), flush=True)
    with tempfile.TemporaryDirectory(prefix="rfm-bench-") as scratch:
        root, landing = Path(scratch), arguments.landing.resolve()
        compare_with_scripts(Bench(root / "scripts", landing, "not (group:ml or group:publishing)"))
        on_duckdb, on_spark = (Bench(root / name, landing, "*") for name in ("duckdb", "spark"))
        history = on_duckdb.history()
        tell("whole history on DuckDB, clusters and publishing too", history, cpu_here(history))
        more = on_duckdb.materialize(on_duckdb.days()[-1])
        tell("one more day on DuckDB", more, cpu_here(more))

        given = nullcontext(Server(arguments.remote, arguments.ui)) if arguments.remote else local_server(root)
        with given as server:
            tables = on_spark.folder / "tables"
            on_spark.env |= {"RFM_ENGINE": "spark", "SPARK_REMOTE": server.remote, "RFM_SPARK_WAREHOUSE": str(tables)}
            there, use = watching(server, on_spark.history)
            what = "whole history on Spark, clusters and publishing too"
            tell(what, there, f"{there.seconds / history.seconds:.1f} x DuckDB, {use}")
            later, use = watching(server, lambda: on_spark.materialize(on_spark.days()[-1]))
            tell("one more day on Spark", later, f"{later.seconds / more.seconds:.1f} x DuckDB, {use}")

        with duckdb.connect(str(on_duckdb.folder / "warehouse.duckdb"), read_only=True) as stored:
            differing = differences(stored, tables)
        print(f"\ntables that differ: {', '.join(differing) or 'none'}")


def watching(server: Server, run: Callable[[], Cost]) -> tuple[Cost, str]:
    """What a run costs, and what CPU and how many jobs it takes, as the table says it."""
    jobs, seconds = server.jobs(), server.processor_seconds()
    cost = run()
    jobs_after, seconds_after = server.jobs(), server.processor_seconds()
    use = [cpu_here(cost)]
    if seconds is not None and seconds_after is not None:
        use.append(f"{seconds_after - seconds:.1f} s of the server's CPU")
    if jobs is not None and jobs_after is not None:
        use.append(f"{jobs_after - jobs} jobs")
    return cost, ", ".join(use)


def cpu_here(cost: Cost) -> str:
    """The CPU of a run's own process, as the table says it."""
    return f"{cost.processor_seconds:.1f} s of CPU here"


def compare_with_scripts(bench: Bench) -> None:
    """Measures the tables up to gold beside what plain scripts take for them."""
    history = bench.history()
    tell("whole history on DuckDB up to gold, every check", history)
    scripts, files = PROJECT / "benchmarks", str(bench.landing)
    plain = bench.python(str(scripts / "plain.py"), files)
    tell("a plain DuckDB script: these tables but the ledger", plain, f"{plain.seconds / history.seconds:.2f} x ours")
    loop = bench.python(str(scripts / "pandas_loop.py"), files, bench.env["RFM_WAREHOUSE"])
    tell("a plain pandas script, day by day: RFM and segments", loop, f"{loop.seconds / history.seconds:.2f} x ours")


if __name__ == "__main__":
    main()
