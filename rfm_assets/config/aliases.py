"""The alias file: ids that belong to another customer, each from a day on."""

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from rfm_assets.config.customers import Customers
from rfm_assets.delivered import BLANKS
from rfm_assets.errors import SettingError

_HEADER = ["alias", "customer", "since"]


class Alias(NamedTuple):
    """An id that means another customer in lines delivered from `first` on, and before `until`."""

    alias: str
    customer: str
    first: date
    until: date


def aliases(customers: Customers, beside: Path) -> tuple[Alias, ...]:
    """The aliases of a shop, with chains resolved; empty without an alias file. `beside` is the shop file.

    Raises:
        SettingError: when the file cannot be read or used; names the file and the line.
    """
    if customers.aliases is None:
        return ()
    path = beside.parent / customers.aliases
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            given = dict(_lines(path, file, customers))
    except (OSError, UnicodeDecodeError) as error:
        message = f"cannot read the alias file {path}: {error}; customers.aliases in rfm.toml names it"
        raise SettingError(message) from None
    return tuple(one for alias in given for one in _resolved(path, alias, given))


def normalised(text: str, customers: Customers) -> str:
    """An id as silver writes it; must match silver/typed.sql."""
    trimmed = re.sub(r"^([0-9]+)\.0+$", r"\1", text.strip(BLANKS), flags=re.ASCII)
    return _in_small_letters(trimmed) if customers.lower_case_emails and "@" in trimmed else trimmed


def _in_small_letters(text: str) -> str:
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


def _lines(path: Path, file: Iterator[str], customers: Customers) -> Iterator[tuple[str, tuple[str, date]]]:
    rows = csv.reader(file)
    if [name.strip().lower() for name in next(rows, [])] != _HEADER:
        raise SettingError(f"cannot use the alias file {path}: write {','.join(_HEADER)} into its first line")
    seen: set[str] = set()
    for row in filter(None, rows):
        where = f"cannot use the alias file {path}, line {rows.line_num}"
        if len(row) != len(_HEADER):
            raise SettingError(f"{where}: write an alias, a customer and a day")
        alias, customer = (normalised(text, customers) for text in row[:2])
        if not alias or not customer or alias in seen:
            raise SettingError(f"{where}: name each alias once, with its customer")
        try:
            since = date.fromisoformat(row[2].strip())
        except ValueError:
            raise SettingError(f"{where}: write the day as YYYY-MM-DD") from None
        seen.add(alias)
        yield alias, (customer, since)


def _resolved(path: Path, alias: str, given: Mapping[str, tuple[str, date]]) -> Iterator[Alias]:
    """The customer behind an alias, by day: the end of the chain of aliases valid by then."""
    chain = [alias]
    while chain[-1] in given:
        following = given[chain[-1]][0]
        if following in chain:
            names = " is ".join([*chain[chain.index(following) :], following])
            raise SettingError(
                f"cannot use the alias file {path}: it goes round in a circle, {names}; take one line out"
            )
        chain.append(following)
    days = sorted({given[one][1] for one in chain[:-1]})
    for first, until in zip(days, [*days[1:], date.max], strict=True):
        customer = alias
        while customer in given and given[customer][1] <= first:
            customer = given[customer][0]
        if customer != alias:
            yield Alias(alias, customer, first, until)
