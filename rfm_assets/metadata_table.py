"""Small tables for the UI."""

from collections.abc import Iterable, Sequence

import dagster as dg


def metadata_table(
    header: Sequence[str], rows: Iterable[Sequence[object]], longest_cell: int = 1_000
) -> dg.TableMetadataValue:
    """A table as metadata, each cell a text cut at `longest_cell` characters.

    What is missing is written as NULL: the UI would show nothing, as it does for an empty text.
    """
    records = [
        dg.TableRecord({name: _cell(value, longest_cell) for name, value in zip(header, row, strict=True)})
        for row in rows
    ]
    return dg.MetadataValue.table(records, dg.TableSchema([dg.TableColumn(name) for name in header]))


def _cell(value: object, longest: int) -> str:
    text = "NULL" if value is None else str(value)
    return text if len(text) <= longest else f"{text[:longest]}…"
