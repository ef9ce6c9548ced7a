"""The whole history of a folder of daily files on both engines and by plain scripts, and prints a Markdown table.

    PYTHONPATH=. python benchmarks/engines.py path/to/daily/files [--remote sc://host:15002]

Whole processes. The engines' tables are compared, and the last day of the pandas script. Without --remote, a Spark
Connect server of its own runs here, on as many cores as DuckDB has. Tables are in a temporary folder, which a cluster
of several machines has to see too.
"""

import argparse
import os
import platform
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path

import duckdb
from history import PROJECT, Bench, tell
from measure import table

from rfm_assets_tests.spark.comparing import differences
from rfm_assets_tests.spark.servers import connect_server


def main() -> None:
    """Measures, prints, and compares what both have stored."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("landing", type=Path)
    parser.add_argument("--remote", help="the Spark Connect server")
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
        tell("whole history on DuckDB, clusters and publishing too", history)
        more = on_duckdb.materialize(on_duckdb.days()[-1])
        tell("one more day on DuckDB", more)

        local = connect_server(root, master=f"local[{os.cpu_count()}]")
        with nullcontext(arguments.remote) if arguments.remote else local as remote:
            tables = on_spark.folder / "tables"
            on_spark.env |= {"RFM_ENGINE": "spark", "SPARK_REMOTE": remote, "RFM_SPARK_WAREHOUSE": str(tables)}
            there = on_spark.history()
            tell(
                "whole history on Spark, clusters and publishing too",
                there,
                f"{there.seconds / history.seconds:.1f} x DuckDB",
            )
            later = on_spark.materialize(on_spark.days()[-1])
            tell("one more day on Spark", later, f"{later.seconds / more.seconds:.1f} x DuckDB")

        with duckdb.connect(str(on_duckdb.folder / "warehouse.duckdb"), read_only=True) as stored:
            differing = differences(stored, tables)
        print(f"\ntables that differ: {', '.join(differing) or 'none'}")


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
