"""Measures the clusters on a folder of daily files, whole processes, and prints Markdown tables: cost and stability.

Both refits are measured, daily and steady, on the same days. Compare their processor time: other work slows the clock.

    python benchmarks/clusters.py path/to/daily/files [--every 10] [--runs 3]

Everything happens in a temporary folder. The machine should have nothing else to do. The straightforward loop works on
every so many days, side by side with ours on the same days, and must find the same clusters. Takes some ten minutes.
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path

import duckdb
from history import PROJECT, Bench
from measure import BIN, Cost, median_of, run, table

FOLDER = PROJECT / "benchmarks"
REFITS = ("daily", "steady")


class ClusterBench(Bench):
    """A scratch project folder whose warehouse has every snapshot."""

    def group(self, *groups: str) -> Cost:
        """All days of some layers in one run of Dagster's command line."""
        select = " or ".join(f'group:"{name}"' for name in groups)
        days = "...".join([self.days()[0], self.days()[-1]])
        command = [str(BIN / "dagster"), "asset", "materialize", "-m", "rfm_assets.definitions", "--select", select]
        return run([*command, "--partition-range", days], cwd=self.folder, env=self.env)

    def clusters(self, refit: str) -> Cost:
        """The clusters of all days, in one run of Dagster's command line."""
        (self.folder / "rfm.toml").write_text(f'[clusters]\nrefit = "{refit}"\n')
        return self.group("ml")

    def ours(self, refit: str, days: list[str]) -> Cost:
        """The pipeline's functions alone on some days; they store what they found."""
        return self.python(str(FOLDER / "clusters_ours.py"), "warehouse.duckdb", refit, *days)

    def plain(self, days: list[str]) -> Cost:
        """The straightforward loop on some days, which stores what it found."""
        return self.python(str(FOLDER / "clusters_plain.py"), "warehouse.duckdb", *days)

    def stability(self) -> tuple[list[str], list[tuple[str, ...]]]:
        """The names and the rows of the figures of stability.sql."""
        with duckdb.connect(str(self.folder / "warehouse.duckdb"), read_only=True) as connection:
            found = connection.execute((FOLDER / "stability.sql").read_text())
            return [column[0] for column in found.description], found.fetchall()


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
    header, figures = [], []
    with tempfile.TemporaryDirectory(prefix="rfm-bench-") as scratch:
        bench = ClusterBench(Path(scratch) / "shop", arguments.landing.resolve())
        days = bench.days()
        bench.group("bronze", "silver", "gold")
        whole, alone = {}, {}
        for refit in REFITS:
            whole[refit] = median_of(arguments.runs, partial(bench.clusters, refit))
            alone[refit] = median_of(arguments.runs, partial(bench.ours, refit, days))
            header, found = bench.stability()
            figures += [(refit, *row) for row in found]
        some = days[arguments.every // 2 :: arguments.every]
        ours = median_of(arguments.runs, partial(bench.ours, "daily", some))
        plain = median_of(arguments.runs, partial(bench.plain, some))
        if differing := differing_days(bench.folder):
            sys.exit(f"the two programs do not agree on {', '.join(map(str, differing))}")
        million = median_of(
            arguments.runs, lambda: bench.python(str(FOLDER / "clusters_million.py"), str(arguments.large))
        )

    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}; medians of {arguments.runs}\n")
    loop = plain.seconds * len(days) / len(some)
    rows = []
    for what, costs in (
        (f"all {len(days)} days in one run of Dagster, with checks", whole),
        ("clustering alone", alone),
    ):
        rows.append(row(f"{what}: daily", costs["daily"], f"{costs['daily'].seconds / loop:.0%} of the loop"))
        rows.append(row(f"{what}: steady", costs["steady"], times_daily(costs)))
    rows += [
        row(f"every {arguments.every}th day ({len(some)}), clustering alone", ours),
        row("the same days, straightforward loop", plain, f"all days: about {loop:,.0f} s; equal clusters"),
        row(f"one day of {arguments.large:,} customers", million),
    ]
    print(table(["what", "time", "processor time", "peak memory", ""], rows))
    print()
    print(table(["refit", *header], figures))


def row(what: str, cost: Cost, verdict: str = "") -> list[str]:
    """A line of the table of costs."""
    return [what, f"{cost.seconds:.1f} s", f"{cost.processor_seconds:.1f} s", f"{cost.megabytes:,.0f} MB", verdict]


def times_daily(costs: Mapping[str, Cost]) -> str:
    """What steady clusters cost beside those of a daily refit."""
    return f"{costs['steady'].processor_seconds / costs['daily'].processor_seconds:.2f} x the processor time of daily"


if __name__ == "__main__":
    main()
