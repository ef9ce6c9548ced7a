"""Runs whole processes and reports what they cost: wall and processor seconds, peak memory, medians of several runs."""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

BIN = Path(sys.executable).parent


def graph_parser(doc: str | None, *, runs: int, select: str) -> argparse.ArgumentParser:
    """The arguments of a benchmark that runs assets over a folder of daily files: `landing`, --runs and --select."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("landing", type=Path)
    parser.add_argument("--runs", type=int, default=runs)
    parser.add_argument("--select", default=select, help="which assets, as Dagster selects them")
    return parser


@dataclass(frozen=True)
class Cost:
    """Of one process: wall time in seconds, peak memory in MB, processor time of its threads in seconds."""

    seconds: float
    megabytes: float
    processor_seconds: float


def run(command: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> Cost:
    """Runs a command to its end; its output is shown only when it fails."""
    # Not the settings of an installation: a benchmark must not publish over what readers use.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("RFM_", "DAGSTER_"))}
    begun = time.perf_counter()
    with (cwd / "output.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=cwd, env={**inherited, **env}, stdout=log, stderr=log)
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{' '.join(command)} failed:\n{(cwd / 'output.log').read_text()[-4000:]}")
    return Cost(seconds, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime)


def median_of(times: int, one_run: Callable[[], Cost]) -> Cost:
    """The median cost of several runs."""
    costs = [one_run() for _ in range(times)]
    return Cost(*(statistics.median(figures) for figures in zip(*map(astuple, costs), strict=True)))


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    return "\n".join("| " + " | ".join(line) + " |" for line in [header, ["---"] * len(header), *rows])
