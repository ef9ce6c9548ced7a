"""Data quality: what was delivered, what was rejected and why, and the contract."""

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from rfm_assets.dashboard import address, charts, html_bars, html_tables
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.audience_download import hashes_ids
from rfm_assets.dashboard.figure import Data
from rfm_assets.dashboard.figures import data_quality as figures
from rfm_assets.dashboard.html_tables import Numbers
from rfm_assets.dashboard.screens import contract
from rfm_assets.dashboard.screens.data_quality_cards import coverage_cards, day_cards, identity_cards
from rfm_assets.dashboard.threshold_jumps import breaks, explain, marked
from rfm_assets.dashboard.view import View
from rfm_assets.delivered import MALFORMED_LINE
from rfm_assets.errors import NothingToShowError
from rfm_assets.forms.shape import shape_of
from rfm_assets.silver.rules import RULES

if TYPE_CHECKING:
    import pandas as pd

SAMPLED_ROWS = 100
ANY = "any reason"
PERIODS = {"Latest day": 1, "30 days": 30, "All days": None}
_KEYS = {"processing_date", "table_layer"}
_TITLES = {
    "processing_date": "File of",
    "failed_rules": "Fails",
    "_rescued_data": "Raw row",
    "source_file": "File",
}
"""Titles of columns of rejected rows; delivered columns keep their names."""


def page(view: View) -> None:
    """Draws the page."""
    days = view.copy.frame("data_quality_days", as_of=view.as_of)
    if days.empty:
        raise NothingToShowError(f"nothing was delivered by {fmt.day(view.as_of)}")
    day_cards(days.iloc[-1].to_dict(), view.as_of)
    coverage_cards(view)
    identity_cards(view)
    _over_time(view, days)
    _refused(view, days)
    compared, rules = st.columns(2, gap="large")
    with compared:
        _one_day(view, days)
    with rules:
        contract.rules()
    contract.tables()


def _over_time(view: View, days: "pd.DataFrame") -> None:
    st.header("Day by day", anchor=False)
    st.caption("Rows delivered: bronze holds all of them, silver the accepted ones.")
    found = breaks(view, days["day"].min().date())
    explain(found)
    lines, share = (marked(figure, found) for figure in (figures.lines(days), figures.refused_share(days)))
    alt = "Accepted and rejected rows by day."
    charts.show(lines, key="data_quality_lines", alt=alt, height=260, colours=figures.COLOURS)
    charts.show(share, key="data_quality_share", alt="Rejection rate by day.", height=200)


def _refused(view: View, days: "pd.DataFrame") -> None:
    st.header("Rejected rows", anchor=False)
    period = address.choice(
        "Days",
        list(PERIODS),
        key="data_quality_period",
        what="period",
        default="All days",
        label_visibility="collapsed",
    )
    last: date = days["day"].iloc[-1].date()
    length = PERIODS[period]
    first = last - timedelta(days=length - 1) if length else days["day"].iloc[0].date()
    rules = with_what_they_ask(view.copy.frame("data_quality_reasons", first=first, last=last))
    bars, rows = st.columns([2, 3], gap="large")
    with bars:
        st.caption("Rejected rows by reason; a row may fail several rules.")
        html_bars.show_bars(figures.reasons(rules), key="data_quality_reasons", alt="Rejected rows by rule.")
    with rows:
        _sample(view, first, last, rules)


def with_what_they_ask(reasons: "pd.DataFrame") -> "pd.DataFrame":
    """The rules in the order of evaluation, each with its requirement; a rule that no line failed counts 0."""
    asks = {MALFORMED_LINE: "It can be split into columns"} | {rule.name: rule.asks for rule in RULES}
    counts = dict(zip(reasons["rule"], reasons["lines"], strict=True))
    return reasons.__class__(
        {"rule": list(asks), "asks": list(asks.values()), "lines": [int(counts.get(rule, 0)) for rule in asks]}
    )


def _sample(view: View, first: date, last: date, rules: "pd.DataFrame") -> None:
    failed = list(rules.loc[rules["lines"] > 0, "rule"])
    if not failed:
        st.info("No row was rejected on these days.")
        return
    address.say_what_is_unknown("data_quality_rule", "reason", [ANY, *map(figures.failure, failed)], f"{ANY} is")
    rule = st.selectbox(
        "Rejected for", [ANY, *failed], format_func=figures.failure, key="data_quality_rule", bind="query-params"
    )
    chosen = "" if rule == ANY else rule
    lines = view.copy.frame("data_quality_refused", first=first, last=last, rule=chosen, most=SAMPLED_ROWS)
    if lines.empty:
        st.info(
            "None of these rows is in the published sample; silver.rejected_transactions in the warehouse has them all."
        )
        return
    columns = _as_delivered(lines)
    html_tables.show_table(
        columns,
        key="data_quality_sample",
        data=partial(without_ids, columns) if hashes_ids() else None,
        alt="Rejected rows as delivered.",
        at_most=340,
    )
    st.caption(
        f"{fmt.plural(len(lines), 'row')} as delivered, from the published sample; silver.rejected_transactions in the "
        "warehouse has all of them."
    )


def _as_delivered(lines: "pd.DataFrame") -> Data:
    """The columns of rejected rows that have any text, under their titles."""
    delivered = lines.assign(processing_date=lines["processing_date"].map(fmt.day)).dropna(axis="columns", how="all")
    return {
        f"{title}": [text if isinstance(text, str) else None for text in texts]
        for title, texts in delivered.rename(columns=_TITLES).items()
    }


def without_ids(columns: Data) -> Data:
    """Delivered rows, each field as its shape if audiences have hashed ids, since any field may hold an id."""
    known = {_TITLES["processing_date"], _TITLES["failed_rules"], _TITLES["source_file"]}
    return {
        title: column if title in known else [shape_of(text) if isinstance(text, str) else None for text in column]
        for title, column in columns.items()
    }


def _one_day(view: View, days: "pd.DataFrame") -> None:
    st.header("One day, before and after", anchor=False)
    choices = [day.date() for day in reversed(days["day"].tolist())]
    address.say_what_is_unknown("data_quality_day", "delivery of", [str(day) for day in choices], f"{choices[0]} is")
    day = st.selectbox("Day", choices, key="data_quality_day", width=220, bind="query-params")
    layers = view.copy.rows("data_quality_comparison", day=day)
    bronze, silver = ({name: count for name, count in layer.items() if name not in _KEYS} for layer in layers)
    refused = (before - after for before, after in zip(bronze.values(), silver.values(), strict=True))
    html_tables.show_table(
        {
            "Rows": (name.replace("_", " ") for name in bronze),
            "Delivered": Numbers(bronze.values(), fmt.count),
            "Accepted": Numbers(silver.values(), fmt.count),
            "Rejected": Numbers(refused, fmt.count),
        },
        key="data_quality_one_day",
        alt="Defects of the day's rows, before and after the rules.",
    )
