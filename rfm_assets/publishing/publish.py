"""Publishes the warehouse for readers: writes a published copy and its Parquet files, then makes both current."""

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
    """The published copy that is now current."""

    file: Path
    written: Written


def publish(  # noqa: PLR0913 - everything that decides how much of an earlier copy may remain
    source: Source,
    folder: Path,
    *,
    run_id: str,
    ids: CustomerIds = AS_THEY_ARE,
    ids_of_lists: CustomerIds | None = None,
    opted_out: Collection[str] = (),
    from_scratch: bool = False,
) -> Publication:
    """Publishes the source into a folder, one process at a time.

    If the kind of ids has changed, nothing of the earlier copy remains, and no list with ids other than `ids_of_lists`
    (by default those of the copy). While the copy is hashed, such lists never remain. With `from_scratch`, nothing of
    the earlier copy remains in any case, not even in free blocks. `opted_out` are customers who opted out of marketing:
    lists made from the copy leave them out.

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
        # A copy that another program writes to may contain anything by now, so nothing is reused.
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
            f"cannot publish into {folder}: {error}: the published files stay; set RFM_PUBLISHED to another folder"
        )
        raise PublishedError(message) from error
    return Publication(file, written)


def _ids_are(ids: CustomerIds, folder: Path) -> bool:
    """Whether the current copy has the same kind of ids as the next one."""
    try:
        with reader.content(folder) as held:
            return hashed_with(held) == ids.fingerprint
    except (CopyMissingError, CopyCorruptError, duckdb.CatalogException):
        return False
