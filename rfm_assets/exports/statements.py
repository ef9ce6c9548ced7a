"""The `.sql` files of this package, and how values stand in them."""

from collections.abc import Iterable
from importlib.resources import files

from rfm_assets.literals import literal


def statement(name: str, **values: str) -> str:
    """The SQL of `name`.sql; where it says `$name`, the value stands, which is SQL itself."""
    text = files(__package__).joinpath("sql", f"{name}.sql").read_text(encoding="utf-8").rstrip().rstrip(";")
    for key in sorted(values, key=len, reverse=True):
        text = text.replace(f"${key}", values[key])
    return text


def quoted(name: str) -> str:
    """A column's name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def texts(values: Iterable[str]) -> str:
    """A list of texts to stand in brackets; one that nothing equals where there are none."""
    return ", ".join(literal(value) for value in values) or "NULL"
