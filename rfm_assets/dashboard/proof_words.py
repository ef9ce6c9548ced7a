"""What a backtest says, in a marketer's words: only what the figures show, to either side."""

from collections.abc import Mapping
from typing import Any

from rfm_assets.config import in_force
from rfm_assets.dashboard import format as fmt

SCORE, SEGMENT, MONETARY, RECENCY, OVERDUE = "Value_Score", "Segment", "Monetary", "Recency", "Overdue"
METHODS = (SCORE, MONETARY, "Quintile sum", SEGMENT, "Frequency", RECENCY, OVERDUE)
"""Every method, as pages list them."""
NAMES = {SCORE: "Value score", SEGMENT: "Segments", "Quintile sum": "R + F + M scores", MONETARY: "Total spend"}
"""How methods are called, where not by their own name."""
_TIED = 0.005
"""Shares that differ by less are as good as equal."""

Methods = Mapping[str, Mapping[str, Any]]
"""The means of each method, by its name in `proof.backtest`."""


def name_of(method: str) -> str:
    """A method as a marketer calls it."""
    return NAMES.get(method, method)


def revenue_said() -> str:
    """Which money the outcomes are in."""
    if in_force.segments().is_net:
        return (
            "Revenue is net: what customers sent back in these days is taken off. Who bought and sent it back bought."
        )
    return "Revenue is gross: what customers sent back is not taken off."


def findings(methods: Methods, days: int) -> list[str]:
    """What can be said of the score against segments, spend and lateness; nothing where a method was not measured."""
    said = []
    if score := _share(methods, SCORE):
        said.append(
            f"A fifth of your customers, chosen by the value score, brought {_percent(score)} of the revenue of the "
            f"{fmt.plural(days, 'day')} that followed; a fifth drawn at random brings 20%."
        )
    if score and (segment := _share(methods, SEGMENT)):
        said.append(
            f"Chosen by segment, a fifth brought {_percent(segment)}: {_compared(score, segment)} Everybody in a "
            "segment is ranked alike; the score tells them apart. Segments say what to write, the score to whom first."
        )
    if score and (spend := _share(methods, MONETARY)):
        said.append(f"Chosen by total spend alone, a fifth brought {_percent(spend)}: {_compared(score, spend)}")
    overdue, recency = (methods.get(method, {}).get("auc") for method in (OVERDUE, RECENCY))
    if overdue is not None and recency is not None:
        verdict = (
            "worse than" if overdue < recency - _TIED else "better than" if overdue > recency + _TIED else "as well as"
        )
        said.append(
            f"Being overdue predicts purchases {verdict} days since the last order do (purchase AUC "
            f"{overdue:.3f} against {recency:.3f}). It says who is late by their own rhythm, not who will buy."
        )
    return said


def _share(methods: Methods, method: str) -> float | None:
    share = methods.get(method, {}).get("top20")
    return None if share is None else float(share)


def _percent(share: float) -> str:
    return fmt.percent(100 * share)


def _compared(score: float, other: float) -> str:
    points = f"{abs(100 * (score - other)):.1f} points"
    if abs(score - other) < _TIED:
        return "as good as the same."
    return f"the score finds {points} {'more' if score > other else 'less'}."
