"""The figures of the page Data quality."""

from typing import TYPE_CHECKING

from rfm_assets.dashboard import charts
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.charts import Option
from rfm_assets.dashboard.html_tables import Bar

if TYPE_CHECKING:
    import pandas as pd

COLOURS = {"Kept": charts.SERIES[0], "Refused": charts.SERIES[1]}


def lines(days: "pd.DataFrame") -> Option:
    """Each day's lines: those that silver kept, and on top of them those that it refused."""
    bars = (
        charts.day_bars(charts.points(days, "day", name.lower()), name=name, stack="all", color=colour)
        for name, colour in COLOURS.items()
    )
    return charts.day_panel("Lines", days["day"], *bars)


def refused_share(days: "pd.DataFrame") -> Option:
    """The share of each day's lines that was refused, in percent."""
    bars = charts.day_bars(charts.points(days, "day", "refused_share"), name="Refused", color=COLOURS["Refused"])
    return charts.day_panel("Share refused", days["day"], bars, write="%.2f %%", unit=" %")


def reasons(rules: "pd.DataFrame") -> list[Bar]:
    """A bar for each rule: the lines that failed it, and under its name what it asks."""
    return [
        Bar(rule, float(lines), fmt.count(lines), COLOURS["Refused"], below=asks)
        for rule, asks, lines in zip(rules["rule"], rules["asks"], rules["lines"], strict=True)
    ]
