"""The figures of the page Clusters."""

from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go
from plotly.colors import sample_colorscale

from rfm_assets.dashboard import charts
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.drawings import Bar
from rfm_assets.dashboard.figures.days import on_days
from rfm_assets.settings import settings

if TYPE_CHECKING:
    import pandas as pd

OUTLIERS = {-1: "outliers in spending", -2: "outliers in orders", -3: "outliers in both"}
_OUTLIER_COLOURS = {-1: "#d9730d", -2: "#c2557a", -3: "#8a3b00"}
MEASURES = {"Monetary": "spent", "Frequency": "orders", "Recency": "days since the last order"}
SCORES = {"silhouette_score": "Silhouette", "inertia": "Inertia", "combined_score": "Combined score"}


def which(number: int) -> str:
    """Which one a cluster is: two may share a name."""
    return OUTLIERS.get(number, f"cluster {number}")


def labels(clusters: "pd.DataFrame") -> dict[int, str]:
    """Each cluster's name, and below it which one it is."""
    return {
        int(number): f"{name}<br><span style='color:{charts.MUTED}'>{which(number)}</span>"
        for number, name in zip(clusters["Cluster"], clusters["Cluster_Description"], strict=True)
    }


def colours(clusters: "pd.DataFrame") -> dict[int, str]:
    """A colour for each cluster, the lighter the more it spends; outliers have their own."""
    numbers = [int(number) for number in clusters["Cluster"] if number >= 0]
    places = [0.05 + 0.85 * place / max(len(numbers) - 1, 1) for place in range(len(numbers))]
    scale = sample_colorscale("Viridis", places) if numbers else []
    return _OUTLIER_COLOURS | dict(zip(numbers, scale, strict=True))


def sizes(clusters: "pd.DataFrame") -> list[Bar]:
    """A bar for each cluster, with its customers and their share."""
    tints = colours(clusters)
    return [
        Bar(
            row["Cluster_Description"],
            row["Count"],
            f"{fmt.count(row['Count'])} · {fmt.percent(row['share'])}",
            tints[row["Cluster"]],
            below=which(row["Cluster"]),
        )
        for row in clusters.iloc[::-1].to_dict("records")
    ]


def scatter(sample: "pd.DataFrame", clusters: "pd.DataFrame") -> go.Figure:
    """Customers in the space of the three measures; the scales of money and orders are logarithmic with outliers."""
    names, tints = labels(clusters), colours(clusters)
    figure = go.Figure()
    for number in names:
        part = sample[sample["Cluster"] == number]
        figure.add_scatter3d(
            x=part["Recency"],
            y=part["Frequency"],
            z=part["Monetary"].clip(lower=1),  # a logarithm has no zero; the hover tells what it is
            name=names[number].split("<br>")[0] + (" (outliers)" if number < 0 else f" ({number})"),
            mode="markers",
            marker={
                "size": 3,
                "color": tints[number],
                "opacity": 0.8,
                "symbol": "circle" if number >= 0 else "diamond",
            },
            text=list(part["CustomerID"]),
            customdata=part["Monetary"].to_numpy(),
            hovertemplate=f"<b>%{{text}}</b><br>{names[number]}<br>"
            f"{settings().currency}%{{customdata:,.2f}} spent<br>"
            "%{y:,} orders<br>%{x:,} days ago<extra></extra>",
        )
    figure.update_scenes(
        **_axes("log" if (sample["Cluster"] < 0).any() else "linear"),
        aspectmode="cube",
        camera={"eye": {"x": 1.5, "y": 1.5, "z": 0.8}, "center": {"x": 0, "y": 0, "z": -0.1}},
    )
    return figure.update_layout(legend={"itemsizing": "constant", "y": -0.02})


def _axes(scale: str) -> dict[str, Any]:
    """The three measures' axes, with a scale for orders and money."""

    def axis(title: str, **look: object) -> dict[str, Any]:
        return {
            "title": {"text": title, "font": {"size": 12}},
            "tickfont": {"size": 11, "color": charts.MUTED},
            "gridcolor": charts.GRID,
            "backgroundcolor": "#fafbfd",
            "showbackground": True,
            "zeroline": False,
            **look,
        }

    return {
        "xaxis": axis("days ago"),
        "yaxis": axis("orders", type=scale),
        "zaxis": axis("spent", type=scale, tickprefix=settings().currency),
    }


def spread(measured: "pd.DataFrame", clusters: "pd.DataFrame") -> go.Figure:
    """A panel for each measure, a box for each cluster: half of its customers in it, nine of ten in its whiskers."""
    names, tints = labels(clusters), colours(clusters)
    figure = charts.panels(*(f"{measure}, {unit}" for measure, unit in MEASURES.items()), beside=True)
    places = {measure: place for place, measure in enumerate(MEASURES, start=1)}
    for row in measured.to_dict("records"):
        number = int(row["Cluster"])
        figure.add_box(
            row=1,
            col=places[row["measure"]],
            orientation="h",
            y=[names[number]],
            q1=[row["q1"]],
            median=[row["median"]],
            q3=[row["q3"]],
            lowerfence=[row["low"]],
            upperfence=[row["high"]],
            line={"color": tints[number], "width": 1.5},
            name="",
        )
    figure.update_layout(showlegend=False, hoverdistance=10)
    figure.update_xaxes(rangemode="tozero", tickformat=",~f")
    figure.update_xaxes(tickformat="~s", tickprefix=settings().currency, col=places["Monetary"])
    return figure.update_yaxes(ticksuffix=" ", showgrid=False)


def selection(tried: "pd.DataFrame") -> go.Figure:
    """A panel for each score of each number of clusters, the chosen one marked."""
    figure = charts.panels(*SCORES.values(), beside=True, same_scale=False)
    for place, score in enumerate(SCORES, start=1):
        for curve in _score(tried, score):
            figure.add_trace(curve, row=1, col=place)
        figure.update_yaxes(tickformat="~s" if score == "inertia" else "~g", col=place)
    for k in tried.loc[tried["chosen"], "k"]:
        figure.add_vline(x=k, line={"color": charts.SERIES[1], "dash": "dash", "width": 1})
    figure.update_layout(showlegend=False)
    return figure.update_xaxes(dtick=1, title="clusters")


def _score(tried: "pd.DataFrame", score: str) -> list[go.Scatter]:
    """The curve of a score with the chosen number of clusters; for inertia also the line that an elbow is far below."""
    chosen = tried[tried["chosen"]]
    curves = [
        go.Scatter(
            x=tried["k"],
            y=tried[score],
            mode="lines+markers",
            line={"color": charts.SERIES[0], "width": 2},
            hovertemplate="%{x} clusters: %{y:,.3f}<extra></extra>",
        ),
        go.Scatter(
            x=chosen["k"],
            y=chosen[score],
            mode="markers",
            marker={"size": 14, "color": charts.SERIES[1]},
            hoverinfo="skip",
        ),
    ]
    if score == "inertia" and len(tried) > 1:
        ends = tried.iloc[[0, -1]]
        line = {"color": charts.MUTED, "dash": "dot", "width": 1}
        curves.insert(1, go.Scatter(x=ends["k"], y=ends[score], mode="lines", line=line, hoverinfo="skip"))
    return curves


def stability(days: "pd.DataFrame") -> go.Figure:
    """How far each day agrees with the day before, and the days on which the number of clusters changed."""
    figure = go.Figure()
    drawn = (
        ("adjusted_rand_index", "Pairs of customers, beyond chance", charts.SERIES[7], 1),
        ("matched_agreement", "Customers in the matching cluster", charts.SERIES[0], 2),
    )
    for column, name, colour, width in drawn:
        figure.add_scatter(
            x=days["day"],
            y=days[column],
            name=name,
            mode="lines",
            line={"color": colour, "width": width},
            hovertemplate="%{x|%-d %b %Y}: %{y:.0%}<extra></extra>",
        )
    changed = days[days["k"].fillna(0) != days["previous_k"].fillna(0)]
    figure.add_scatter(
        x=changed["day"],
        y=changed["matched_agreement"],
        name="Their number changed",
        mode="markers",
        marker={"color": charts.SERIES[1], "size": 6},
        customdata=changed[["previous_k", "k"]],
        hovertemplate="%{x|%-d %b %Y}: from %{customdata[0]} to %{customdata[1]} clusters, %{y:.0%}<extra></extra>",
    )
    return on_days(figure, days["day"]).update_yaxes(
        tickformat=".0%", range=[min(0, days["adjusted_rand_index"].min()), 1.02]
    )
