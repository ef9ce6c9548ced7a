"""The axis of days that several figures share."""

from datetime import timedelta
from typing import TYPE_CHECKING

import plotly.graph_objects as go

if TYPE_CHECKING:
    import pandas as pd

_FEW = timedelta(days=7)
_A_DAY = 24 * 60 * 60 * 1000  # milliseconds, as Plotly counts


def on_days(figure: go.Figure, days: "pd.Series[pd.Timestamp]") -> go.Figure:
    """Has the horizontal axis end half a day beside the first and the last; where they are few, each has its tick."""
    first, last = days.min(), days.max()
    half = timedelta(hours=12)
    figure.update_xaxes(range=[first - half, last + half])
    if last - first < _FEW:
        figure.update_xaxes(dtick=_A_DAY, tickformat="%-d %b")
    return figure
