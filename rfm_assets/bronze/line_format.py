"""How a line splits into fields: said once, as a pattern, for the statement that splits lines on either engine."""

import re
from collections.abc import Sequence
from datetime import datetime
from importlib.resources import files
from string import whitespace

from rfm_assets.contracts.bronze import OPTIONAL_SOURCE_COLUMNS, SOURCE_COLUMNS
from rfm_assets.warehouse.query import Query

FIELD = r',(?:"(?:[^"]++|"")*+" *+|[^",][^,]*+|)'
"""A field with the comma before it, for Python and Java: quoted from its first character on (spaces after the closing
quote are ignored), or taken as it is.

A line, with a comma before it, splits where such fields cover all of it. The pattern never looks back (the `+` after a
repeat), or a long line would cost gigabytes.
"""

RE2_FIELD = re.sub(r"(?<=[*+])\+", "", FIELD)
"""The same for DuckDB, whose patterns never look back."""


def split_lines(landed_line: Query, header: Sequence[str], read_at: datetime, *, field: str = RE2_FIELD) -> Query:
    """The rows of bronze.transactions that lines under a header become, see landed_lines.sql."""
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


def quoted_fields(text: str) -> list[str] | None:
    """The fields of a line some of which are quoted; None where the quotes do not fit."""
    fields = re.findall(FIELD, f",{text}")
    if "".join(fields) != f",{text}":
        return None
    return [field[2:].rstrip(" ")[:-1].replace('""', '"') if field.startswith(',"') else field[1:] for field in fields]
