"""Writes the newest state as Parquet files for BI tools, one file per table."""

from pathlib import Path

from rfm_assets.literals import literal
from rfm_assets.publishing.reader import connect
from rfm_assets.publishing.tables import PUBLISHED, stored_of
from rfm_assets.publishing.versions import FOLDER


def write_parquet(copy: Path, folder: Path) -> None:
    """Writes each table of a copy into a new folder: the newest day of per-customer tables, all rows of others."""
    folder.mkdir(FOLDER)
    with connect(copy.parent, copy.name) as connection:
        for one in stored_of(connection, PUBLISHED):
            address, day = one.table.address, one.table.day
            newest = f"WHERE {day} = (SELECT max({day}) FROM {address})" if one.is_per_customer else ""
            rows = f"SELECT * FROM {address} {newest} ORDER BY {', '.join(one.table.key) or day}"
            connection.execute(f"COPY ({rows}) TO {literal(str(folder / f'{address}.parquet'))} (FORMAT parquet)")
