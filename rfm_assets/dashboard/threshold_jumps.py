"""Days on which the thresholds jumped: many customers changed segment without acting, since a median did."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.charts import MUTED, Option
from rfm_assets.dashboard.view import View

LEAST_SHARE = 0.05
"""Of all customers, moved in a day by the thresholds alone."""
_MEDIANS = {
    "frequency": ("orders", fmt.count),
    "recency": ("days since last order", fmt.count),
    "monetary": ("spend", fmt.money),
}


def jumps(view: View) -> list[dict[str, Any]]:
    """The jumps up to the as-of date, the oldest first; none where movements were not published."""
    if not view.snapshot.has("gold.segment_migration"):
        return []
    return view.snapshot.rows("threshold_jumps", as_of=view.as_of, least_share=LEAST_SHARE)


def said(jump: Mapping[str, Any]) -> str:
    """`26 Apr 2025: median orders 1 to 2; 480 moved without acting`: of the medians, what changed most."""
    return f"{fmt.day(jump['day'])}: {changes(jump)[0]}; {fmt.count(jump['moved'])} moved without acting"


def changes(shift: Mapping[str, Any]) -> list[str]:
    """How much each median changed between two days, the largest change first: `median orders 1 to 2`."""

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


def marked(option: Option, found: Sequence[Mapping[str, Any]]) -> Option:
    """A chart over time with a line at each jump, which says what jumped."""
    if not found:
        return option
    first, *others = option["series"]
    marks = {
        "symbol": "none",
        "lineStyle": {"color": MUTED, "type": "dashed", "width": 1.5},
        "label": {"color": MUTED, "formatter": "{b}", "position": "end"},
        "data": [{"xAxis": f"{jump['day']}", "name": f"{jump['day'].day} {jump['day']:%b}"} for jump in found],
    }
    return {**option, "series": [{**first, "markLine": marks}, *others]}
