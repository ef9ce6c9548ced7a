"""Links from marks to the page Customers: URLs that narrow its list to the customers that a mark counts."""

from datetime import date

from rfm_assets.dashboard import address

MOVED_FROM, MOVED_TO, SINCE, WHY = "moved_from", "moved_to", "since", "why"
ORDERED, NEW = "ordered_in", "new_in"
COHORT, AGAIN, BOUGHT_IN, FIRST_ON, COUNTRY = "cohort", "again_in", "bought_in", "first_on", "country"
THRESHOLDS_OF, PLACED_IN, CLUSTER = "thresholds_of", "placed_in", "cluster"
BEST_FIFTH, FOLLOWED = "best_fifth_by", "followed_days"

CAUSES = {
    "ordered": ("purchased",),
    "lapsed": ("aged",),
    "thresholds": ("threshold",),
    "new": ("new",),
    "stayed": ("stayed",),
    "moved": ("purchased", "aged", "threshold"),
    "joined": ("purchased", "aged", "threshold", "new"),
}
"""The causes of moves in URLs, and in `queries/linked_moved.sql`."""


def moved_link(day: date, since: date, why: str, *, origin: str = "", target: str = "", **query: object) -> str:
    """The URL of customers who moved for a cause of `CAUSES`, between any segments or the given ones."""
    asked = {MOVED_FROM: origin, MOVED_TO: target, SINCE: since, WHY: why}
    return _customers(day, **{key: value for key, value in asked.items() if value}, **query)


def flow_link(day: date, since: date, origin: str, target: str) -> str:
    """The URL of customers who went from one segment, or were new, to another."""
    return _customers(day, **{MOVED_FROM: origin, MOVED_TO: target, SINCE: since})


def ordered_link(day: date, days: int, *, only_new: bool = False, **query: object) -> str:
    """The URL of customers who ordered in the last days, or only of new ones."""
    return _customers(day, **{NEW if only_new else ORDERED: days}, **query)


def cohort_link(day: date, cohort: str, again: str) -> str:
    """The URL of customers who first bought in one month (`2025-06`) or week (`2025-06-02`) and again in another."""
    return _customers(day, **{COHORT: cohort, AGAIN: again})


def bought_link(day: date, month: str) -> str:
    """The URL of customers who bought anything in a month, such as `2025-06`."""
    return _customers(day, **{BOUGHT_IN: month})


def first_link(day: date, first: str) -> str:
    """The URL of customers whose first purchase was on a day."""
    return _customers(day, **{FIRST_ON: first})


def country_link(day: date, country: str) -> str:
    """The URL of customers who bought from a country."""
    return _customers(day, **{COUNTRY: country})


def restated_link(day: date, thresholds_of: date, segment: str) -> str:
    """The URL of customers in a segment by the thresholds of another day."""
    return _customers(day, **{THRESHOLDS_OF: thresholds_of, PLACED_IN: segment})


def cluster_link(day: date, cluster: int) -> str:
    """The URL of a cluster's customers."""
    return _customers(day, **{CLUSTER: cluster})


def fifth_link(day: date, method: str, days: int) -> str:
    """The URL of customers whom a method ranked in the best fifth on a day, for a horizon of `days`."""
    return _customers(day, **{BEST_FIFTH: method, FOLLOWED: days})


def customer_link(day: date, customer: str) -> str:
    """The URL of a customer."""
    return _customers(day, customer=customer)


def segment_link(day: date, segment: str) -> str:
    """The URL of a segment's customers."""
    return _customers(day, segment=segment)


def _customers(day: date, **query: object) -> str:
    return address.page_link("customers", day, **query)
