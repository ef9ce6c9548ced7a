"""Measures the last day of a folder of daily files, added to the warehouse of all days before it, beside idle runs.

    python benchmarks/one_more_day.py path/to/daily/files [--runs 5] [--select 'not (group:ml or group:publishing)']

Each run starts from a fresh copy of that warehouse, what is published and Dagster's records. Processor time is of the
whole process; it can be compared on a machine that has other things to do, when both are measured in turns.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from history import EMPTY_GRAPH, IDLE_GRAPH, Bench
from measure import Cost, graph_parser, median_of, table

_MEASURED = ("one more day", "23 tables with 6 checks each that do nothing", "an empty run")


def main() -> None:
    """Measures and prints."""
    arguments = graph_parser(__doc__, runs=5, select="*").parse_args()
    with tempfile.TemporaryDirectory(prefix="rfm-bench-") as scratch:
        costs = measured(Path(scratch), arguments.landing.resolve(), arguments.select, arguments.runs)
    empty = costs[-1].processor_seconds
    rows = [
        [
            what,
            f"{cost.processor_seconds:.1f} s",
            f"{cost.processor_seconds / empty:.2f} x",
            f"{cost.seconds:.1f} s",
            f"{cost.megabytes:,.0f} MB",
        ]
        for what, cost in zip(_MEASURED, costs, strict=True)
    ]
    print(table(["what", "processor", "of an empty run", "time", "peak memory"], rows))


def measured(root: Path, landing: Path, select: str, runs: int) -> list[Cost]:
    """The median cost of each of what is measured, which take turns."""
    files = sorted(landing.glob("*.csv"))
    days = sorted({file.name[:10] for file in files})
    if len(days) < 2:  # noqa: PLR2004
        sys.exit(f"there are not two days of .csv files in {landing}")
    earlier = root / "earlier"
    earlier.mkdir()
    for file in files:
        if file.name[:10] != days[-1]:
            (earlier / file.name).symlink_to(file)
    before = Bench(root / "before", earlier, start=days[0])
    before.history()
    bare = Bench(root / "bare", landing, start=days[0])
    for module, graph in (("idle_graph", IDLE_GRAPH), ("empty_graph", EMPTY_GRAPH)):
        (bare.folder / f"{module}.py").write_text(graph)

    def one_more_day() -> Cost:
        shutil.rmtree(root / "after", ignore_errors=True)
        after = Bench(root / "after", landing, select, start=days[0])
        shutil.copytree(before.folder, after.folder, symlinks=True, dirs_exist_ok=True)
        return after.materialize(days[-1])

    def idle(module: str) -> Cost:
        return bare.materialize(days[-1], module=module)

    turns = [(one_more_day(), idle("idle_graph"), idle("empty_graph")) for _ in range(runs)]
    return [median_of(runs, iter(some).__next__) for some in zip(*turns, strict=True)]


if __name__ == "__main__":
    main()
