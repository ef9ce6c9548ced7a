"""How a delivered line splits into fields: a pattern that DuckDB, Spark and Python read alike."""

import re

FIELD = r',(?:"(?:[^"]++|"")*+" *+|[^",][^,]*+|)'
"""A field with the comma before it, for Python and Java: quoted from its first character on (spaces after the closing
quote are ignored), or taken as it is.

A line, with a comma before it, splits where such fields cover all of it. The pattern never looks back (the `+` after a
repeat), or a long line would cost gigabytes.
"""

RE2_FIELD = re.sub(r"(?<=[*+])\+", "", FIELD)
"""The same for DuckDB, whose patterns never look back."""


def quoted_fields(text: str) -> list[str] | None:
    """The fields of a line some of which are quoted; None where the quotes do not fit."""
    fields = re.findall(FIELD, f",{text}")
    if "".join(fields) != f",{text}":
        return None
    return [field[2:].rstrip(" ")[:-1].replace('""', '"') if field.startswith(',"') else field[1:] for field in fields]
