"""The figures of the page Segments."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from rfm_assets.dashboard import charts
from rfm_assets.dashboard import format as fmt

if TYPE_CHECKING:
    import pandas as pd

MEASURES = {
    "Med_Recency": ("Recency", "days", fmt.count),
    "Med_Frequency": ("Frequency", "orders", fmt.count),
    "Med_Monetary": ("Monetary", "spent", fmt.money),
}
"""The heatmap's columns: title, what the number counts, and how it is written."""

TOP = 44
"""Room for the heatmap's titles, and the same above the bars beside it, so that a segment is one line."""


def bars(values: "pd.Series[float]", shares: "pd.Series[float]", written: Callable[[float], str]) -> go.Figure:
    """A bar for each segment, with its number and its share beside it."""
    segments = charts.in_order(list(values.index))
    numbers = [float(values[segment]) for segment in segments]
    labels = [f"{written(number)} · {fmt.percent(shares[one])}" for one, number in zip(segments, numbers, strict=True)]
    bar = go.Bar(
        x=numbers,
        y=[charts.short(segment) for segment in segments],
        orientation="h",
        text=labels,
        textposition="outside",
        cliponaxis=False,
        marker={"color": [charts.SEGMENT_COLOURS[segment] for segment in segments]},
        customdata=segments,
        hovertemplate="%{customdata}<br>%{text}<extra></extra>",
    )
    figure = go.Figure(bar)
    figure.update_xaxes(visible=False, range=[0, 1.55 * max(numbers, default=1) or 1])
    figure.update_yaxes(autorange="reversed")
    figure.update_layout(margin={"t": TOP})
    return figure


def heatmap(summary: "pd.DataFrame") -> go.Figure:
    """Median recency, frequency and monetary value, each shaded from its own worst to its own best."""
    segments = charts.in_order(list(summary.index))
    numbers = {measure: [float(number) for number in summary[measure].reindex(segments)] for measure in MEASURES}
    shades = [_shades(numbers[measure], measure) for measure in MEASURES]
    texts = [[write(number) for number in numbers[measure]] for measure, (_, _, write) in MEASURES.items()]
    figure = go.Figure(
        go.Heatmap(
            z=_transposed(shades),
            x=[f"{title}<br><span style='color:{charts.MUTED}'>{unit}</span>" for title, unit, _ in MEASURES.values()],
            y=[charts.short(segment) for segment in segments],
            text=_transposed(texts),
            texttemplate="%{text}",
            textfont={"color": charts.INK},
            hovertemplate="%{y}: %{text}<extra></extra>",
            colorscale=charts.SEQUENTIAL,
            zmin=0,
            zmax=1,
            showscale=False,
            xgap=2,
            ygap=2,
        )
    )
    figure.update_yaxes(autorange="reversed", showgrid=False, ticks="")
    figure.update_xaxes(side="top", showgrid=False, tickangle=0, ticks="")
    figure.update_layout(margin={"t": TOP})
    return figure


def history(rows: "pd.DataFrame", measure: str, *, as_share: bool) -> go.Figure:
    """How the segments have grown, one band each."""
    wide = rows.pivot_table(index="day", columns="segment", values=measure, aggfunc="sum").fillna(0)
    figure = go.Figure()
    write = "%{y:,.1f} %" if as_share else "%{y:,.0f}"
    for segment in reversed(charts.in_order(list(wide.columns))):
        figure.add_scatter(
            x=wide.index,
            y=wide[segment],
            name=charts.short(segment),
            stackgroup="all",
            groupnorm="percent" if as_share else "",
            mode="lines",
            line={"width": 0.5, "color": "white"},
            fillcolor=charts.SEGMENT_COLOURS[segment],
            hovertemplate=write,
        )
    figure.update_layout(hovermode="x unified", showlegend=False)
    figure.update_yaxes(ticksuffix=" %\u2002" if as_share else "\u2002", tickformat="" if as_share else "~s")
    return figure


def _shades(values: Sequence[float], measure: str) -> list[float]:
    """0 for the worst to 1 for the best; few days since the last order are better than many."""
    least, most = min(values, default=0), max(values, default=0)
    shades = [(value - least) / (most - least) if most > least else 0.5 for value in values]
    return [1 - shade for shade in shades] if measure == "Med_Recency" else shades


def _transposed(columns: Sequence[Sequence[object]]) -> list[list[object]]:
    return [list(row) for row in zip(*columns, strict=True)]
