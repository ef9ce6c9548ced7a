"""The figure of the page Proof."""

from typing import TYPE_CHECKING

from rfm_assets.dashboard import charts
from rfm_assets.dashboard.charts import SERIES, Option
from rfm_assets.dashboard.proof_words import METHODS, NAMES, name_of

if TYPE_CHECKING:
    import pandas as pd

COLOURS = {name_of(method): colour for method, colour in zip(METHODS, SERIES, strict=False)}


def over_cuts(rows: "pd.DataFrame") -> Option:
    """The revenue share of the best-ranked fifth at each cut, a line for each method."""
    return {
        "tooltip": {"trigger": "axis", "valueFormatter": "%.1f%%"},
        "xAxis": charts.days_axis(rows["day"]),
        "yAxis": {"type": "value", "min": 0, "max": 100, "axisLabel": {"formatter": "{value}%"}},
        "series": [
            charts.line(
                charts.points(rows[rows["method"] == method], "day", "top20"),
                name=name_of(method),
                color=COLOURS[name_of(method)],
                lineStyle={"width": 3 if method in NAMES else 1.5},
            )
            for method in METHODS
            if method in set(rows["method"])
        ],
    }
