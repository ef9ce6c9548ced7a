"""Clusters: groups found in the data, how their number was chosen, and how stable they are."""

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from rfm_assets.dashboard import address, charts, cluster_labels, html_bars, html_tables
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.cards import Card, show_cards
from rfm_assets.dashboard.customer_links import cluster_link, customer_link
from rfm_assets.dashboard.figures import clusters as figures
from rfm_assets.dashboard.figures.scatter_3d import space, space_data, space_leads
from rfm_assets.dashboard.html_tables import Numbers
from rfm_assets.dashboard.threshold_jumps import breaks, explain, marked
from rfm_assets.dashboard.view import View, thinned
from rfm_assets.errors import NothingToShowError

if TYPE_CHECKING:
    import pandas as pd

DRAWN_OF_EACH = 200
"""Points per cluster in the scatter plot, few enough for a browser to rotate at once."""


def page(view: View) -> None:
    """Draws the page."""
    clusters = view.copy.frame("clusters", as_of=view.as_of)
    if clusters.empty:
        (newest,) = view.copy.rows("clusters_newest")
        hint = f"the newest clustered day is {fmt.day(newest['day'])}" if newest["day"] else "no day has been"
        raise NothingToShowError(
            f"the customers of {fmt.day(view.as_of)} have not been clustered; {hint}. Materialize the job "
            "`cluster_customers` for that day"
        )
    tried = view.copy.frame("clusters_selection", as_of=view.as_of)
    _cards(clusters, tried)
    leads = view.has_customers
    clusters["to"] = [cluster_link(view.as_of, number) if leads else "" for number in clusters["Cluster"]]
    _what_they_are(clusters)
    _how_they_differ(view, clusters)
    _how_many(tried)
    _stability(view)


def _cards(clusters: "pd.DataFrame", tried: "pd.DataFrame") -> None:
    outliers = clusters[clusters["Cluster"] < 0]
    chosen = tried[tried["chosen"]]
    silhouette = f"{chosen['silhouette_score'].iloc[0]:.2f}" if len(chosen) else "none"
    customers, beyond = int(clusters["Count"].sum()), int(outliers["Count"].sum())
    cards = (
        ("Clusters", fmt.count(len(clusters) - len(outliers)), "Outliers are separate classes, not counted here."),
        (
            "Silhouette",
            silhouette,
            "How well separated they are: 1 is far apart, 0.4 is overlapping groups, 0 is one cloud.",
        ),
        ("Customers", fmt.count(customers), "The same as on the Segments page."),
        (
            "Outliers",
            f"{fmt.count(beyond)} · {fmt.percent(100 * beyond / customers)}",
            "They spend or order so much more than the rest that they would pull every cluster towards them.",
        ),
    )
    show_cards(Card(label, meaning, value) for label, value, meaning in cards)
    if tried.empty:
        st.info("Too few distinct customers to cluster on this day: all but the outliers are in cluster 0.")


def _what_they_are(clusters: "pd.DataFrame") -> None:
    st.header("Cluster profiles", anchor=False)
    st.caption(
        "Names compare the cluster's median customer with the overall median: Platinum spends more than 4 times as "
        "much, Gold more than twice, Silver more; the rest are Bronze."
    )
    rows = clusters.iloc[::-1]
    html_tables.show_table(
        {
            "Name": cluster_labels.told_apart(rows),
            "Which": rows["Cluster"].map(cluster_labels.which),
            "Customers": Numbers(rows["Count"], fmt.count),
            "% of customers": Numbers(rows["share"], fmt.percent),
            "Median spent": Numbers(rows["Med_Monetary"], fmt.exact_money),
            "Median orders": Numbers(rows["Med_Frequency"], fmt.count),
            "Median days since last order": Numbers(rows["Med_Recency"], fmt.count),
            "Recommendation": rows["Cluster_Recommendation"],
        },
        key="clusters_profiles",
        to={"Name": rows["to"].tolist()},
        alt="Every cluster with its size, medians and recommendation.",
    )


def _how_they_differ(view: View, clusters: "pd.DataFrame") -> None:
    st.header("How they differ", anchor=False)
    sample = view.copy.frame("clusters_sample", as_of=view.as_of, each=DRAWN_OF_EACH)
    if sample.empty:
        jobs = "the jobs `rebuild_segments` and then `cluster_customers`"
        st.info(f"Only summaries are left: {thinned(view.as_of, jobs)}.")
        return
    address.say_what_is_unknown("clusters_outliers", "outliers", address.YES_OR_NO, "no outliers are")
    outliers = (clusters["Cluster"] < 0).any() and st.toggle(
        "Include outliers", key="clusters_outliers", bind="query-params"
    )
    shown = clusters if outliers else clusters[clusters["Cluster"] >= 0]
    left, right = st.columns([3, 2], gap="large")
    with left:
        _scatter(view, sample[sample["Cluster"].isin(shown["Cluster"])], shown)
    with right:
        st.caption("Cluster sizes.")
        html_bars.show_bars(figures.sizes(shown), key="clusters_sizes", alt="Customers in each cluster.")
    _spread(view, shown)


def _scatter(view: View, sample: "pd.DataFrame", shown: "pd.DataFrame") -> None:
    scales = "; money and orders are logarithmic" if (shown["Cluster"] < 0).any() else ""
    st.caption(
        f"{fmt.plural(len(sample), 'customer')} of {fmt.count(shown['Count'].sum())}, at most {DRAWN_OF_EACH} of "
        f"each cluster{scales}. Drag the slider to rotate; changing the day resets the view. A "
        "point opens its customer."
    )
    tints = cluster_labels.colours(shown)
    tinted = {name: tints[number] for number, name in cluster_labels.labels(shown).items()}
    alt = "Customers by recency, orders and money."
    charts.show(
        space(sample, shown),
        key="clusters_space",
        alt=alt,
        height=500,
        colours=tinted,
        data=space_data(sample),
        leads=space_leads(shown, partial(customer_link, view.as_of)) if view.has_customers else None,
        renderer="canvas",
    )


def _spread(view: View, shown: "pd.DataFrame") -> None:
    """The box plot of each measure."""
    st.caption("The box holds half of a cluster's customers, the whiskers nine in ten; the line is the median.")
    measured = view.copy.frame("clusters_spread", as_of=view.as_of)
    for place, measure in zip(st.columns(len(cluster_labels.MEASURES)), cluster_labels.MEASURES, strict=True):
        with place:
            figure, alt = figures.spread(measured, shown, measure), f"{measure} of each cluster's customers."
            leads = figures.box_leads(shown) if view.has_customers else None
            charts.show(figure, key=f"clusters_{measure}", alt=alt, height=90 + 44 * len(shown), leads=leads)


def _how_many(tried: "pd.DataFrame") -> None:
    if tried.empty:
        return
    chosen = tried.loc[tried["chosen"], "k"]
    st.header(f"Why {fmt.plural(int(chosen.iloc[0]), 'cluster')}", anchor=False)
    st.caption(
        "Several numbers of clusters are tried. The best has a high silhouette (well separated) and lies where more "
        "clusters stop paying off (far below the dotted line); the combined score weights these 60 to 40."
    )
    for place, (score, title) in zip(st.columns(len(figures.SCORES)), figures.SCORES.items(), strict=True):
        with place:
            figure, alt = figures.selection(tried, score), f"{title} by number of clusters."
            charts.show(figure, key=f"clusters_{score}", alt=alt, height=280)


def _stability(view: View) -> None:
    days = view.copy.frame("clusters_stability", as_of=view.as_of)
    days = days.dropna(subset="matched_agreement")
    if days.empty:
        return
    st.header("Stability", anchor=False)
    changes = int((days["k"] != days["previous_k"]).sum())
    st.caption(
        f"Each day's clusters against those of the day before. Their number changed on {changes} of "
        f"{fmt.plural(len(days), 'day')}; on such days customers change cluster although little happened, so track "
        "individual customers by segment."
    )
    alt = "Agreement with the day before, by day."
    found = breaks(view, days["day"].min().date())
    explain(found)
    figure = marked(figures.stability(days), found)
    charts.show(figure, key="clusters_stability", alt=alt, height=300, colours=figures.AGREEMENTS)
