"""Lists what may still hold an erased customer's data and is not the pipeline's to delete."""

import mmap
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from rfm_assets.config import in_force
from rfm_assets.erasure.rewrite import Rewritten
from rfm_assets.settings import Settings

_NAMED = 20


def remains(found: Rewritten, customers: Collection[str], chosen: Settings, home: Path | None) -> Iterator[str]:
    """A checklist for a person, the most certain first.

    Args:
        found: What was erased; its files are those that bronze had loaded.
        customers: The ids, as silver writes them.
        chosen: The settings, which say where files and tables are.
        home: The folder of Dagster's records, if known.
    """
    if found.files:
        yield f"landing files in {chosen.landing}: {_some(found.files)}. From now on they load without the id"
    place = chosen.exports or "the exports themselves, and copies of them"
    yield f"exports that `rfm land` has read: {place}. `rfm land --forget EXPORT` removes the daily files of one"
    if recorded := list(_recorded(home, customers)):
        yield (
            f"Dagster's records of earlier runs, whose samples may show ids: {_some(recorded)}. Delete those runs in "
            "the UI or with `dagster run delete`"
        )
    aliases = in_force.customers().aliases
    if listing := [str(path) for path in (aliases, chosen.suppress) if path]:
        yield f"the shop's own lists, if they name the customers: {_some(listing)}"
    file = chosen.warehouse.resolve()
    own = {file.name, *(f"{file.name}.{suffix}" for suffix in ("erased", "erased.lock", "erasure-key"))}
    if copies := sorted(path.name for path in file.parent.glob(f"{file.name}*") if path.name not in own):
        yield f"copies beside the warehouse: {_some(copies)}"
    yield "backups, downloads, and copies that others made of the published copy or of audiences"


def _recorded(home: Path | None, customers: Iterable[str]) -> Iterator[str]:
    """The files of Dagster's records that contain one of the ids."""
    ids = "|".join(map(re.escape, customers))
    pattern = re.compile(rf"(?<![0-9A-Za-z])(?:{ids})(?![0-9A-Za-z])".encode())
    for folder in (".dagster", "storage", "history", "schedules"):
        for path in sorted((home / folder).rglob("*")) if home else ():
            if path.is_file() and path.stat().st_size:
                with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                    if pattern.search(content):
                        yield str(path)


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if names[_NAMED:] else ""
    return ", ".join(names[:_NAMED]) + more
