"""Where marks lead: addresses of Customers, each with what narrows its list to those whom the mark counts."""

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
"""What an address says of why they moved, and what `queries/behind_moved.sql` calls it."""


def moved_link(day: date, since: date, why: str, *, origin: str = "", target: str = "", **query: object) -> str:
    """The address of those who moved for a reason of `CAUSES`, from any segment or one, to any segment or one."""
    asked = {MOVED_FROM: origin, MOVED_TO: target, SINCE: since, WHY: why}
    return _customers(day, **{key: value for key, value in asked.items() if value}, **query)


def flow_link(day: date, since: date, origin: str, target: str) -> str:
    """The address of those who were in one segment, or new, and are in another."""
    return _customers(day, **{MOVED_FROM: origin, MOVED_TO: target, SINCE: since})


def ordered_link(day: date, days: int, *, only_new: bool = False, **query: object) -> str:
    """The address of those who ordered in the last days, or only of those who are new in them."""
    return _customers(day, **{NEW if only_new else ORDERED: days}, **query)


def cohort_link(day: date, cohort: str, again: str) -> str:
    """The address of those who first bought in one month (`2025-06`) or week (`2025-06-02`) and again in another."""
    return _customers(day, **{COHORT: cohort, AGAIN: again})


def bought_link(day: date, month: str) -> str:
    """The address of those who bought anything in a month: `2025-06`."""
    return _customers(day, **{BOUGHT_IN: month})


def first_link(day: date, first: str) -> str:
    """The address of those whose first purchase was on a day."""
    return _customers(day, **{FIRST_ON: first})


def country_link(day: date, country: str) -> str:
    """The address of those who bought from a country."""
    return _customers(day, **{COUNTRY: country})


def restated_link(day: date, thresholds_of: date, segment: str) -> str:
    """The address of those who are in a segment by the thresholds of another day."""
    return _customers(day, **{THRESHOLDS_OF: thresholds_of, PLACED_IN: segment})


def cluster_link(day: date, cluster: int) -> str:
    """The address of the customers of a cluster."""
    return _customers(day, **{CLUSTER: cluster})


def fifth_link(day: date, method: str, days: int) -> str:
    """The address of the customers that a method ranked into the best fifth on a day, for a horizon of `days`."""
    return _customers(day, **{BEST_FIFTH: method, FOLLOWED: days})


def customer_link(day: date, customer: str) -> str:
    """The address of one customer."""
    return _customers(day, customer=customer)


def segment_link(day: date, segment: str) -> str:
    """The address of the customers of a segment."""
    return _customers(day, segment=segment)


def _customers(day: date, **query: object) -> str:
    return address.page_link("customers", day, **query)
