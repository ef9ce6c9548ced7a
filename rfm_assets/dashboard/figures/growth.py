"""Growth, drawn: customers by day, sales by month, countries, and how many customers of a month come back."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.charts import INK, MUTED, SEQUENTIAL, SERIES
from rfm_assets.dashboard.figures.days import on_days
from rfm_assets.settings import settings

if TYPE_CHECKING:
    import pandas as pd

_FEW_MONTHS = 4
_TO_DATE = "to date"


def so_far(days: "pd.DataFrame") -> go.Figure:
    """Customers so far, day by day."""
    line = go.Scatter(
        x=days["day"],
        y=days["customers"],
        mode="lines" if len(days) > 1 else "markers",
        line={"shape": "hv", "color": SERIES[0], "width": 2.5},
        fill="tozeroy",
        fillcolor="rgba(47, 116, 181, 0.12)",
        hovertemplate="%{x|%-d %b %Y}<br>%{y:,} customers<extra></extra>",
    )
    return on_days(go.Figure(line), days["day"]).update_yaxes(rangemode="tozero", tickformat=",")


def new(days: "pd.DataFrame") -> go.Figure:
    """Customers who bought for the first time, day by day."""
    bars = go.Bar(
        x=days["day"],
        y=days["new_customers"],
        marker={"color": SERIES[0], "line": {"width": 0}},
        hovertemplate="%{x|%-d %b %Y}<br>%{y:,} new<extra></extra>",
    )
    return on_days(go.Figure(bars, {"bargap": 0}), days["day"]).update_yaxes(rangemode="tozero", tickformat=",")


def by_month(months: "pd.DataFrame", column: str, *, money: bool = False, labels: Sequence[str] = ()) -> go.Figure:
    """A bar for each month, hollow and hatched where the month is not complete, so that it is not read as a fall."""
    unit = settings().currency if money else ""
    complete = months["complete"]
    bars = go.Bar(
        x=months["month"],
        y=months[column],
        marker={
            "color": [SERIES[0] if whole else "white" for whole in complete],
            "line": {"color": SERIES[0], "width": 1.5},
            "pattern": {
                "shape": ["" if whole else "/" for whole in complete],
                "fgcolor": [SERIES[0]] * len(months),
                "size": 6,
                "solidity": 0.2,
            },
        },
        text=list(labels) or None,
        textposition="outside",
        textangle=0,
        textfont={"size": 11, "color": MUTED},
        cliponaxis=False,
        customdata=["" if whole else " (not complete)" for whole in complete],
        hovertemplate=f"%{{x|%B %Y}}%{{customdata}}<br>{unit}%{{y:,.0f}}<extra></extra>",
    )
    figure = go.Figure(bars)
    # Few months: a tick for each, so that none falls between two.
    figure.update_xaxes(tickformat="%b\n%Y", tickangle=0, dtick="M1" if len(months) <= _FEW_MONTHS else None)
    return figure.update_yaxes(rangemode="tozero", tickprefix=unit, tickformat="~s")


def month_labels(months: "pd.DataFrame") -> list[str]:
    """What stands above a month: its change on the month before, or that it is not complete."""
    return [
        f"{change:+.0f} %" if change == change else "" if complete else _TO_DATE if last else "partial"  # noqa: PLR0124 - NaN
        for change, complete, last in zip(
            months["change"], months["complete"], months["month"] == months["month"].max(), strict=True
        )
    ]


def countries(top: "pd.DataFrame") -> go.Figure:
    """Revenue by country, the largest on top."""
    bars = go.Bar(
        x=top["revenue"],
        y=top["country"],
        orientation="h",
        marker={"color": SERIES[0]},
        text=[
            f"{fmt.short_money(revenue)} · {fmt.percent(share)}"
            for revenue, share in zip(top["revenue"], top["share"], strict=True)
        ],
        textposition="outside",
        textfont={"size": 11, "color": MUTED},
        cliponaxis=False,
        hovertemplate="%{y}<br>%{text}<extra></extra>",
    )
    figure = go.Figure(bars).update_yaxes(autorange="reversed", ticksuffix=" ", showgrid=False)
    widest = float(top["revenue"].max() or 1)
    return figure.update_xaxes(range=[0, 1.45 * widest], showticklabels=False, showgrid=False)


def cohorts(found: "pd.DataFrame") -> go.Figure:
    """Retention: a row for each month of first purchase, a column for each month since; blank while it is not over."""
    blank = found.astype({"customers": float})  # with NaN where it is
    counts = blank.pivot_table(index="cohort", columns="age", values="customers", dropna=False)
    firsts = found.drop_duplicates("cohort").set_index("cohort").loc[counts.index]
    shares = 100 * counts.div(firsts["size"], axis="index")
    cells = go.Heatmap(
        z=shares,
        x=list(shares.columns),
        y=[f"{row.Index:%b %y}{'' if row.complete else '*'} ({row.size:,})" for row in firsts.itertuples()],
        text=shares.map(lambda share: "" if share != share else f"{share:.0f}"),  # noqa: PLR0124 - NaN is blank
        texttemplate="%{text}",
        textfont={"size": 11, "color": INK},
        customdata=[[(f"{cohort:%B %Y}", cell) for cell in row] for cohort, row in counts.fillna(0).iterrows()],
        colorscale=SEQUENTIAL,
        zmin=0,
        zmax=float(np.nanmax(shares.drop(columns=0).to_numpy(), initial=1)),
        xgap=2,
        ygap=2,
        showscale=False,
        hoverongaps=False,
        hovertemplate="First bought in %{customdata[0]}<br>%{x} months later %{customdata[1]:,} of them bought: "
        "%{z:.1f} %<extra></extra>",
    )
    figure = go.Figure(cells)
    figure.update_xaxes(dtick=1, side="top", showgrid=False, ticklen=0)
    figure.update_xaxes(title={"text": "months since the first purchase", "font": {"size": 13, "color": MUTED}})
    return figure.update_yaxes(autorange="reversed", showgrid=False, ticks="", ticksuffix=" ", type="category")
