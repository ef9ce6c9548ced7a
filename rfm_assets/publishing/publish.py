"""Publishes the warehouse for readers: writes a published copy and its Parquet files, then shows both."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import duckdb

from rfm_assets.errors import CopyCorruptError, CopyMissingError, PublishedError
from rfm_assets.privacy.customer_ids import CustomerIds, hashed_with
from rfm_assets.publishing import reader
from rfm_assets.publishing.audience_files import remove_audiences
from rfm_assets.publishing.hashed_source import HashedSource
from rfm_assets.publishing.lost_days import must_lose_no_day
from rfm_assets.publishing.parquet import write_parquet
from rfm_assets.publishing.source import Source
from rfm_assets.publishing.versions import COPY, PARQUET, Pointer
from rfm_assets.publishing.written_copy import PublishingRun, Written, write_copy

AS_THEY_ARE = CustomerIds()


@dataclass(frozen=True)
class Publication:
    """A published copy that readers find from now on."""

    file: Path
    written: Written


def publish(  # noqa: PLR0913 - what decides how much of an earlier copy may remain
    source: Source,
    folder: Path,
    *,
    run_id: str,
    ids: CustomerIds = AS_THEY_ARE,
    ids_of_lists: CustomerIds | None = None,
    opted_out: Collection[str] = (),
    from_scratch: bool = False,
) -> Publication:
    """Publishes what is stored into a folder, while no other process does.

    With other ids than the copy that is there, nothing of that copy remains, and no list with other ids than lists are
    to have now (`ids_of_lists`, by default those of the copy). While the copy is hashed, such lists never remain.
    `from_scratch`, nothing of it remains either way, not even in blocks that are free. `opted_out` are customers who
    accept no marketing: lists made of the copy leave them out.

    Raises:
        PublishedError: when the folder cannot be written, or readers would lose days that the warehouse lost.
    """
    source = HashedSource(source, ids) if ids.key else source
    tables = source.take_stock()
    must_lose_no_day(source, folder)
    copy, parquet = Pointer(folder, COPY), Pointer(folder, PARQUET)
    try:
        file = copy.new_version()
        same_ids = _ids_are(ids, folder)
        # What another program writes into may be anything by now, so nothing is taken from it.
        keeps = same_ids and not from_scratch
        previous = copy.newest if keeps and not reader.is_locked(folder) else None
        written = write_copy(source, tables, file, previous, run=PublishingRun(run_id, ids, opted_out))
        files = parquet.new_version()
        write_parquet(file, files)
        parquet.show(files, keep_previous=keeps)
        copy.show(file, keep_previous=keeps)
        if ids.fingerprint or not same_ids:
            remove_audiences(folder, but_of=(ids_of_lists or ids).fingerprint)
    except (OSError, duckdb.IOException) as error:
        message = (
            f"cannot publish into {folder}: {error}: what was published stays; set RFM_PUBLISHED to another folder"
        )
        raise PublishedError(message) from error
    return Publication(file, written)


def _ids_are(ids: CustomerIds, folder: Path) -> bool:
    """Whether the copy that is there has customers' ids as the next one is to have them."""
    try:
        with reader.content(folder) as held:
            return hashed_with(held) == ids.fingerprint
    except (CopyMissingError, CopyCorruptError, duckdb.CatalogException):
        return False
