"""A shop's folder: the files with which every `rfm`, `dg` and `dagster` command works there."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

from rfm_assets.exports.manifest import Manifest

_FILES = {
    "dagster.yaml": "dagster.yaml",
    "workspace.yaml": "workspace.yaml",
    "dg.toml": "dg.toml",
    "definitions.py.txt": "shop/definitions.py",
    "gitignore": ".gitignore",
    "README.md": "README.md",
}
"""What stands in this package, and what it is called in a shop's folder."""
_FOLDERS = ("data/exports", "data/landing")
_GAP = timedelta(days=366)
_FEW = 0.01


def write(folder: Path, shop_file: str) -> list[str]:
    """Writes the files that a shop's folder lacks; what is there stays as it is. Returns the names of those written."""
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
    """What exports tell of a shop: its currency, if they name one, its days, and the profile to read them by."""

    currency: str | None
    first: date
    last: date
    early: int
    """Lines before the first day: a few, long before all others."""
    late: int
    """Lines after the last day: a few, long after all others."""
    profile: str

    @classmethod
    def of(cls, manifests: Sequence[Manifest], days: Counter[date], profile: str) -> "Facts":
        """Of exports as they were read, and the lines of each day."""
        currencies = {code for one in manifests for code in one.currencies}
        first, last = usual_days(days)
        early = sum(count for day, count in days.items() if day < first)
        late = sum(count for day, count in days.items() if day > last)
        return cls(currencies.pop() if len(currencies) == 1 else None, first, last, early, late, profile)


def usual_days(days: Counter[date]) -> tuple[date, date]:
    """The first and last day with lines, but for up to 1 % of them that lie more than a year before or after the rest.

    Programs write 1970 where a date is missing, and a history of fifty years would be made for it.
    """
    return _end(days, sorted(days)), _end(days, sorted(days, reverse=True))


def _end(days: Counter[date], ordered: Sequence[date]) -> date:
    """The first of some days in their order, without those few."""
    end, passed = ordered[0], 0
    for day, following in pairwise(ordered):
        passed += days[day]
        if passed > _FEW * days.total():
            break
        if abs(following - day) > _GAP:
            end = following
    return end


def shop_file(facts: Facts | None) -> str:
    """The text of rfm.toml."""
    return "\n".join(_lines(facts)) + "\n"


def _lines(facts: Facts | None) -> Iterator[str]:
    yield "# What is true of this shop. `rfm config show` prints what is in force and why."
    yield ""
    yield "[shop]"
    yield '# name = "Example Ltd"'
    yield '# time_zone = "Europe/London"'
    currency = facts.currency if facts else None
    yield f'currency = "{currency}"' if currency else '# currency = "GBP"'
    yield f"start_date = {facts.first}   # the first day of the exports" if facts else "# start_date = 2024-01-01"
    if facts:
        yield ""
        yield "[source]"
        where = facts.profile if facts.profile.endswith(".toml") else f"`rfm profile show {facts.profile}`"
        yield f'profile = "{facts.profile}"   # {where} has its [rules], too'
