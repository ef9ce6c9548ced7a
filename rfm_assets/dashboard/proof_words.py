"""Words a backtest's findings for marketers, good or bad, and claims nothing more."""

from collections.abc import Mapping
from typing import Any

from rfm_assets.config import in_force
from rfm_assets.dashboard import format as fmt

SCORE, SEGMENT, MONETARY, RECENCY, OVERDUE = "Value_Score", "Segment", "Monetary", "Recency", "Overdue"
METHODS = (SCORE, MONETARY, "Quintile sum", SEGMENT, "Frequency", RECENCY, OVERDUE)
"""Every method, in the order of pages."""
NAMES = {SCORE: "Value score", SEGMENT: "Segments", "Quintile sum": "R + F + M scores", MONETARY: "Total spend"}
"""Names of methods, where they differ from the stored ones."""
_TIED = 0.005
"""Smaller differences between shares count as ties."""

Methods = Mapping[str, Mapping[str, Any]]
"""The means of each method, by the name in `proof.backtest`."""


def name_of(method: str) -> str:
    """The name of a method for marketers."""
    return NAMES.get(method, method)


def revenue_said() -> str:
    """Whether revenue is net or gross."""
    if in_force.segments().is_net:
        return "Revenue is net of returns in these days. Customers who returned all they bought still count as buyers."
    return "Revenue is gross: returns are not deducted."


def findings(methods: Methods, days: int) -> list[str]:
    """Findings on the score versus segments, spend and lateness; empty if a method was not measured."""
    said = []
    if score := _share(methods, SCORE):
        said.append(
            f"A fifth of your customers, chosen by value score, brought {_percent(score)} of the revenue in the "
            f"next {fmt.plural(days, 'day')}; a fifth drawn at random brings 20%."
        )
    if score and (segment := _share(methods, SEGMENT)):
        said.append(
            f"Chosen by segment, a fifth brought {_percent(segment)}: {_compared(score, segment)} A segment ranks all "
            "its customers alike; the score ranks each. Segments tell you what to say, the score whom to write first."
        )
    if score and (spend := _share(methods, MONETARY)):
        said.append(f"Chosen by total spend alone, a fifth brought {_percent(spend)}: {_compared(score, spend)}")
    overdue, recency = (methods.get(method, {}).get("auc") for method in (OVERDUE, RECENCY))
    if overdue is not None and recency is not None:
        verdict = (
            "worse than" if overdue < recency - _TIED else "better than" if overdue > recency + _TIED else "as well as"
        )
        said.append(
            f"Being overdue predicts purchases {verdict} days since the last order (purchase AUC "
            f"{overdue:.3f} against {recency:.3f}). It tells who is late by their own rhythm, not who will buy."
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
        return "practically the same."
    return f"the score finds {points} {'more' if score > other else 'less'}."
