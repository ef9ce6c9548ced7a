"""The part of the page Proof about methods: how well each ranking of customers did, on average and at each cut."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from rfm_assets.dashboard import charts, html_bars, html_tables
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.customer_links import fifth_link
from rfm_assets.dashboard.figures import proof as figures
from rfm_assets.dashboard.html_bars import Bar
from rfm_assets.dashboard.html_tables import Numbers
from rfm_assets.dashboard.proof_words import METHODS, findings, name_of, revenue_said
from rfm_assets.dashboard.threshold_jumps import breaks, explain, marked
from rfm_assets.dashboard.view import View

ENOUGH_CUTS = 3

Rows = Sequence[Mapping[str, Any]]
"""The means of each method, as `queries/proof_methods.sql` finds them."""


def proof_methods(view: View, days: int) -> None:
    """Draws the comparison of methods over a horizon of `days`."""
    rows = view.copy.rows("proof_methods", as_of=view.as_of, horizon=days)
    methods = {row["method"]: row for row in rows}
    st.header("Who brought the revenue", anchor=False)
    st.caption(
        f"Customers ranked by what was known at a month's end, then followed for {days} days: means over "
        f"{_cuts(rows[0])}. {revenue_said()}"
    )
    if rows[0]["cuts"] < ENOUGH_CUTS:
        st.info(
            f"Not enough history yet to compare methods: fewer than {ENOUGH_CUTS} month ends have been measured. "
            "Take these figures as a first hint.",
            icon=":material/info:",
        )
    st.markdown("\n".join(f"- {fmt.md(finding)}" for finding in findings(methods, days)))
    if len(methods) < len(METHODS):
        missing = [name_of(method) for method in METHODS if method not in methods]
        st.caption(f"Not measured yet: {', '.join(missing)}. Ranking by segments needs earlier outcomes.")
    last = rows[0]["last_cut"]
    leads = [fifth_link(last, method, days) if last in view.customer_days else "" for method in methods]
    _best_fifth(rows, leads)
    _over_cuts(view, days)
    _measures(rows, leads)


def _cuts(row: Mapping[str, Any]) -> str:
    """What the means are over: `3 month ends, 30 Jun 2025 to 31 Aug 2025`."""
    first, last = row["first_cut"], row["last_cut"]
    when = f"{fmt.day(first)} to {fmt.day(last)}" if first != last else fmt.day(first)
    return f"{fmt.plural(row['cuts'], 'month end')}, {when}"


def _best_fifth(rows: Rows, leads: Sequence[str]) -> None:
    st.markdown("**Revenue from the best-ranked fifth of customers**")
    html_bars.show_bars(
        [
            Bar(
                name_of(row["method"]),
                100 * row["top20"],
                _share(row["top20"]),
                figures.COLOURS[name_of(row["method"])],
                to=lead,
            )
            for row, lead in zip(rows, leads, strict=True)
            if row["top20"] is not None
        ],
        key="proof_fifth",
        alt="Share of the later revenue that the best-ranked fifth of customers brought, by each method.",
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


def _measures(rows: Rows, leads: Sequence[str]) -> None:
    html_tables.show_table(
        {
            "Ranked by": [name_of(row["method"]) for row in rows],
            "Top 10%": Numbers([row["top10"] for row in rows], _share),
            "Top 20%": Numbers([row["top20"] for row in rows], _share),
            "Purchase AUC": Numbers([row["auc"] for row in rows], _digits),
            "Spearman": Numbers([row["spearman"] for row in rows], _digits),
            "Gini": Numbers([row["gini"] for row in rows], _digits),
        },
        to={"Ranked by": leads},
        key="proof_methods",
        alt="Every measure of every method.",
    )
    st.caption(
        "Top 10% and 20%: the share of later revenue from the best-ranked customers. Purchase AUC: the probability "
        "that a buyer ranks above a non-buyer; 0.5 is chance. Spearman: rank correlation with later revenue. "
        "Gini: the whole ranking against a perfect one."
    )


def _share(share: float | None) -> str:
    return "not known" if share is None else fmt.percent(100 * share)


def _digits(number: float | None) -> str:
    return "not known" if number is None else f"{number:.3f}"
