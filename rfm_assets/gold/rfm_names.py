"""The well-known names of R, F and M scores: a table in code, the first match counts."""

from typing import NamedTuple

from rfm_assets.literals import literal
from rfm_assets.warehouse.query import Query

SCORES = range(1, 6)
"""The lowest fifth of a day's customers scores 1, the highest 5; higher is better, so a recent purchase scores high."""

Span = tuple[int, int]
ANY: Span = (1, 5)


class RfmName(NamedTuple):
    """A name, with the lowest and highest score on each axis."""

    name: str
    recency: Span
    frequency: Span
    monetary: Span = ANY


RFM_NAMES = (
    RfmName("Champions", (4, 5), (4, 5), (4, 5)),
    RfmName("Loyal", (3, 5), (4, 5)),
    RfmName("Potential Loyalist", (4, 5), (3, 3)),
    RfmName("New", (5, 5), (1, 2)),
    RfmName("Promising", (4, 4), (1, 2)),
    RfmName("Need Attention", (3, 3), (3, 3)),
    RfmName("About to Sleep", (3, 3), (1, 2)),
    RfmName("Can't Lose Them", (1, 2), (4, 5), (4, 5)),
    RfmName("At Risk", (1, 2), (3, 5)),
    RfmName("Hibernating", (2, 2), (1, 2)),
    RfmName("Lost", (1, 1), (1, 2)),
)


def name_of(recency: int, frequency: int, monetary: int) -> str:
    """The name of three scores, from the first row that fits."""
    scores = (recency, frequency, monetary)
    return next(
        one.name
        for one in RFM_NAMES
        if all(low <= score <= high for score, (low, high) in zip(scores, one[1:], strict=True))
    )


def every_name() -> Query:
    """The name of each of the 125 combinations of scores, as a table."""
    rows = (f"({r}, {f}, {m}, {literal(name_of(r, f, m))})" for r in SCORES for f in SCORES for m in SCORES)
    return Query(f"SELECT * FROM (VALUES {', '.join(rows)}) AS named(R_Score, F_Score, M_Score, RFM_Name)")
