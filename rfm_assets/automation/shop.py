"""Which shop a run or a cursor belongs to: Dagster's records may mix several, such as a sample and a real one."""

from hashlib import blake2b

import dagster as dg

from rfm_assets.landing.zone import LandingZone
from rfm_assets.warehouse.engine import Engine

SHOP = "rfm/shop"  # the tag of a run


def shop_of(landing: LandingZone, warehouse: Engine) -> str:
    """A short id of a landing zone together with the warehouse filled from it."""
    return blake2b(f"{landing.address}\n{warehouse.address}".encode(), digest_size=4).hexdigest()


def is_of(run: dg.DagsterRun, shop: str | None) -> bool:
    """Whether a run may belong to a shop: its tag names the shop, or it has none. With `shop=None` every run does."""
    return shop is None or run.tags.get(SHOP, shop) == shop


def signed(cursor: str, shop: str) -> str:
    """The cursor with its shop."""
    return f"{shop}:{cursor}"


def of_shop(cursor: str | None, shop: str) -> str | None:
    """The cursor without its shop; None if it belongs to another. An older cursor names no shop, and is accepted."""
    signature, colon, rest = (cursor or "").partition(":")
    if not colon:
        return cursor or None
    return rest if signature == shop else None
