"""Which shop a run or a cursor is of: Dagster's records may hold those of several, such as a sample and a real one."""

from hashlib import blake2b

import dagster as dg

from rfm_assets.landing.zone import LandingZone
from rfm_assets.warehouse.engine import Engine

SHOP = "rfm/shop"  # the tag of a run


def shop_of(landing: LandingZone, warehouse: Engine) -> str:
    """A short text for a landing zone and the warehouse that is filled from it."""
    return blake2b(f"{landing.address}\n{warehouse.address}".encode(), digest_size=4).hexdigest()


def is_of(run: dg.DagsterRun, shop: str | None) -> bool:
    """Whether a run may be of a shop: it is, or it does not say; every run is of no shop in particular."""
    return shop is None or run.tags.get(SHOP, shop) == shop


def signed(cursor: str, shop: str) -> str:
    """A cursor with the shop that it is of."""
    return f"{shop}:{cursor}"


def of_shop(cursor: str | None, shop: str) -> str | None:
    """The cursor without its shop; None where it is of another. One of an older version does not say, and counts."""
    signature, colon, rest = (cursor or "").partition(":")
    if not colon:
        return cursor or None
    return rest if signature == shop else None
