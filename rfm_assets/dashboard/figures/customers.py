"""The figure of the page Customers."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import plotly.graph_objects as go

from rfm_assets.dashboard import charts


def spells(rows: Sequence[Mapping[str, Any]], until: date) -> go.Figure:
    """The segments a customer has been in, one thick line for each stay."""
    figure = go.Figure()
    for spell, after in zip(rows, [*rows[1:], None], strict=True):
        end = after["first_day"] if after else max(until, spell["first_day"] + timedelta(days=1))
        days = f"{spell['days']} {'day' if spell['days'] == 1 else 'days'}"
        figure.add_scatter(
            x=[spell["first_day"], end],
            y=[charts.short(spell["segment"])] * 2,
            mode="lines",
            line={"width": 14, "color": charts.SEGMENT_COLOURS[spell["segment"]]},
            hovertemplate=f"{spell['segment']}<br>{spell['first_day']} to {spell['last_day']}, {days}<extra></extra>",
        )
    order = [charts.short(one) for one in charts.in_order([row["segment"] for row in rows])]
    figure.update_yaxes(categoryorder="array", categoryarray=order[::-1], range=[-0.6, len(order) - 0.4])
    figure.update_layout(showlegend=False, hovermode="closest")
    return figure
