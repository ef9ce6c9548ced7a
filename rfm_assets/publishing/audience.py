"""One list of customers for a campaign: a segment, and which of its customers."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from rfm_assets.config import in_force
from rfm_assets.config.segments import Cell
from rfm_assets.gold.playbooks import PLAYBOOKS
from rfm_assets.gold.segments import CELL_OF
from rfm_assets.literals import literal

Which = Literal["members", "entered", "left"]

_VALUES = "CustomerID, Recency, Frequency, Monetary"
PLAYBOOK = "recommendation, channel, offer, timing, measure"
"""The playbook columns, for the segment that a customer is in now."""
_COLUMNS: dict[Which, str] = {
    "members": f"{_VALUES}, segment, {PLAYBOOK}",
    "entered": f"{_VALUES}, from_segment, segment AS to_segment, {PLAYBOOK}",
    "left": f"{_VALUES}, from_segment, segment AS to_segment, {PLAYBOOK}",
}


def columns_of(which: Which, *, holdout: bool) -> str:
    """The columns of a list, with Holdout if there is a holdout."""
    return f"{_COLUMNS[which]}, Holdout" if holdout else _COLUMNS[which]


@dataclass(frozen=True)
class Audience:
    """A list: its segment, and which of the segment's customers."""

    segment: str
    which: Which

    @property
    def name(self) -> str:
        """The name of its files, such as `high-value-at-risk_entered`, whatever the shop calls the segment."""
        slug = re.sub(r"[^a-z]+", "-", CELL_OF[self.segment].lower())
        return slug if self.which == "members" else f"{slug}_{self.which}"

    @property
    def note(self) -> Mapping[str, str]:
        """The segment's owner and playbook; empty for customers who left, who are in several segments now."""
        owner = in_force.segments().cells.get(CELL_OF[self.segment], Cell()).owner
        playbook = {} if self.which == "left" else asdict(PLAYBOOKS[self.segment])
        return playbook | ({"owner": owner} if owner else {})

    def select(self, *, holdout: bool = False) -> str:
        """A SELECT of the list from the customers that `Audiences` gathered; `holdout` adds the holdout column."""
        segment = literal(self.segment)
        where = {
            "members": f"segment = {segment}",
            "entered": f"segment = {segment} AND from_segment <> segment",
            "left": f"from_segment = {segment} AND from_segment <> segment",
        }
        columns = columns_of(self.which, holdout=holdout)
        return f"SELECT {columns} FROM audience WHERE {where[self.which]} ORDER BY CustomerID"
