"""Measures `rfm land`: a large export at once, and a day's export against the years of exports before it.

    python benchmarks/land.py [--lines 10000000] [--days 1095] [--memory-limit 1500MB] [--threads 2]

Everything happens in a temporary folder. The machine should have nothing else to do.
"""

import argparse
import tempfile
from pathlib import Path

import duckdb
from measure import BIN, run, table

EXPORT = """
SELECT
    range // 4 AS "Order ID",
    CAST(TIMESTAMP '2023-01-01' + to_seconds(CAST(range * $seconds AS BIGINT)) AS VARCHAR) AS "Order Date",
    'c' || hash(range // 4) % 200000 AS "Customer ID",
    'SKU-' || hash(range) % 5000 AS "Product ID",
    1 + hash(range) % 5 AS Quantity,
    (100 + hash(hash(range) % 5000) % 9000) / 100 AS "Unit Price",
    'United Kingdom' AS Country
FROM range($first, $last)
"""


def write(connection: duckdb.DuckDBPyConnection, path: Path, first: int, last: int, seconds: float) -> None:
    """Writes an export of the lines from `first` to `last`, `seconds` apart."""
    select = EXPORT.replace("$first", str(first)).replace("$last", str(last)).replace("$seconds", str(seconds))
    connection.execute(f"COPY ({select}) TO '{path}' (FORMAT csv, HEADER)")


def main() -> None:
    """Measures both and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=10_000_000)
    parser.add_argument("--days", type=int, default=1095, help="of earlier exports, a file each")
    parser.add_argument("--memory-limit", default="1200MB")
    parser.add_argument("--threads", default="2")
    options = parser.parse_args()
    seconds = options.days * 86_400 / options.lines
    rows = []
    with tempfile.TemporaryDirectory() as scratch, duckdb.connect() as connection:
        folder = Path(scratch)
        env = {"RFM_MEMORY_LIMIT": options.memory_limit, "RFM_THREADS": options.threads, "TMPDIR": scratch}

        def land(name: str, exports: Path) -> None:
            to = str(folder / "landing" / exports.stem)
            cost = run(
                [str(BIN / "rfm"), "land", str(exports), "--to", to, "--profile", "generic"], cwd=folder, env=env
            )
            rows.append([name, f"{cost.seconds:.1f} s", f"{cost.megabytes:,.0f} MB"])

        whole = folder / "whole.csv"
        write(connection, whole, 0, options.lines, seconds)
        land(f"{options.lines:,} lines in one export of {whole.stat().st_size / 1e6:,.0f} MB", whole)
        whole.unlink()
        daily = folder / "daily"
        daily.mkdir()
        per_day = options.lines // options.days // 4 * 4
        for day in range(options.days):
            write(connection, daily / f"day{day:05}.csv", day * per_day, (day + 1) * per_day, seconds)
        land(f"{options.days:,} exports of {per_day:,} lines", daily)
        last = options.days - 1  # overlaps with the last one, as windows do
        write(
            connection,
            daily / "newest.csv",
            last * per_day + per_day // 2,
            (last + 1) * per_day + per_day // 2,
            seconds,
        )
        land("one more export, which overlaps with the last", daily)
        land("nothing new", daily)
    print(table(["landing", "wall", "peak memory"], rows))


if __name__ == "__main__":
    main()
