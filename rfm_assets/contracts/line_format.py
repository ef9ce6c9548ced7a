"""How a delivered line splits into fields: one pattern for DuckDB, Spark and Python."""

import re

FIELD = r',(?:"(?:[^"]++|"")*+" *+|[^",][^,]*+|)'
"""A field with the comma before it, for Python and Java: quoted from its first character on (spaces after the closing
quote are ignored), or plain.

A line, with a comma put before it, splits if such fields cover all of it. Repeats are possessive (`+`): backtracking
would cost gigabytes on a long line.
"""

RE2_FIELD = re.sub(r"(?<=[*+])\+", "", FIELD)
"""The same for DuckDB, whose RE2 never backtracks."""


def quoted_fields(text: str) -> list[str] | None:
    """The fields of a line with quotes; None if the quotes do not match."""
    fields = re.findall(FIELD, f",{text}")
    if "".join(fields) != f",{text}":
        return None
    return [field[2:].rstrip(" ")[:-1].replace('""', '"') if field.startswith(',"') else field[1:] for field in fields]
