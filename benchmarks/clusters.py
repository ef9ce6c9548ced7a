"""Measures the clusters on a folder of daily files, whole processes, and prints Markdown tables: cost and stability.

    python benchmarks/clusters.py path/to/daily/files [--every 10] [--runs 3]

Everything happens in a temporary folder. The machine should have nothing else to do. The straightforward loop works on
every so many days, side by side with ours on the same days, and must find the same clusters. Takes some ten minutes.
"""

import argparse
import os
import platform
import sys
import tempfile
from datetime import date
from pathlib import Path

import duckdb
from history import PROJECT, Bench
from measure import BIN, Cost, median_of, run, table

FOLDER = PROJECT / "benchmarks"


class ClusterBench(Bench):
    """A scratch project folder whose warehouse has every snapshot."""

    def group(self, *groups: str) -> Cost:
        """All days of some layers in one run of Dagster's command line."""
        select = " or ".join(f'group:"{name}"' for name in groups)
        days = "...".join([self.days()[0], self.days()[-1]])
        command = [str(BIN / "dagster"), "asset", "materialize", "-m", "rfm_assets.definitions", "--select", select]
        return run([*command, "--partition-range", days], cwd=self.folder, env=self.env)

    def some_days(self, program: str, days: list[str]) -> Cost:
        """One of the two programs that cluster some days, which also store what they found."""
        return self.python(str(FOLDER / program), "warehouse.duckdb", *days)


def differing_days(folder: Path) -> list[date]:
    """The days on which the two programs found other groups; numbers do not matter."""
    with duckdb.connect() as connection:
        pairs = f"""SELECT DISTINCT as_of_date, ours.Cluster AS ours, plain.Cluster AS plain
            FROM '{folder}/ours.parquet' AS ours FULL JOIN '{folder}/plain.parquet' AS plain
            USING (as_of_date, CustomerID)"""
        counts = "count(*) AS pairs, count(DISTINCT ours) AS of_ours, count(DISTINCT plain) AS of_plain"
        return [
            day
            for (day,) in connection.execute(
                f"""SELECT as_of_date FROM (SELECT as_of_date, {counts} FROM ({pairs}) GROUP BY as_of_date)
                WHERE pairs <> of_ours OR pairs <> of_plain"""
            ).fetchall()
        ]


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("landing", type=Path)
    parser.add_argument("--every", type=int, default=10, help="the straightforward loop does every so many days")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--large", type=int, default=1_000_000, help="customers of the large day")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rfm-bench-") as scratch:
        bench = ClusterBench(Path(scratch) / "shop", arguments.landing.resolve())
        days = bench.days()
        bench.group("bronze", "silver", "gold")
        whole = median_of(arguments.runs, lambda: bench.group("ml"))
        some = days[arguments.every // 2 :: arguments.every]
        ours = median_of(arguments.runs, lambda: bench.some_days("clusters_ours.py", some))
        plain = median_of(arguments.runs, lambda: bench.some_days("clusters_plain.py", some))
        if differing := differing_days(bench.folder):
            sys.exit(f"the two programs do not agree on {', '.join(map(str, differing))}")
        million = median_of(
            arguments.runs, lambda: bench.python(str(FOLDER / "clusters_million.py"), str(arguments.large))
        )
        with duckdb.connect(str(bench.folder / "warehouse.duckdb"), read_only=True) as connection:
            stability = connection.execute((FOLDER / "stability.sql").read_text())
            header, figures = [column[0] for column in stability.description], stability.fetchall()

    def row(what: str, cost: Cost, verdict: str = "") -> list[str]:
        return [what, f"{cost.seconds:.1f} s", f"{cost.megabytes:,.0f} MB", verdict]

    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}; medians of {arguments.runs}\n")
    loop = plain.seconds * len(days) / len(some)
    rows = [
        row(
            f"all {len(days)} days in one run of Dagster, with checks", whole, f"{whole.seconds / loop:.0%} of the loop"
        ),
        row(f"every {arguments.every}th day ({len(some)}), clustering alone", ours),
        row("the same days, straightforward loop", plain, f"all days: about {loop:,.0f} s; equal clusters"),
        row(f"one day of {arguments.large:,} customers", million),
    ]
    print(table(["what", "time", "peak memory", ""], rows))
    print()
    print(table(header, figures))


if __name__ == "__main__":
    main()
