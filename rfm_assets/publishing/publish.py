"""Publishes the warehouse for readers: writes a snapshot and its Parquet files, then shows both."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from rfm_assets.errors import PublishedError
from rfm_assets.publishing.lost_days import must_lose_no_day
from rfm_assets.publishing.parquet import write_parquet
from rfm_assets.publishing.snapshot import Written, write_snapshot
from rfm_assets.publishing.source import Source
from rfm_assets.publishing.versions import PARQUET, SNAPSHOT, Pointer


@dataclass(frozen=True)
class Publication:
    """A snapshot that readers find from now on."""

    file: Path
    written: Written


def publish(source: Source, folder: Path, *, run_id: str) -> Publication:
    """Publishes what is stored into a folder, while no other process does.

    Raises:
        PublishedError: when the folder cannot be written, or readers would lose days that the warehouse lost.
    """
    tables = source.take_stock()
    must_lose_no_day(source, folder)
    snapshot, parquet = Pointer(folder, SNAPSHOT), Pointer(folder, PARQUET)
    try:
        file = snapshot.new_version()
        written = write_snapshot(source, tables, file, snapshot.newest, run_id=run_id)
        files = parquet.new_version()
        write_parquet(file, files)
        parquet.show(files)
        snapshot.show(file)
    except (OSError, duckdb.IOException) as error:
        message = (
            f"cannot publish into {folder}: {error}: what was published stays; set RFM_PUBLISHED to another folder"
        )
        raise PublishedError(message) from error
    return Publication(file, written)
