"""The statement that splits landed lines into fields, on either engine."""

from collections.abc import Sequence
from datetime import datetime
from importlib.resources import files
from string import whitespace

from rfm_assets.contracts.bronze import OPTIONAL_SOURCE_COLUMNS, SOURCE_COLUMNS
from rfm_assets.contracts.line_format import RE2_FIELD
from rfm_assets.warehouse.query import Query


def split_lines(landed_line: Query, header: Sequence[str], read_at: datetime, *, field: str = RE2_FIELD) -> Query:
    """The rows of bronze.transactions made from lines with this header, see landed_lines.sql."""
    columns = {name: source for source, name in SOURCE_COLUMNS.items()}
    columns |= {name: name for name in OPTIONAL_SOURCE_COLUMNS}
    text = files(__package__).joinpath("landed_lines.sql").read_text(encoding="utf-8").rstrip()
    return Query(
        text.format(
            field=field,
            blanks=whitespace,
            columns=len(header),
            source_columns=",\n    ".join(_column(name, source, header) for name, source in columns.items()),
            read_at=read_at,
        ),
        {"landed_line": landed_line},
    )


def _column(name: str, source: str, header: Sequence[str]) -> str:
    if source not in header:
        return f"CAST(NULL AS VARCHAR) AS {name}"
    return f"CASE WHEN is_whole THEN nullif(fields[{header.index(source) + 1}], '') END AS {name}"
