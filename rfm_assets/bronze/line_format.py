"""How a line splits into fields."""

import re

# A field quoted from its first character on (spaces after the closing quote are ignored), or one taken as it is.
# It never looks back (the `+` after a repeat), or a long line would cost gigabytes. Java reads it the same way.
FIELD = r'"((?:[^"]++|"")*+)" *+(?=,|$)|([^",][^,]*+|)(?=,|$)'
_FIELD = re.compile(FIELD)


def split(line: bytes, *, columns: int) -> list[str] | None:
    """The fields of a well-formed line, else None. Surplus fields at its end are ignored when they are all empty."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if "\0" in text or "\r" in text:
        return None
    fields = quoted_fields(text) if '"' in text else text.split(",")
    if fields is None or len(fields) < columns or any(fields[columns:]):
        return None
    return fields[:columns]


def quoted_fields(text: str) -> list[str] | None:
    """The fields of a line some of which are quoted; None where the quotes do not fit."""
    fields, position = [], -1
    while position < len(text):
        match = _FIELD.match(text, position + 1)
        if match is None:
            return None
        quoted, plain = match.groups()
        fields.append(plain if quoted is None else quoted.replace('""', '"'))
        position = match.end()
    return fields
