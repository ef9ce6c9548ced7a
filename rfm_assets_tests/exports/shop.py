"""Builders: an export with plain headers, a landing of exports, and the daily files it made."""

import csv
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from rfm_assets.exports.found import files_at
from rfm_assets.exports.land import Landed, land
from rfm_assets.exports.manifest import Manifests
from rfm_assets.exports.profile import Profile
from rfm_assets.exports.target import FolderTarget
from rfm_assets.exports.terms import Terms
from rfm_assets.exports.work import Limits

HEADERS = ("order", "placed", "customer", "sku", "qty", "price")
SMALL = Limits("256MB", 1)


def profile(**changes: Mapping[str, Any]) -> Profile:
    """A profile for those headers; each keyword overrides keys of one table, such as `line={...}`."""
    source: dict[str, Any] = {
        "order": {"number": {"column": "order"}, "placed": {"column": "placed"}},
        "line": {
            "product": {"column": "sku"},
            "quantity": {"column": "qty"},
            "amount": {"column": "price", "is": "unit"},
        },
        "customer": {"key": {"column": "customer"}},
    }
    for table, change in changes.items():
        source[table] = {**source.get(table, {}), **change} if isinstance(change, Mapping) else change
    return Profile.of({"source": source})


def sale(order: object = "A1", placed: str = "2026-05-01", **cells: object) -> dict[str, object]:
    """A record; a test states only what it varies."""
    return {"order": order, "placed": placed, "customer": "c1", "sku": "MUG", "qty": 2, "price": "3.50"} | cells


class Shop:
    """A folder of exports and the landing zone they go to."""

    def __init__(self, folder: Path, by: Profile | None = None, terms: Terms = Terms()) -> None:  # noqa: B008
        self.exports, self.landing = folder / "exports", folder / "landing"
        self.manifests = Manifests(folder / "manifests")
        self.by, self.terms = by or profile(), terms
        self.exports.mkdir(parents=True)

    def write(self, name: str, records: Sequence[Mapping[str, object]], *, hour: int = 1) -> Path:
        """Writes an export that was last changed on 2026-06-01 at an hour."""
        headers = list(dict.fromkeys(header for record in records for header in record)) or list(HEADERS)
        path = self.exports / name
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, headers)
            writer.writeheader()
            writer.writerows(records)
        return self.at(path, hour)

    def write_bytes(self, name: str, content: bytes | str, *, hour: int = 1) -> Path:
        """Writes an export of exactly these bytes."""
        path = self.exports / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return self.at(path, hour)

    def at(self, path: Path, hour: int) -> Path:
        """Sets a file's modification time to an hour."""
        when = datetime(2026, 6, 1, hour, tzinfo=UTC).timestamp()
        os.utime(path, (when, when))
        return path

    def land(self, *, forget: Sequence[str] = ()) -> Landed:
        """Lands all exports of the folder."""
        files, _ = files_at([self.exports])
        target = FolderTarget(self.landing)
        return land(files, self.by, self.terms, target, self.manifests, forget=forget, limits=SMALL)

    def files(self) -> dict[str, bytes]:
        """The daily files' bytes by name."""
        return {path.name: path.read_bytes() for path in sorted(self.landing.glob("*"))}

    def lines(self, day: date | str = "2026-05-01") -> list[dict[str, str]]:
        """The lines of a day's file."""
        with (self.landing / f"{day}_orders.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def all_lines(self) -> list[dict[str, str]]:
        """The lines of all files."""
        return [line for name in self.files() for line in self.lines(name.removesuffix("_orders.csv"))]
