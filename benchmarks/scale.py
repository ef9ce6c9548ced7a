"""Measures how cost grows with size: the sample shop's history at several sizes, and one more day after it.

    python benchmarks/scale.py [--sizes 1:10000 10:100000 100:1000000] [--scratch FOLDER] [--thin 31]

A size is millions of lines, a colon, and customers; one of hardly any lines comes first, for the fixed cost. Each is a
history of 307 days (--days) in one run, then the day after, whole processes from the command line; beside it the plain
DuckDB script on the same files. Markdown rows are printed as they come. Everything is made in a temporary folder, one
size after the other, and goes away with it: 100 million lines need some 60 GB there. The machine should have nothing
else to do.
"""

import argparse
import math
import os
import platform
import sys
import tempfile
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import duckdb
from history import PROJECT, Bench
from measure import BIN, Cost, run, table

HEADER = (
    *("lines", "customers", "customer-days", "history", "peak memory", "lines/s", "plain script", "lines/s of plain"),
    *("warehouse", "one more day", "peak memory"),
)


@dataclass(frozen=True)
class Size:
    """How much to make: lines in all, and customers by the last day."""

    lines: int
    customers: int

    @classmethod
    def parse(cls, text: str) -> "Size":
        """Reads `MILLIONS:CUSTOMERS`."""
        millions, customers = text.split(":")
        return cls(int(float(millions) * 1_000_000), int(customers))


@dataclass(frozen=True)
class Measured:
    """What a size has cost."""

    lines: int
    history: Cost
    plain: Cost


def sample(folder: Path, size: Size, days: int) -> Path:
    """Writes the sample's files, one day more than the history has; returns the file of that day, set aside."""
    landing = folder / "landing"
    options = {"to": landing, "days": days + 1, "lines-per-day": size.lines // days, "customers": size.customers}
    run([str(BIN / "rfm"), "sample", *(f"--{name}={value}" for name, value in options.items())], cwd=folder, env={})
    last = max(landing.iterdir())
    return last.rename(folder / last.name)


def ask(bench: Bench, select: str) -> int:
    """A number from the warehouse."""
    with duckdb.connect(bench.env["RFM_WAREHOUSE"], read_only=True) as connection:
        (number,) = connection.execute(select).fetchone() or (0,)
    return int(number)


def gigabytes(bench: Bench) -> str:
    """The size of the warehouse."""
    return f"{Path(bench.env['RFM_WAREHOUSE']).stat().st_size / 1e9:.2f} GB"


def measure(folder: Path, size: Size, arguments: argparse.Namespace) -> Measured:
    """Builds and measures one size, and prints its row."""
    folder.mkdir()
    next_day = sample(folder, size, arguments.days)
    bench = Bench(folder / "ours", folder / "landing", arguments.select)
    bench.env |= {"RFM_MEMORY_LIMIT": arguments.memory_limit, "RFM_TEMP_DIRECTORY": str(folder / "spill")}
    plain = bench.python(str(PROJECT / "benchmarks/plain.py"), str(folder / "landing"))
    (bench.folder / "plain.duckdb").unlink()
    history = bench.history()
    warehouse = gigabytes(bench)
    next_day.rename(folder / "landing" / next_day.name)
    one_more = bench.materialize(next_day.name[:10])
    lines = ask(bench, "SELECT count(*) FROM bronze.transactions")
    customers = ask(bench, "SELECT customers FROM gold.segment_thresholds ORDER BY as_of_date DESC LIMIT 1")
    customer_days = ask(bench, "SELECT count(*) FROM gold.customer_rfm")
    row = (
        *(f"{lines:,}", f"{customers:,}", f"{customer_days:,}", told(history), f"{history.megabytes:,.0f} MB"),
        *(f"{lines / history.seconds:,.0f}", told(plain), f"{plain.seconds / history.seconds:.2f} x"),
        *(warehouse, told(one_more), f"{one_more.megabytes:,.0f} MB"),
    )
    print("| " + " | ".join(row) + " |", flush=True)
    if arguments.thin is not None and size in arguments.sizes:
        thin(bench, arguments.thin)
    return Measured(lines, history, plain)


def thin(bench: Bench, days: int) -> None:
    """Thins the snapshots, then makes the last day again."""
    bench.env["RFM_DAILY_SNAPSHOTS_FOR_DAYS"] = str(days)
    job = [str(BIN / "dagster"), "job", "execute", "-m", "rfm_assets.definitions", "-j", "thin_snapshots"]
    cost = run(job, cwd=bench.folder, env=bench.env)
    left = ask(bench, "SELECT count(*) FROM gold.customer_rfm")
    after = bench.materialize(bench.days()[-1])
    print(
        f"\nthinned to {days} days and month ends in {told(cost)} ({cost.megabytes:,.0f} MB): "
        f"{left:,} customer-days left, a file of {gigabytes(bench)}, one more day in {told(after)}\n",
        flush=True,
    )


def told(cost: Cost) -> str:
    """Its seconds."""
    return f"{cost.seconds:.1f} s"


def exponent(smaller: Measured, larger: Measured, fixed: Measured, *, of: str) -> str:
    """The power of the number of lines that time grows with, beyond what a history without lines takes."""
    times = [getattr(one, of).seconds - getattr(fixed, of).seconds for one in (smaller, larger)]
    if min(times) <= 0:
        return "not measurable"
    return f"{math.log(times[1] / times[0]) / math.log(larger.lines / smaller.lines):.2f}"


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=Size.parse, nargs="+", default=[Size.parse("1:10000"), Size.parse("10:100000")])
    parser.add_argument(
        "--select", default="not (group:ml or group:publishing)", help="which assets, as Dagster selects them"
    )
    parser.add_argument("--days", type=int, default=307, help="of the history")
    parser.add_argument("--memory-limit", default="4GB", help="DuckDB's, for both")
    parser.add_argument("--thin", type=int, help="then thin to so many daily snapshots, and run the last day again")
    parser.add_argument(
        "--scratch",
        type=lambda folder: Path(folder).resolve(),
        help="where to make everything, instead of the system's temporary folder",
    )
    arguments = parser.parse_args()

    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, DuckDB {duckdb.__version__}"
    )
    print(f"{arguments.days} days in one run, --select '{arguments.select}', --memory-limit {arguments.memory_limit}\n")
    print(table(HEADER, []), flush=True)
    done: list[Measured] = []
    # The first has hardly any lines: the fixed cost of starting and of accounting for its days.
    for size in (Size(100 * arguments.days, 300), *arguments.sizes):
        with tempfile.TemporaryDirectory(prefix="rfm-scale-", dir=arguments.scratch) as scratch:
            done.append(measure(Path(scratch) / "size", size, arguments))
    fixed, *sizes = done
    print()
    for smaller, larger in combinations(sizes, 2):
        ours, plain = (exponent(smaller, larger, fixed, of=of) for of in ("history", "plain"))
        print(f"{smaller.lines:,} to {larger.lines:,} lines: time grows with the power {ours} (plain script {plain})")


if __name__ == "__main__":
    sys.exit(main())
