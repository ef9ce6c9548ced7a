"""The download of the page Customers: an audience, as the pipeline itself publishes them."""

from datetime import date

from rfm_assets.dashboard.snapshot import Snapshot
from rfm_assets.publishing.audiences import Audience, Audiences
from rfm_assets.settings import settings


def audience_csv(snapshot: Snapshot, day: date, since: date | None, audience: Audience) -> bytes:
    """The list as a CSV file; with RFM_AUDIENCE_KEY set, or RFM_PUBLISH_IDS=hashed, with hashed ids."""
    key = settings().audience_key
    with snapshot.cursor() as cursor:
        lists = Audiences(cursor, day, since, key=key.get_secret_value() if key else "")
        return b"".join(lists.csv(audience))


def file_name(day: date, since: date | None, audience: Audience) -> str:
    """Such as `2026-04-28_high-value-at-risk_entered_since_2026-04-21.csv`."""
    suffix = "" if audience.which == "members" else f"_since_{since}"
    return f"{day}_{audience.name}{suffix}.csv"
