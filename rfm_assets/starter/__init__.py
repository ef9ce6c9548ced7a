"""A shop's folder: the files that make every `rfm`, `dg` and `dagster` command work there."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

from rfm_assets.config.currency import CURRENCIES
from rfm_assets.config.problems import toml
from rfm_assets.exports.manifest import Manifest

_FILES = {
    "dagster.yaml": "dagster.yaml",
    "workspace.yaml": "workspace.yaml",
    "dg.toml": "dg.toml",
    "definitions.py.txt": "shop/definitions.py",
    "gitignore": ".gitignore",
    "README.md": "README.md",
}
"""The files of this package, and their names in a shop's folder."""
_FOLDERS = ("data/exports", "data/landing")
_NO_CURRENCY = 'currency = ""   # unknown, so amounts are plain numbers: write an ISO 4217 code, such as "EUR"'
_GAP = timedelta(days=366)
_FEW = 0.01


def write(folder: Path, shop_file: str) -> list[str]:
    """Writes the files that a shop's folder lacks; existing ones stay. Returns the names of the files written."""
    texts = {name: files(__package__).joinpath(source).read_text(encoding="utf-8") for source, name in _FILES.items()}
    lacking = {name: text for name, text in (texts | {"rfm.toml": shop_file}).items() if not (folder / name).exists()}
    for name, text in lacking.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for name in _FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    return sorted(lacking)


@dataclass(frozen=True)
class Facts:
    """Facts about a shop from its exports: its currency, if they name one, its days, and the profile to read them."""

    currency: str | None
    first: date
    last: date
    early: int
    """The few lines dated long before all others."""
    late: int
    """The few lines dated long after all others."""
    profile: str

    @classmethod
    def of(cls, manifests: Sequence[Manifest], days: Counter[date], profile: str) -> "Facts":
        """The facts from exports' manifests, and the number of lines per day."""
        currencies = {code for one in manifests for code in one.currencies if code in CURRENCIES}
        first, last = usual_days(days)
        early = sum(count for day, count in days.items() if day < first)
        late = sum(count for day, count in days.items() if day > last)
        return cls(currencies.pop() if len(currencies) == 1 else None, first, last, early, late, profile)


def usual_days(days: Counter[date]) -> tuple[date, date]:
    """The first and last day with lines, ignoring up to 1 % of lines more than a year before or after the rest.

    Programs write 1970 for a missing date, which would make a history of fifty years.
    """
    return _end(days, sorted(days)), _end(days, sorted(days, reverse=True))


def _end(days: Counter[date], ordered: Sequence[date]) -> date:
    """The first of `ordered`, without those few."""
    end, passed = ordered[0], 0
    for day, following in pairwise(ordered):
        passed += days[day]
        if passed > _FEW * days.total():
            break
        if abs(following - day) > _GAP:
            end = following
    return end


Known: TypeAlias = dict[tuple[str, str], object]
"""Values for rfm.toml, by section and key."""


def known(facts: Facts | None, currency: str | None = None) -> Known:
    """The values from exports, and the currency that a person gives."""
    found: Known = {}
    if code := currency or (facts.currency if facts else None):
        found["shop", "currency"] = code
    if facts:
        found |= {("shop", "start_date"): facts.first, ("source", "profile"): facts.profile}
    return found


def text(known: Known) -> str:
    """The text of rfm.toml; an unknown currency stays empty."""
    return "\n".join(_lines(known)) + "\n"


def _lines(known: Known) -> Iterator[str]:
    currency, first = known.get(("shop", "currency")), known.get(("shop", "start_date"))
    yield "# Settings of this shop. `rfm config show` prints what is in force and why."
    yield ""
    yield "[shop]"
    yield '# name = "Example Ltd"'
    yield '# time_zone = "Europe/London"'
    yield f"currency = {toml(currency)}" if currency else _NO_CURRENCY
    yield f"start_date = {first}   # the first day of the exports" if first else "# start_date = 2024-01-01"
    if profile := known.get(("source", "profile")):
        yield ""
        yield "[source]"
        where = profile if str(profile).endswith(".toml") else f"`rfm profile show {profile}`"
        yield f"profile = {toml(profile)}   # {where} has its [rules], too"
