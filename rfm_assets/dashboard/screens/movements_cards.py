"""The cards of the page Movements: who stayed, moved and came, and why they moved."""

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
"""Links to those whom the cards count, and why they moved."""
KNOWN = "known before"
MEANINGS = {
    "purchased": "Ordered since then, or an older order of theirs was delivered since.",
    "aged": "Ordered nothing since then: time alone moved them, even under the earlier day's thresholds.",
    "threshold": "Ordered nothing, and would not have moved had the thresholds not shifted.",
}


def movements_cards(
    view: View,
    period: Period,
    everybody: "pd.DataFrame",
    flows: "pd.DataFrame",
    link: Callable[[str], str] | None,
) -> None:
    """How many stayed, moved and came, and why they moved; `link` leads to those who did for a reason.

    Stayed, moved and new make up who is or was in the chosen segments. Shares are of everybody, whatever is chosen.
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
    """Those of the later day, and of them who bought and who is new."""
    are = flows["to_segment"].isin(view.segments)
    yield Card(
        "Customers", "Customers in the chosen segments on the later day.", fmt.count(flows["customers"][are].sum())
    )
    if growth_of(view.segments) != "bad":  # who has lapsed has not bought
        bought = purchases(view, period).now
        yield Card(
            f"Bought in {period.length}",
            "Customers with a purchase delivered in these days, whether they moved or not.",
            written(bought["bought"] if bought else None, fmt.count),
        )
    yield Card(
        f"New in {period.length}",
        "Customers by their first product bought: none had come by the end of the earlier day.",
        fmt.count(flows["new"].sum()),
    )


def _drawn(view: View, flows: "pd.DataFrame") -> Iterator[Card]:
    """Whom the figures count, where only some segments are chosen."""
    if not view.all_segments:
        met = int(flows["customers"].sum())
        yield Card(
            "In these segments on either day", "Those who stayed, moved or are new: who is drawn.", fmt.count(met)
        )


def _part(label: str, meaning: str, number: int, whole: int, of_whom: str) -> Card:
    """A number with its share of a whole, which is told too."""
    share = fmt.percent(100 * number / max(whole, 1))
    return Card(label, meaning, fmt.count(number), share, of=f"of the {fmt.count(whole)} {of_whom}")
