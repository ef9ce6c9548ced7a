"""Proof: whether segments and scores foretold what customers then spent, with what is not claimed."""

from typing import Any

import streamlit as st

from rfm_assets.config import in_force
from rfm_assets.dashboard import address, charts, html_tables
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.behind_links import fifth_link, segment_link
from rfm_assets.dashboard.charts import SEGMENT_COLOURS
from rfm_assets.dashboard.figures import proof as figures
from rfm_assets.dashboard.html_tables import Bar, Numbers
from rfm_assets.dashboard.proof_words import METHODS, findings, name_of, revenue_said
from rfm_assets.dashboard.screens.proof_holdout import proof_holdout
from rfm_assets.dashboard.threshold_jumps import breaks, explain, marked
from rfm_assets.dashboard.view import View

NOT_CLAIMED = (
    "**What this does not say.** That a segment spends more does not mean that a campaign to it earns more: only an "
    "experiment can say that, such as the holdout below. The past of one shop says nothing of another, and no season "
    "is accounted for. A small segment has a wide interval."
)
ENOUGH_CUTS = 3


def page(view: View) -> None:
    """Draws the page."""
    _backtests(view)
    proof_holdout(view)


def _backtests(view: View) -> None:
    """How methods and segments did; that there is not enough history yet, where there is not."""
    horizons = {fmt.plural(row["days"], "day"): row for row in view.copy.rows("proof_horizons", as_of=view.as_of)}
    if not horizons:
        st.info(
            "Not enough history yet: the first figures come 30 days after the first month's end that has customers.",
            icon=":material/info:",
        )
        return
    chosen = address.choice(
        "Looking ahead", list(horizons), key="proof_horizon", what="horizon", default=next(iter(horizons))
    )
    days = horizons[chosen]["days"]
    _methods(view, days)
    _segments(view, days)
    st.markdown(NOT_CLAIMED)


def _methods(view: View, days: int) -> None:
    """How well each way of ranking did, on average and at each cut."""
    rows = view.copy.rows("proof_methods", as_of=view.as_of, horizon=days)
    methods = {row["method"]: row for row in rows}
    st.header("Who brought the revenue", anchor=False)
    first, last = rows[0]["first_cut"], rows[0]["last_cut"]
    cuts = fmt.plural(rows[0]["cuts"], "month end")
    st.caption(
        f"Customers ranked by what was known at a month's end, then followed for {days} days: means of {cuts}, "
        + (f"{fmt.day(first)} to {fmt.day(last)}. " if first != last else f"{fmt.day(first)}. ")
        + revenue_said()
    )
    if rows[0]["cuts"] < ENOUGH_CUTS:
        st.info(
            f"Not enough history yet to tell methods apart: fewer than {ENOUGH_CUTS} month ends have been measured. "
            "What follows is a first hint.",
            icon=":material/info:",
        )
    st.markdown("\n".join(f"- {fmt.md(finding)}" for finding in findings(methods, days)))
    if len(methods) < len(METHODS):
        missing = [name_of(method) for method in METHODS if method not in methods]
        st.caption(f"Not measured yet: {', '.join(missing)}. Ranking by segments needs earlier outcomes to go by.")
    leads = {method: fifth_link(last, method, days) if last in view.customer_days else "" for method in methods}
    st.markdown("**Revenue from the best-ranked fifth of customers**")
    html_tables.show_bars(
        [
            Bar(
                name_of(row["method"]),
                100 * row["top20"],
                _share(row["top20"]),
                figures.COLOURS[name_of(row["method"])],
                to=leads[row["method"]],
            )
            for row in rows
            if row["top20"] is not None
        ],
        key="proof_fifth",
        alt="Share of the later revenue that the best-ranked fifth of customers brought, by each method.",
    )
    _over_cuts(view, days)
    html_tables.show_table(
        {
            "Ranked by": [name_of(row["method"]) for row in rows],
            "Top 10%": Numbers([row["top10"] for row in rows], _share),
            "Top 20%": Numbers([row["top20"] for row in rows], _share),
            "Purchase AUC": Numbers([row["auc"] for row in rows], _digits),
            "Spearman": Numbers([row["spearman"] for row in rows], _digits),
            "Gini": Numbers([row["gini"] for row in rows], _digits),
        },
        to={"Ranked by": list(leads.values())},
        key="proof_methods",
        alt="Every measure of every method.",
    )
    st.caption(
        "Top 10% and 20%: the share of later revenue that the best-ranked customers brought. Purchase AUC: the chance "
        "that a buyer ranks above somebody who did not buy; 0.5 is chance. Spearman: how alike the two are. "
        "Gini: the whole ranking against a perfect one."
    )


def _over_cuts(view: View, days: int) -> None:
    rows = view.copy.frame("proof_cuts", as_of=view.as_of, horizon=days)
    if rows["day"].nunique() == 1:
        return
    st.markdown("**At each month's end**")
    alt = "Share of later revenue that the best-ranked fifth brought, at each month's end, by each method."
    shown = {name_of(method) for method in rows["method"]}
    colours = {name: colour for name, colour in figures.COLOURS.items() if name in shown}
    found = breaks(view, rows["day"].min().date())
    explain(found)
    charts.show(marked(figures.over_cuts(rows), found), key="proof_cuts", alt=alt, height=320, colours=colours)


def _segments(view: View, days: int) -> None:
    """What became of each segment of the newest cut that has been measured."""
    found = {row["segment"]: row for row in view.copy.rows("proof_outcomes", as_of=view.as_of, horizon=days)}
    st.header("What each segment did next", anchor=False)
    if not found:
        st.caption("Not enough history yet.")
        return
    rows = [found[segment] for segment in charts.in_order(list(found))]
    st.caption(
        f"The segments of {fmt.day(rows[0]['as_of_date'])}, followed to {fmt.day(rows[0]['measured_on'])}. Lift: "
        "revenue for each customer against that of all customers; 1.0x is the mean. In brackets, 95% intervals."
    )
    cut = rows[0]["as_of_date"]
    leads = {row["segment"]: segment_link(cut, row["segment"]) if cut in view.customer_days else "" for row in rows}
    html_tables.show_bars(
        [
            Bar(
                charts.short(row["segment"]),
                row["lift"],
                _lift(row),
                SEGMENT_COLOURS[row["segment"]],
                row["segment"],
                to=leads[row["segment"]],
            )
            for row in rows
            if row["lift"] is not None
        ],
        key="proof_lift",
        alt="Lift of each segment.",
    )
    html_tables.show_table(
        {
            "Segment": [row["segment"] for row in rows],
            "Customers": Numbers([row["customers"] for row in rows], fmt.count),
            "Bought": Numbers([row["buyers"] for row in rows], fmt.count),
            "Share who bought": Numbers(rows, _rate),
            f"Revenue, {in_force.segments().monetary}": Numbers(rows, _revenue),
            "Lift": Numbers(rows, lambda row: "not known" if row["lift"] is None else _lift(row)),
        },
        to={"Segment": list(leads.values())},
        key="proof_outcomes",
        data=lambda: {title: [row[title] for row in rows] for title in rows[0]},
        alt="What became of each segment, with intervals.",
    )


def _rate(row: dict[str, Any]) -> str:
    return f"{fmt.percent(row['rate'])} ({fmt.percent(row['rate_low'])} to {fmt.percent(row['rate_high'])})"


def _revenue(row: dict[str, Any]) -> str:
    low, high = fmt.brief_money(row["revenue_low"]), fmt.brief_money(row["revenue_high"])
    return f"{fmt.brief_money(row['revenue'])} ({low} to {high})"


def _lift(row: dict[str, Any]) -> str:
    lift = f"{row['lift']:.1f}x"
    return lift if row["lift_low"] is None else f"{lift} ({row['lift_low']:.1f} to {row['lift_high']:.1f})"


def _share(share: float | None) -> str:
    return "not known" if share is None else fmt.percent(100 * share)


def _digits(number: float | None) -> str:
    return "not known" if number is None else f"{number:.3f}"
