"""Measures the pipeline on a folder of daily files, whole processes from the command line, and prints a Markdown table.

    python benchmarks/history.py path/to/daily/files [--runs 3] [--select 'not group:ml'] [--long]

Everything happens in a temporary folder. The machine should have nothing else to do.
"""

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from measure import BIN, Cost, graph_parser, median_of, run, table

PROJECT = Path(__file__).resolve().parents[1]

EMPTY_GRAPH = """
import dagster as dg

@dg.asset(partitions_def=dg.DailyPartitionsDefinition("2025-06-26"))
def nothing() -> None: ...

defs = dg.Definitions([nothing], executor=dg.in_process_executor)
"""

IDLE_GRAPH = """
import dagster as dg

def idle(name: str, upstream: list[str]) -> dg.AssetsDefinition:
    checks = [dg.AssetCheckSpec(f"check_{n}", asset=name) for n in range(6)]

    @dg.multi_asset(
        name=name,
        specs=[dg.AssetSpec(name, deps=upstream)],
        check_specs=checks,
        partitions_def=dg.DailyPartitionsDefinition("2025-06-26"),
    )
    def nothing():
        yield dg.MaterializeResult(asset_key=name)
        yield from (dg.AssetCheckResult(check_name=check.name, asset_key=name, passed=True) for check in checks)

    return nothing

names = [f"asset_{number}" for number in range(23)]
assets = [idle(name, names[:number][-1:]) for number, name in enumerate(names)]

defs = dg.Definitions(assets, executor=dg.in_process_executor)
"""


class Bench:
    """A scratch project folder: settings, Dagster's home, and what can be run in it."""

    def __init__(
        self, folder: Path, landing: Path, select: str = "*", *, event_log: str = "batched", start: str = "2025-06-26"
    ) -> None:
        self.folder, self.landing, self.select = folder, landing, select
        folder.mkdir()
        text = (PROJECT / "dagster.yaml").read_text()
        if event_log == "stock":
            text = text.replace("rfm_assets.dagster_storage.event_log", "dagster._core.storage.event_log")
            text = text.replace("BatchedSqliteEventLogStorage", "SqliteEventLogStorage")
        (folder / "dagster.yaml").write_text(text)
        self.env = {
            "DAGSTER_HOME": str(folder),
            "RFM_LANDING": str(landing),
            "RFM_WAREHOUSE": str(folder / "warehouse.duckdb"),
            "RFM_PUBLISHED": str(folder / "published"),
            "RFM_START_DATE": start,
        }

    def days(self) -> list[str]:
        """The landed days, in order."""
        return sorted(path.name[:10] for path in self.landing.glob("*.csv"))

    def python(self, *arguments: str) -> Cost:
        """One Python process."""
        return run([sys.executable, *arguments], cwd=self.folder, env=self.env)

    def materialize(self, *days: str, module: str = "rfm_assets.definitions") -> Cost:
        """One call of Dagster's command line: a day, or a range of days in one run."""
        partition = ["--partition", days[0]] if len(days) == 1 else ["--partition-range", "...".join(days)]
        command = [str(BIN / "dagster"), "asset", "materialize", "-m", module, "--select", self.select, *partition]
        return run(command, cwd=self.folder, env=self.env)

    def history(self) -> Cost:
        """Everything from nothing, in one run."""
        for stored in (self.folder / "warehouse.duckdb", self.folder / ".dagster"):
            shutil.rmtree(stored) if stored.is_dir() else stored.unlink(missing_ok=True)
        return self.materialize(self.days()[0], self.days()[-1])


def tell(what: str, cost: Cost, verdict: str = "") -> None:
    """Prints a line of the table as soon as it is known."""
    print(f"| {what} | {cost.seconds:.1f} s | {cost.megabytes:,.0f} MB | {verdict} |", flush=True)


def main() -> None:
    """Measures and prints."""
    parser = graph_parser(__doc__, runs=3, select="*")
    parser.add_argument("--long", action="store_true", help="also ten times the history, which takes half an hour")
    arguments = parser.parse_args()
    if not list(arguments.landing.glob("*.csv")):
        sys.exit(f"there are no .csv files in {arguments.landing}")

    def median(one_run: Callable[[], Cost]) -> Cost:
        return median_of(arguments.runs, one_run)

    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}; medians of {arguments.runs}\n")
    print(table(["what", "time", "peak memory", ""], []), flush=True)
    with tempfile.TemporaryDirectory(prefix="rfm-bench-") as scratch:
        root, landing = Path(scratch), arguments.landing.resolve()
        ours = Bench(root / "ours", landing, arguments.select)
        history = median(ours.history)
        tell("whole history in one run, all assets and checks", history)
        stock = Bench(root / "stock", landing, arguments.select, event_log="stock").history()
        share = f"ours takes {history.seconds / stock.seconds:.0%}"
        tell("the same on Dagster's stock SQLite event log (once)", stock, share)

        plain = median(lambda: ours.python(str(PROJECT / "benchmarks/plain.py"), str(landing)))
        tell("one plain DuckDB script", plain)
        alone = median(lambda: ours.python(str(PROJECT / "benchmarks/sql_alone.py")))
        tell("our SQL alone", alone, f"{alone.seconds / plain.seconds:.2f} x the plain script")

        empty_bench = Bench(root / "empty", landing, "*")
        (empty_bench.folder / "empty_graph.py").write_text(EMPTY_GRAPH)
        empty = median(lambda: empty_bench.materialize(ours.days()[-1], module="empty_graph"))
        tell("an empty one-asset Dagster run", empty)
        (empty_bench.folder / "idle_graph.py").write_text(IDLE_GRAPH)
        idle = median(lambda: empty_bench.materialize(ours.days()[-1], module="idle_graph"))
        tell(
            "23 tables with 6 checks each that do nothing", idle, f"{idle.seconds / empty.seconds:.2f} x the empty run"
        )
        one_more = median(lambda: ours.materialize(ours.days()[-1]))
        tell("one more day", one_more, f"{one_more.seconds / empty.seconds:.2f} x the empty run")

        bare = median(lambda: ours.python("-c", "import dagster"))
        loaded = median(lambda: ours.python("-c", "import rfm_assets.definitions"))
        tell("loading the code location", loaded, f"{loaded.seconds - bare.seconds:.1f} s beyond import dagster")

        if not arguments.long:
            return
        make_sample = ["sample", "--to", str(root / "sample"), "--days", "3070", "--start", "2018-06-26"]
        run([str(BIN / "rfm"), *make_sample], cwd=root, env={})
        long = Bench(root / "long", root / "sample", arguments.select, start="2018-06-26")
        tell("3,070 days of sample data in one run (once)", long.history())
        late = median(lambda: long.materialize(long.days()[-1]))
        tell("one more day on that history", late, f"{late.seconds / one_more.seconds:.2f} x the short history")


if __name__ == "__main__":
    main()
