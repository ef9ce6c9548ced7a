"""The figures of the page Data quality."""

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from rfm_assets.dashboard import charts
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.drawings import Bar
from rfm_assets.dashboard.figures.days import on_days

if TYPE_CHECKING:
    import pandas as pd

_DAY = "%{x|%-d %b %Y}"
KEPT, REFUSED = charts.SERIES[0], charts.SERIES[1]


def by_day(days: "pd.DataFrame") -> go.Figure:
    """Each day's lines, those that silver kept and on top of them those that it refused, and the latters' share."""
    figure = charts.panels("Lines", "Share refused")
    for column, name, colour in (("kept", "Kept", KEPT), ("refused", "Refused", REFUSED)):
        figure.add_bar(
            row=1,
            col=1,
            x=days["day"],
            y=days[column],
            name=name,
            marker={"color": colour, "line": {"width": 0}},
            hovertemplate=f"{_DAY}: %{{y:,}} {name.lower()}<extra></extra>",
        )
    figure.add_scatter(
        row=2,
        col=1,
        x=days["day"],
        y=days["refused_share"],
        mode="lines" if len(days) > 1 else "markers",
        line={"color": REFUSED, "width": 1.5},
        showlegend=False,
        hovertemplate=f"{_DAY}: %{{y:.2f}} %<extra></extra>",
    )
    figure.update_layout(barmode="stack", bargap=0, legend_traceorder="normal")
    figure.update_yaxes(tickformat="~s", row=1).update_yaxes(ticksuffix=" %", row=2)
    return on_days(figure, days["day"]).update_yaxes(rangemode="tozero")


def reasons(rules: "pd.DataFrame") -> list[Bar]:
    """A bar for each rule: the lines that failed it, and under its name what it asks."""
    return [
        Bar(rule, float(lines), fmt.count(lines), REFUSED, below=asks)
        for rule, asks, lines in zip(rules["rule"], rules["asks"], rules["lines"], strict=True)
    ]
