"""What is kept of an export, beside the landing zone: a manifest in JSON, and its lines in Parquet.

So the next run reads only new exports, and the lines of an export that has disappeared stay.
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rfm_assets.errors import ExportError
from rfm_assets.exports.found import Aged, Stamp
from rfm_assets.landing.address import bucket_and_prefix
from rfm_assets.whole_file import write_whole


@dataclass(frozen=True)
class Manifest(Aged):
    """An export, how it was read, and what happened to its records."""

    name: str
    digest: str
    time: datetime
    day: date
    """Its day: from its name, else of its newest order. Undated refunds that first appear in it get this day."""
    profile: str
    fingerprint: str
    """Changes with the profile, the shop's currency and zone, and the way exports are read."""
    encoding: str
    delimiter: str
    decimal: str
    formats: Sequence[str]
    records: int
    written: int
    """Records that became lines."""
    left_out: dict[str, int]
    lines: int
    orders: int
    first_day: date
    last_day: date
    amount: str
    currencies: dict[str, int]
    fractions: int = 0
    unread: dict[str, int] = field(default_factory=dict)
    """Numbers of lines with an unreadable cell that passes as delivered, by field."""
    reconciled: dict[str, Any] = field(default_factory=dict)
    remarks: Sequence[str] = ()
    files: Sequence[Stamp] = ()
    gone: bool = False

    def must_add_up(self) -> None:
        """Raises ExportError unless records = written + left out."""
        if self.records != self.written + sum(self.left_out.values()):
            message = (
                f"{self.name}: {self.records:,} records are not the {self.written:,} written and the "
                f"{sum(self.left_out.values()):,} left out; nothing was landed: report this"
            )
            raise ExportError(message)

    def as_json(self) -> str:
        """The manifest as it is stored."""
        return json.dumps(asdict(self), indent=2, default=str, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        """The manifest of a stored text."""
        held = json.loads(text)
        for name in ("day", "first_day", "last_day"):
            held[name] = date.fromisoformat(held[name])
        held["time"] = datetime.fromisoformat(held["time"])
        held["files"] = tuple(tuple(one) for one in held["files"])
        return cls(**held)


@dataclass(frozen=True)
class Manifests:
    """The folder of all manifests."""

    folder: Path

    def all(self) -> dict[str, Manifest]:
        """Every manifest, by id.

        Raises:
            ExportError: when one cannot be read.
        """
        found = {}
        for path in sorted(self.folder.glob("*.json")):
            try:
                manifest = Manifest.from_json(path.read_text(encoding="utf-8"))
            except (OSError, ValueError, TypeError, KeyError) as error:
                message = f"cannot read the manifest {path}: {error}; delete it, and its export will be read again"
                raise ExportError(message) from None
            if self.lines(manifest.id).exists():
                found[manifest.id] = manifest
        return found

    def lines(self, export: str) -> Path:
        """The file of an export's lines."""
        return self.folder / f"{export}.parquet"

    def consent(self, export: str) -> Path:
        """The file of an export's marketing consent, if it states any."""
        return consent_beside(self.lines(export))

    @property
    def opted_out(self) -> Path:
        """The list of customers who have opted out of marketing, by all exports."""
        return self.folder / "opted_out.csv"

    @property
    def record(self) -> Path:
        """The file that lists the days with a daily file; missing until something has landed."""
        return self.folder / "days.txt"

    def take(self, export: str, lines: Path) -> None:
        """Moves an export's lines and consent into place; deletes an earlier consent file if there is none now."""
        _move(lines, self.lines(export))
        if consent_beside(lines).exists():
            _move(consent_beside(lines), self.consent(export))
        else:
            self.consent(export).unlink(missing_ok=True)

    def save(self, manifest: Manifest) -> None:
        """Stores a manifest atomically."""
        write_whole(self.folder / f"{manifest.id}.json", manifest.as_json())

    def forget(self, export: str) -> None:
        """Deletes everything kept of an export."""
        (self.folder / f"{export}.json").unlink(missing_ok=True)
        self.lines(export).unlink(missing_ok=True)
        self.consent(export).unlink(missing_ok=True)


def consent_beside(lines: Path) -> Path:
    """The file of an export's consent, beside its lines."""
    return lines.with_suffix(".consent.parquet")


def _move(path: Path, target: Path) -> None:
    """Moves a file into place atomically, across disks."""
    beside = target.with_suffix(".parquet.new")
    shutil.move(path, beside)
    beside.replace(target)


def manifests_of(address: str) -> Path:
    """The folder of the manifests: beside the landing folder; for a bucket, `data/BUCKET.manifests`."""
    bucket = bucket_and_prefix(address, setting="--to")
    if bucket is None:
        folder = Path(address)
        return folder.with_name(f"{folder.resolve().name}.manifests")
    return Path("data") / f"{'-'.join(one for one in bucket if one).replace('/', '-')}.manifests"
