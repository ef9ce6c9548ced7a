"""The map of the page Segments: a tile for each segment, and the thresholds that divide them."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard import html_tables
from rfm_assets.dashboard.charts import in_order
from rfm_assets.dashboard.customer_links import restated_link, segment_link
from rfm_assets.dashboard.figures import segments as figures
from rfm_assets.dashboard.restated import choose_thresholds, restated_summary, what_differs
from rfm_assets.dashboard.segment_flows import comparable_days, flows
from rfm_assets.dashboard.tiles import Tile, show_tiles
from rfm_assets.dashboard.view import View
from rfm_assets.gold.segments import recency_threshold, spending_thresholds

if TYPE_CHECKING:
    import pandas as pd

SETTLED = 28
"""The first days of a shop, in which everyone is new, and medians and segments jump."""


def is_young(view: View) -> bool:
    """Whether the as-of date is one of the shop's first days."""
    return (view.as_of - view.days[0]).days < SETTLED


def segments_map(view: View, summary: "pd.DataFrame", before: date) -> "pd.DataFrame":
    """Draws the tiles, and beside them the medians of each segment; net movement is since `before`.

    Returns the summary on display, restated if the reader chose another day's thresholds, with the column `to`: the URL
    of each segment.
    """
    if is_young(view):
        st.info(
            f"History begins on {fmt.day(view.days[0])}. In the first {SETTLED} days, segments mean little: almost "
            "everyone is new, and the thresholds shift daily.",
            icon=":material/info:",
        )
    own, thresholds_of = summary, choose_thresholds(view)
    if thresholds_of:
        summary = restated_summary(view, thresholds_of).set_index("Segment")
        st.info(fmt.md(what_differs(view, thresholds_of)), icon=":material/history:")
    link = partial(restated_link, view.as_of, thresholds_of) if thresholds_of else partial(segment_link, view.as_of)
    summary = summary.assign(to=[link(segment) for segment in summary.index])
    tiles, medians = st.columns([5, 3], gap="medium")
    with tiles:
        st.header("Segment map", anchor=False)
        if thresholds_of:
            _restated_map(view, own, summary, thresholds_of)
        else:
            _map(view, summary, before)
    with medians:
        _medians(summary)
    for day in filter(None, (view.as_of, thresholds_of)):
        st.markdown(fmt.md(thresholds(view.copy.rows("segments_thresholds", as_of=day)[0])))
    return summary


def _map(view: View, summary: "pd.DataFrame", before: date) -> None:
    """Draws the day's own segments; net movement is since the newest comparable day up to `before`."""
    days = comparable_days(view.copy, view.as_of, view.customer_days)
    compared_to = max((day for day in days if day <= before), default=None)
    moved = net_movement(view, compared_to) if compared_to else {}
    names = familiar_names(view)
    net = f" Net: joined less left since {fmt.day(compared_to)}." if compared_to else ""
    _draw(
        [tile(summary, one, moved, names.get(one, "")) for one in in_order(list(summary.index))],
        f"{net} Beneath: the most common name by RFM scores, as other tools use them, with its share.",
    )


def _restated_map(view: View, own: "pd.DataFrame", summary: "pd.DataFrame", thresholds_of: date) -> None:
    _draw(
        restated_tiles(own, summary),
        f" Net: against the thresholds of {fmt.day(view.as_of)}.",
        by=f", by thresholds of {thresholds_of}",
    )


def _draw(tiles: Sequence[Tile], note: str, *, by: str = "") -> None:
    show_tiles(tiles, key="segments_map", alt=f"Customers and lifetime revenue of each segment{by}.")
    st.caption(f"Area: customers. Amount: lifetime revenue.{note} A tile opens its customers.")


def _medians(summary: "pd.DataFrame") -> None:
    st.header(
        "Medians",
        anchor=False,
        help="Each column has its own shading: darker is better. Recency is days since the last order.",
    )
    alt = "Median recency, frequency and monetary value of each segment."
    data = partial(figures.medians_data, summary)
    html_tables.show_shaded(figures.medians(summary), key="segments_medians", alt=alt, data=data)


def tile(summary: "pd.DataFrame", segment: str, net: dict[str, int], familiar: str = "") -> Tile:
    """A segment's tile, from its row of the day's summary."""
    row = summary.loc[segment]
    return Tile(
        segment,
        int(row["Customer_Count"]),
        float(row["Pct_of_Customers"]),
        float(row["Total_Revenue"]),
        str(row["to"]),
        net.get(segment, 0) if net else None,
        familiar,
    )


def restated_tiles(own: "pd.DataFrame", summary: "pd.DataFrame") -> list[Tile]:
    """The tiles by the thresholds of another day; net is relative to the day's own thresholds."""
    counts = summary["Customer_Count"].sub(own["Customer_Count"], fill_value=0)
    net = {str(segment): int(number) for segment, number in counts.items()}
    return [tile(summary, one, net) for one in in_order(list(summary.index))]


def familiar_names(view: View) -> dict[str, str]:
    """The most common RFM name in each segment with its share, `Champions 62%`; empty if not published."""
    if not view.copy.has("gold.customer_scores"):
        return {}
    rows = view.copy.rows("segments_familiar", as_of=view.as_of)
    return {row["segment"]: f"{row['name']} {fmt.percent(row['share'], 0)}" for row in rows}


def net_movement(view: View, compared_to: date) -> dict[str, int]:
    """Customers who joined each segment, less those who left, since a day; new customers included."""
    moved = flows(view.copy, view.as_of, compared_to)
    joined = moved.groupby("to_segment")["customers"].sum()
    left = moved.groupby("from_segment")["customers"].sum()
    return {str(segment): int(number) for segment, number in joined.sub(left, fill_value=0).items()}


def thresholds(medians: dict[str, Any]) -> str:
    """The day's thresholds in words, by the policy in force."""
    growing, high = spending_thresholds(medians["median_monetary"])
    return (
        f"Thresholds on {fmt.day(medians['day'])}: Growing Value spent more than {fmt.exact_money(growing)} and High "
        f"Value more than {fmt.exact_money(high)}; frequent is more than "
        f"{fmt.plural(medians['median_frequency'], 'order')}; recent is under "
        f"{fmt.plural(recency_threshold(medians['median_recency']), 'day')} since the last order."
    )
