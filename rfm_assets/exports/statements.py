"""The `.sql` files of this package, and how values are written into them."""

from collections.abc import Iterable
from importlib.resources import files

from rfm_assets.literals import literal


def statement(name: str, **values: str) -> str:
    """The SQL of `name`.sql, with each `$name` replaced by its value, which is SQL itself."""
    text = files(__package__).joinpath("sql", f"{name}.sql").read_text(encoding="utf-8").rstrip().rstrip(";")
    for key in sorted(values, key=len, reverse=True):
        text = text.replace(f"${key}", values[key])
    return text


def quoted(name: str) -> str:
    """A column's name as a quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


def texts(values: Iterable[str]) -> str:
    """Texts as the inside of an SQL list; NULL, which equals nothing, if there are none."""
    return ", ".join(literal(value) for value in values) or "NULL"
