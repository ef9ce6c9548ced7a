"""Clusters: the groups that the data suggest by themselves, how their number was chosen, and how steady they are."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from rfm_assets.dashboard import charts, columns, drawings
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.figures import clusters as figures
from rfm_assets.dashboard.view import View, thinned
from rfm_assets.errors import NothingToShowError

if TYPE_CHECKING:
    import pandas as pd
    from streamlit.delta_generator import DeltaGenerator

DRAWN_OF_EACH = 500
"""So many customers of each cluster are points of the scatter, so that a browser can turn it."""
_PANELS = 760
"""The least width of three panels beside each other, in pixels."""


def page(view: View) -> None:
    """Draws the page."""
    clusters = view.snapshot.frame("clusters", as_of=view.as_of)
    if clusters.empty:
        (newest,) = view.snapshot.rows("clusters_newest")
        hint = f"the newest day that has been is {fmt.day(newest['day'])}" if newest["day"] else "no day has been"
        raise NothingToShowError(
            f"the customers of {fmt.day(view.as_of)} have not been clustered; {hint}. Materialize the job "
            "`cluster_customers` for that day"
        )
    tried = view.snapshot.frame("clusters_selection", as_of=view.as_of)
    _cards(clusters, tried)
    _what_they_are(clusters)
    draw_space = _how_they_differ(view, clusters)
    _how_many(tried)
    _stability(view)
    draw_space()  # last, since a browser without a graphics card takes a second to draw it


def _cards(clusters: "pd.DataFrame", tried: "pd.DataFrame") -> None:
    outliers = clusters[clusters["Cluster"] < 0]
    chosen = tried[tried["chosen"]]
    silhouette = f"{chosen['silhouette_score'].iloc[0]:.2f}" if len(chosen) else "none"
    customers, beyond = int(clusters["Count"].sum()), int(outliers["Count"].sum())
    cards = (
        ("Clusters", fmt.count(len(clusters) - len(outliers)), "Outliers are classes of their own, beside these."),
        (
            "Silhouette",
            silhouette,
            "How well apart they are: 1 is far apart, 0 is one cloud. 0.4 is groups that overlap.",
        ),
        ("Customers", fmt.count(customers), "Those of the Segments page."),
        (
            "Outliers",
            f"{fmt.count(beyond)} · {fmt.percent(100 * beyond / customers)}",
            "They spend or order so much more than the rest that they would pull every cluster to them.",
        ),
    )
    with st.container(horizontal=True, gap="small"):
        for label, value, meaning in cards:
            st.metric(label, value, border=True, help=meaning)
    if tried.empty:
        st.info("There are too few different customers to cluster on this day: all but the outliers are cluster 0.")


def _what_they_are(clusters: "pd.DataFrame") -> None:
    st.subheader("What they are", anchor=False)
    st.caption(
        "A name compares a cluster's middle customer with that of everybody: Platinum spends more than 4 times as "
        "much, Gold more than 2 times, Silver more, else Bronze. Numbers are medians."
    )
    shown = {
        "Cluster_Description": st.column_config.TextColumn("Name", pinned=True),
        "which": st.column_config.TextColumn("Which"),
        "Count": columns.count("Customers"),
        "share": columns.share("of customers", width=120),
        "Med_Monetary": columns.money("Spent"),
        "Med_Frequency": columns.count("Orders"),
        "Med_Recency": columns.count("Days ago"),
        "Cluster_Recommendation": st.column_config.TextColumn("What to do", width=550),
    }
    which = [figures.which(number) for number in clusters["Cluster"]]
    columns.table(
        clusters.assign(which=which).iloc[::-1],
        shown,
        key="clusters_table",
        alt="Every cluster with its size, medians and recommendation.",
    )


def _how_they_differ(view: View, clusters: "pd.DataFrame") -> Callable[[], None]:
    """Draws the sizes and the boxes; what it returns draws the customers in space, in the place kept for them."""
    st.subheader("How they differ", anchor=False)
    sample = view.snapshot.frame("clusters_sample", as_of=view.as_of, each=DRAWN_OF_EACH)
    if sample.empty:
        jobs = "the jobs `rebuild_segments` and then `cluster_customers`"
        st.info(f"Only their summaries are left: {thinned(view.as_of, jobs)}.")
        return lambda: None
    outliers = (clusters["Cluster"] < 0).any() and st.toggle("Outliers too", key="clusters_outliers")
    shown = clusters if outliers else clusters[clusters["Cluster"] >= 0]
    sample = sample[sample["Cluster"].isin(shown["Cluster"])]
    space, size = st.columns([3, 2], gap="large")
    with space:
        st.caption(
            f"{fmt.plural(len(sample), 'customer')} of {fmt.count(shown['Count'].sum())}, at most {DRAWN_OF_EACH} of "
            f"each cluster; drag to turn{', logarithmic for money and orders' if outliers else ''}."
        )
    with size:
        st.caption("Customers in each.")
        drawings.show_bars(figures.sizes(shown), alt="Customers in each cluster.")
    st.caption(
        "Half of a cluster's customers are in its box, nine of ten between the whiskers; the line is the median."
    )
    measured = view.snapshot.frame("clusters_spread", as_of=view.as_of)
    measured = measured[measured["Cluster"].isin(shown["Cluster"])]
    alt = f"{', '.join(figures.MEASURES)} of each cluster's customers."
    height = 80 + 48 * len(shown)
    charts.show(figures.spread(measured, shown), key="clusters_spread", alt=alt, height=height, at_least=_PANELS)
    return partial(_space, space, sample, shown)


def _space(place: "DeltaGenerator", sample: "pd.DataFrame", shown: "pd.DataFrame") -> None:
    with place:
        alt = "Customers by recency, orders and money."
        charts.show(figures.scatter(sample, shown), key="clusters_space", alt=alt, height=520)


def _how_many(tried: "pd.DataFrame") -> None:
    if tried.empty:
        return
    st.subheader("Why so many", anchor=False)
    st.caption(
        "Each number of clusters is tried. The best has a high silhouette (well apart) and lies where more clusters "
        "stop paying off (far below the dotted line); the combined score weighs them 60 to 40."
    )
    alt = f"{', '.join(figures.SCORES.values())}, by number of clusters."
    charts.show(figures.selection(tried), key="clusters_selection", alt=alt, height=280, at_least=_PANELS)


def _stability(view: View) -> None:
    days = view.snapshot.frame("clusters_stability", as_of=view.as_of)
    days = days.dropna(subset="matched_agreement")
    if days.empty:
        return
    st.subheader("How steady they are", anchor=False)
    changes = int((days["k"] != days["previous_k"]).sum())
    st.caption(
        f"Each day's clusters against those of the day before. Their number changed on {changes} of "
        f"{fmt.plural(len(days), 'day')}; on such a day customers change clusters though little happened, so follow "
        "single customers by their segment."
    )
    charts.show(
        figures.stability(days), key="clusters_stability", alt="Agreement with the day before, by day.", height=320
    )
