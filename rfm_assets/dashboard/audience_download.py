"""The downloads of the page Customers: audiences, as the pipeline publishes them, and the list on the page."""

from collections.abc import Mapping, Sequence
from datetime import date

import duckdb

from rfm_assets.dashboard.published_copy import PublishedCopy
from rfm_assets.dashboard.sorting import Order
from rfm_assets.privacy.suppressed import suppressed_customers
from rfm_assets.publishing.audience import Audience
from rfm_assets.publishing.audiences import Audiences
from rfm_assets.publishing.holdout import Holdout, holdout_in_force
from rfm_assets.settings import settings
from rfm_assets.warehouse.query import Query


def audience_csv(copy: PublishedCopy, day: date, since: date | None, audience: Audience) -> bytes:
    """The list as a CSV file; with RFM_AUDIENCE_KEY set, or RFM_PUBLISH_IDS=hashed, with hashed ids."""
    with copy.cursor() as cursor:
        return b"".join(audiences(cursor, day, since, holdout=holdout_in_force()).csv(audience))


def list_csv(
    copy: PublishedCopy, day: date, segments: Sequence[str], order: Order, among: Query | None = None
) -> bytes:
    """Every customer of the segments as a CSV file, in the order of the page's list, with ids as in audiences.

    The file includes the columns that the order shows. `among` finds the ids that the list is narrowed to.
    """
    beside = order.beside.given(as_of=f"DATE '{day}'").sql() if order.beside else ""
    with copy.cursor() as cursor:
        lists = audiences(cursor, day, holdout=holdout_in_force(), among=among.sql() if among else "")
        return b"".join(lists.members_csv(segments, order.by, beside))


def suppressed(copy: PublishedCopy, day: date) -> Mapping[str, int]:
    """How many of the day's customers are suppressed, by reason."""
    with copy.cursor() as cursor:
        return audiences(cursor, day).suppressed


def audiences(
    cursor: duckdb.DuckDBPyConnection,
    day: date,
    since: date | None = None,
    *,
    holdout: Holdout | None = None,
    among: str = "",
) -> Audiences:
    """A day's lists, without suppressed customers."""
    suppress = suppressed_customers(settings().suppress)
    return Audiences(cursor, day, since, key=_key(), suppressed=suppress, holdout=holdout, among=among)


def hashes_ids() -> bool:
    """Whether downloads replace the published copy's ids by hashes."""
    return bool(_key())


def _key() -> str:
    key = settings().audience_key
    return key.get_secret_value() if key else ""


def file_name(day: date, since: date | None, audience: Audience) -> str:
    """A file name such as `2026-04-28_high-value-at-risk_entered_since_2026-04-21.csv`."""
    suffix = "" if audience.which == "members" else f"_since_{since}"
    return f"{day}_{audience.name}{suffix}.csv"
