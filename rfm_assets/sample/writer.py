"""Writes a shop's daily files into a folder, atomically and never over other files."""

import multiprocessing
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from rfm_assets.errors import SettingError
from rfm_assets.sample.shop import Shop, too_small

LANDED_FILE = re.compile(r"\d{4}-\d{2}-\d{2}.*\.csv(\.gz)?", re.IGNORECASE | re.DOTALL)
"""The name of any daily file. Repeated here, because the landing's own module imports Dagster."""
LINES_WORTH_A_PROCESS = 3_000_000


@dataclass(frozen=True)
class SampleReport:
    """The contents of a folder with a sample."""

    files: int
    lines: int
    """Lines under the headers."""
    bytes: int


def write_sample(  # noqa: PLR0913 - the shop's options, and how to write it
    folder: Path,
    *,
    start: date = Shop.start,
    days: int = Shop.days,
    lines_per_day: int = Shop.lines_per_day,
    customers: int | None = Shop.customers,
    seed: int = Shop.seed,
    workers: int | None = None,
    overwrite: bool = False,
    on_day: Callable[[], None] = lambda: None,
) -> SampleReport:
    """Writes a shop's daily files, `YYYY-MM-DD_transactions.csv`, and counts them.

    Identical existing files stay untouched, so that a killed run can be restarted and a history extended. `workers` is
    the number of processes, by default as many as pay off; it never changes the bytes. `on_day` is called after each
    day.

    Raises:
        SettingError: when an option is out of range, or when the folder has a daily file that this sample would not
            write, since it may be the user's own. With `overwrite`, files with the sample's names are replaced and all
            others left alone.
    """
    shop = Shop(start, days, lines_per_day, customers, seed)
    if workers is not None and workers < 1:
        raise SettingError(too_small("workers", workers, 1))
    paths = [folder / f"{shop.date_of(day)}_transactions.csv" for day in range(days)]
    there = _prepare(folder, paths, overwrite=overwrite)
    lines = size = 0
    with _mapper(shop, workers) as in_processes:
        for is_there in (True, False):  # anything that may be refused comes first
            chosen = [(day, path) for day, path in enumerate(paths) if (path in there) is is_there]
            settle = _keep if is_there and not overwrite else _write
            for day_lines, day_size in in_processes(partial(settle, shop), chosen):
                lines, size = lines + day_lines, size + day_size
                on_day()
    return SampleReport(days, lines, size)


def write_export(name: str, shop: Shop, folder: Path, *, clean: bool = False, overwrite: bool = False) -> list[Path]:
    """Writes the shop's whole history as one export in the named shape; returns its files.

    Without `clean`, includes the other records that such an export has besides sales.

    Raises:
        SettingError: when there is no such shape, or when a file exists and `overwrite` is off.
    """
    from rfm_assets.sample.shapes import SHAPES
    from rfm_assets.sample.shapes.orders import orders

    if name not in SHAPES:
        raise SettingError(f"--as {name}: the sample is not written in this shape: choose one of {', '.join(SHAPES)}")
    return SHAPES[name].write(orders(shop, clean=clean), folder, clean=clean, overwrite=overwrite)


def _prepare(folder: Path, paths: Collection[Path], *, overwrite: bool) -> set[Path]:
    """Makes the folder; returns its existing daily files.

    Raises:
        SettingError: when it cannot be made, or has files other than these paths without `overwrite`.
    """
    there = _landed_files(folder)
    if not overwrite and (strangers := there.difference(paths)):
        raise SettingError(_refusal(folder, min(strangers)))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(f"cannot make the folder {folder}: {error}: name another one") from error
    return there


def _landed_files(folder: Path) -> set[Path]:
    if folder.exists() and not folder.is_dir():
        message = f"{folder} is a file: name a folder for the sample's daily files"
        raise SettingError(message)
    return {path for path in folder.rglob("*") if LANDED_FILE.fullmatch(path.name)}


def _refusal(folder: Path, path: Path) -> str:
    return (
        f"{folder} already holds {path.relative_to(folder)}, which is not what this sample would write there: name an "
        "empty folder, give the options that the folder's sample was made with, or allow overwriting"
    )


@contextmanager
def _mapper(shop: Shop, workers: int | None) -> Iterator[Callable[..., Iterable[tuple[int, int]]]]:
    """A `map` over `workers` processes, by default as many as pay off."""
    worth = shop.days * shop.lines_per_day // LINES_WORTH_A_PROCESS + 1
    processes = min(workers or min(os.cpu_count() or 1, worth), shop.days)
    if processes == 1:
        yield map
        return
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        yield pool.map


def _parts(shop: Shop, day: int) -> Iterator[bytes]:
    from rfm_assets.sample.lines import daily_file

    return daily_file(shop, day)


def _write(shop: Shop, day_and_path: tuple[int, Path]) -> tuple[int, int]:
    """Writes a day's file atomically; returns its lines and bytes."""
    day, path = day_and_path
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    lines = -1  # do not count the header
    try:
        with beside.open("wb") as file:
            for part in _parts(shop, day):
                file.write(part)
                lines += part.count(b"\n")
            size = file.tell()
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return lines, size


def _keep(shop: Shop, day_and_path: tuple[int, Path]) -> tuple[int, int]:
    """Compares an existing file with the day's contents, without writing; returns its lines and bytes."""
    day, path = day_and_path
    lines, size = -1, 0
    with path.open("rb") as file:
        for part in _parts(shop, day):
            if file.read(len(part)) != part:
                raise SettingError(_refusal(path.parent, path))
            lines, size = lines + part.count(b"\n"), size + len(part)
        if file.read(1):
            raise SettingError(_refusal(path.parent, path))
    return lines, size
