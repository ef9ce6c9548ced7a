"""The holdout of a campaign: a share of all customers, drawn by keyed hash, to measure the campaign's effect.

A customer is held out on every list and day of a campaign, or on none. No Dagster needed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from rfm_assets.config import in_force
from rfm_assets.errors import PublishedError
from rfm_assets.literals import literal
from rfm_assets.privacy.customer_ids import CustomerIds
from rfm_assets.publishing.versions import AUDIENCES, WRITABLE
from rfm_assets.settings import settings
from rfm_assets.whole_file import write_whole

RECORD = "holdouts.json"
"""The record of each day's holdout; it names no customer, and stays when lists are removed."""
_DIGITS = 8  # hexadecimal digits of the hash: shares are exact to a four-billionth


@dataclass(frozen=True)
class Holdout:
    """A campaign, the share of customers held out of it, and the key to draw them."""

    campaign: str
    share: Decimal
    key: str = field(repr=False)

    @property
    def told(self) -> Mapping[str, str]:
        """The holdout in a manifest."""
        return {
            "campaign": self.campaign,
            "share": str(self.share),
            "key_fingerprint": str(CustomerIds(self.key).fingerprint),
        }

    def draw(self, connection: duckdb.DuckDBPyConnection, table: str, ids: str) -> None:
        """Adds the column Holdout to a table: whether the customer in column `ids` is held out."""
        hashes = CustomerIds(self.key)
        hashes.prepare(connection)
        campaign = literal(f"{self.campaign}\n")  # campaign names have no line end, so that no two texts are equal
        drawn = hashes.expression(f"({campaign} || {ids})")
        below = f"{int(self.share * 16**_DIGITS):0{_DIGITS}x}"
        connection.execute(f"ALTER TABLE {table} ADD COLUMN Holdout BOOLEAN")
        connection.execute(f"UPDATE {table} SET Holdout = left({drawn}, {_DIGITS}) < '{below}'")


def holdout_in_force() -> Holdout | None:
    """The holdout by the shop file and RFM_HOLDOUT_KEY; None if nobody is held out."""
    chosen, key = in_force.audiences(), settings().holdout_key
    if not chosen.holdout_share or key is None:
        return None
    return Holdout(chosen.campaign, chosen.holdout_share, key.get_secret_value())


def record_holdout(folder: Path, day: date, holdout: Holdout | None) -> None:
    """Records in the published folder the holdout of a day's lists, or that they have none."""
    record = _read(folder)
    if record.get(str(day)) == (told := holdout and dict(holdout.told)):
        return
    others = {known: told_then for known, told_then in record.items() if known != str(day)}
    path = folder / AUDIENCES / RECORD
    write_whole(path, json.dumps(others | ({str(day): told} if told else {}), indent=2, sort_keys=True) + "\n")
    path.chmod(WRITABLE)


def recorded_holdouts(folder: Path, key: str) -> Mapping[date, Holdout]:
    """The holdout of each day's lists, oldest first, if drawn with this key.

    Raises:
        PublishedError: when the record cannot be read.
    """
    fingerprint = CustomerIds(key).fingerprint
    return {
        date.fromisoformat(day): Holdout(told["campaign"], Decimal(told["share"]), key)
        for day, told in sorted(_read(folder).items())
        if told["key_fingerprint"] == fingerprint
    }


def _read(folder: Path) -> dict[str, dict[str, str]]:
    path = folder / AUDIENCES / RECORD
    try:
        found: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        message = f"cannot read {path}, the record of holdouts: {error}; restore it, or remove it"
        raise PublishedError(message) from error
    return found
