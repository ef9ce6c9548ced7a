"""Days on which thresholds jumped or the policy changed, so that many customers changed segment without ordering."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import streamlit as st

from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.charts import MUTED, Option
from rfm_assets.dashboard.view import View

LEAST_SHARE = 0.05
"""The share of all customers that the thresholds alone moved in a day."""
_MEDIANS = {
    "frequency": ("orders", fmt.count),
    "recency": ("days since last order", fmt.count),
    "monetary": ("spend", fmt.money),
}


@dataclass(frozen=True)
class Break:
    """A day from which segments have a different meaning, and why, in words."""

    day: date
    words: str
    look: Literal["dashed", "solid"]


def breaks(view: View, since: date | None = None) -> list[Break]:
    """Threshold jumps and policy changes up to the as-of date, oldest first.

    With `since`, the first day of a chart, only later ones.
    """
    found = [Break(jump["day"], said(jump), "dashed") for jump in jumps(view)]
    if view.copy.has("gold.segment_thresholds", "policy"):
        rows = view.copy.rows("policy_changes", as_of=view.as_of)
        found += [Break(row["day"], f"{fmt.day(row['day'])}: segment policy changed", "solid") for row in rows]
    return sorted((one for one in found if not since or one.day > since), key=lambda one: one.day)


def jumps(view: View) -> list[dict[str, Any]]:
    """Threshold jumps up to the as-of date, oldest first; empty if movements were not published."""
    if not view.copy.has("gold.segment_migration"):
        return []
    return view.copy.rows("threshold_jumps", as_of=view.as_of, least_share=LEAST_SHARE)


def said(jump: Mapping[str, Any]) -> str:
    """The largest change of a median: `26 Apr 2025: median orders 1 to 2; 480 changed segment without ordering`."""
    return f"{fmt.day(jump['day'])}: {changes(jump)[0]}; {fmt.count(jump['moved'])} changed segment without ordering"


def changes(shift: Mapping[str, Any]) -> list[str]:
    """The change of each median between two days, largest first: `median orders 1 to 2`."""

    def by(median: str) -> float:
        before = float(shift[f"{median}_before"])
        return abs(float(shift[median]) - before) / (before or 1)

    def written(median: str, write: Callable[[Any], str]) -> str:
        now, before = write(shift[median]), write(shift[f"{median}_before"])
        return f"{now}, unchanged" if now == before else f"{before} to {now}"

    return [
        f"median {name} {written(median, write)}"
        for median, (name, write) in sorted(_MEDIANS.items(), key=lambda entry: -by(entry[0]))
    ]


def explain(found: Sequence[Break]) -> None:
    """Explains the lines that `marked` draws, if any."""
    if not found:
        return
    kinds = {"dashed": "dashed, thresholds shifted", "solid": "solid, the policy changed"}
    lines = "; ".join(words for look, words in kinds.items() if any(one.look == look for one in found))
    st.caption(fmt.md(f"Lines: {lines}. {'; '.join(one.words for one in found)}."))


def marked(option: Option, found: Sequence[Break]) -> Option:
    """A chart over time with a line at each break."""
    if not found:
        return option
    first, *others = option["series"]
    top = "start" if option.get("yAxis", {}).get("inverse") else "end"
    marks = {
        "symbol": "none",
        "label": {"color": MUTED, "formatter": "{b}", "position": top},
        "data": [
            {
                "xAxis": f"{one.day}",
                "name": f"{one.day.day} {one.day:%b}",
                "lineStyle": {"color": MUTED, "type": one.look, "width": 1.5},
            }
            for one in found
        ],
    }
    return {**option, "series": [{**first, "markLine": marks}, *others]}
