"""Measures the last day of a folder of daily files, added to the warehouse of all days before it, and an empty run.

    python benchmarks/one_more_day.py path/to/daily/files [--runs 5] [--select 'not (group:ml or group:publishing)']

Each run starts from a fresh copy of that warehouse, what is published and Dagster's records. Processor time is of the
whole process; it can be compared on a machine that has other things to do, when both are measured in turns.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from history import EMPTY_GRAPH, Bench
from measure import Cost, graph_parser, median_of, table


def main() -> None:
    """Measures and prints."""
    arguments = graph_parser(__doc__, runs=5, select="*").parse_args()
    files = sorted(arguments.landing.resolve().glob("*.csv"))
    days = sorted({file.name[:10] for file in files})
    if len(days) < 2:  # noqa: PLR2004
        sys.exit(f"there are not two days of .csv files in {arguments.landing}")
    with tempfile.TemporaryDirectory(prefix="rfm-bench-") as scratch:
        root = Path(scratch)
        earlier = root / "earlier"
        earlier.mkdir()
        for file in files:
            if file.name[:10] != days[-1]:
                (earlier / file.name).symlink_to(file)
        before = Bench(root / "before", earlier, start=days[0])
        before.history()
        empty = Bench(root / "empty", arguments.landing, start=days[0])
        (empty.folder / "empty_graph.py").write_text(EMPTY_GRAPH)

        def one_more_day() -> Cost:
            shutil.rmtree(root / "after", ignore_errors=True)
            after = Bench(root / "after", arguments.landing.resolve(), arguments.select, start=days[0])
            shutil.copytree(before.folder, after.folder, symlinks=True, dirs_exist_ok=True)
            return after.materialize(days[-1])

        costs = [(one_more_day(), empty.materialize(days[-1], module="empty_graph")) for _ in range(arguments.runs)]
        more, nothing = (median_of(arguments.runs, iter(some).__next__) for some in zip(*costs, strict=True))
    rows = [
        [what, f"{cost.processor_seconds:.1f} s", f"{cost.seconds:.1f} s", f"{cost.megabytes:,.0f} MB"]
        for what, cost in (("one more day", more), ("an empty run", nothing))
    ]
    print(table(["what", "processor", "time", "peak memory"], rows))
    print(f"\n{more.processor_seconds / nothing.processor_seconds:.2f} x the empty run")


if __name__ == "__main__":
    main()
