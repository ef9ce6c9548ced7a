"""Small tables for the UI."""

from collections.abc import Iterable, Sequence

import dagster as dg

from rfm_assets.contracts.table import CUSTOMER_ID, RAW_LINE
from rfm_assets.forms.shape import shape_of


def metadata_table(
    header: Sequence[str], rows: Iterable[Sequence[object]], longest_cell: int = 1_000
) -> dg.TableMetadataValue:
    """A table as metadata, each cell a text cut at `longest_cell` characters.

    A missing value is written as NULL, which the UI would show as an empty text. Cells that name a customer show only
    their shape, such as 99999.9: Dagster's records outlive the erasure of a customer.
    """
    records = [
        dg.TableRecord({name: _cell(name, value, longest_cell) for name, value in zip(header, row, strict=True)})
        for row in rows
    ]
    return dg.MetadataValue.table(records, dg.TableSchema([dg.TableColumn(name) for name in header]))


def _cell(name: str, value: object, longest: int) -> str:
    text = "NULL" if value is None else str(value)
    if name in {CUSTOMER_ID, RAW_LINE} and value is not None:
        text = shape_of(text)
    return text if len(text) <= longest else f"{text[:longest]}…"
