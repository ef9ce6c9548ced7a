"""The cards of the page Movements: who stayed, moved or is new, and why customers moved."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from rfm_assets.config.segments import NEW_CUSTOMER
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.cards import Card, growth_of, show_cards, written
from rfm_assets.dashboard.figures import movements as figures
from rfm_assets.dashboard.links import show_links
from rfm_assets.dashboard.periods import Period, purchases
from rfm_assets.dashboard.view import View

if TYPE_CHECKING:
    import pandas as pd

SEE = {
    "stayed": "stayed",
    "moved": "moved",
    "is new": "new",
    "ordered and moved": "ordered",
    "lapsed": "lapsed",
    "moved with the thresholds": "thresholds",
}
"""Links to the customers behind the cards, by cause."""
KNOWN = "known before"
MEANINGS = {
    "purchased": "Ordered since then, or a late delivery brought an older order.",
    "aged": "Ordered nothing since then: time alone moved them, even by the earlier day's thresholds.",
    "threshold": "Ordered nothing, and moved only because the thresholds shifted.",
}


def movements_cards(
    view: View,
    period: Period,
    everybody: "pd.DataFrame",
    flows: "pd.DataFrame",
    link: Callable[[str], str] | None,
) -> None:
    """Draws how many stayed, moved or are new, and why; `link` leads to customers by cause.

    Stayed, moved and new add up to everyone in the chosen segments on either day. Shares are of all customers, whatever
    is chosen.
    """
    is_new, stayed = flows["from_segment"] == NEW_CUSTOMER, flows["from_segment"] == flows["to_segment"]
    moved = flows[~is_new & ~stayed]
    movers = int(moved["customers"].sum())
    known = int((everybody["customers"] - everybody["new"]).sum())
    show_cards(
        [
            *_customers(view, period, flows),
            _part("Stayed", "In the same segment on both days.", flows["customers"][stayed].sum(), known, KNOWN),
            _part("Moved", "In a different segment from the earlier day.", movers, known, KNOWN),
            *_drawn(view, flows),
        ]
    )
    show_cards(
        _part(figures.CAUSES[cause][0], meaning, moved[cause].sum(), movers, "who moved")
        for cause, meaning in MEANINGS.items()
    )
    if link and view.all_segments:
        show_links({name: link(why) for name, why in SEE.items()}, "See who")


def _customers(view: View, period: Period, flows: "pd.DataFrame") -> Iterator[Card]:
    """Customers on the later day, buyers and new ones among them."""
    are = flows["to_segment"].isin(view.segments)
    yield Card(
        "Customers", "Customers in the chosen segments on the later day.", fmt.count(flows["customers"][are].sum())
    )
    if growth_of(view.segments) != "bad":  # lapsed customers have not bought
        bought = purchases(view, period).now
        yield Card(
            f"Bought in {period.length}",
            "Customers with a purchase delivered in these days, whether they moved or not.",
            written(bought["bought"] if bought else None, fmt.count),
        )
    yield Card(
        f"New in {period.length}",
        "Customers whose first product bought was delivered after the earlier day.",
        fmt.count(flows["new"].sum()),
    )


def _drawn(view: View, flows: "pd.DataFrame") -> Iterator[Card]:
    """The customers that the figures count, if only some segments are chosen."""
    if not view.all_segments:
        met = int(flows["customers"].sum())
        yield Card(
            "In these segments on either day",
            "Customers who stayed, moved or are new: everyone in the figures below.",
            fmt.count(met),
        )


def _part(label: str, meaning: str, number: int, whole: int, of_whom: str) -> Card:
    """A number with its share of a whole, and the whole."""
    share = fmt.percent(100 * number / max(whole, 1))
    return Card(label, meaning, fmt.count(number), share, of=f"of the {fmt.count(whole)} {of_whom}")
