"""One list of customers for a campaign: a segment, and which of its customers are on it."""

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
"""What to do for the segment that a customer is in now, by its playbook."""
_COLUMNS: dict[Which, str] = {
    "members": f"{_VALUES}, segment, {PLAYBOOK}",
    "entered": f"{_VALUES}, from_segment, segment AS to_segment, {PLAYBOOK}",
    "left": f"{_VALUES}, from_segment, segment AS to_segment, {PLAYBOOK}",
}


def columns_of(which: Which, *, holdout: bool) -> str:
    """The columns of a list, with that of who is held out where there is a holdout."""
    return f"{_COLUMNS[which]}, Holdout" if holdout else _COLUMNS[which]


@dataclass(frozen=True)
class Audience:
    """One list: its segment and which of that segment's customers are on it."""

    segment: str
    which: Which

    @property
    def name(self) -> str:
        """What its files are called, such as `high-value-at-risk_entered`, whatever the shop calls the segment."""
        slug = re.sub(r"[^a-z]+", "-", CELL_OF[self.segment].lower())
        return slug if self.which == "members" else f"{slug}_{self.which}"

    @property
    def note(self) -> Mapping[str, str]:
        """Who looks after its segment, and the playbook; but for those who left, who are in several segments now."""
        owner = in_force.segments().cells.get(CELL_OF[self.segment], Cell()).owner
        playbook = {} if self.which == "left" else asdict(PLAYBOOKS[self.segment])
        return playbook | ({"owner": owner} if owner else {})

    def select(self, *, holdout: bool = False) -> str:
        """A SELECT of the list, over the customers that `Audiences` has gathered; with a holdout, of who is in it."""
        segment = literal(self.segment)
        where = {
            "members": f"segment = {segment}",
            "entered": f"segment = {segment} AND from_segment <> segment",
            "left": f"from_segment = {segment} AND from_segment <> segment",
        }
        columns = columns_of(self.which, holdout=holdout)
        return f"SELECT {columns} FROM audience WHERE {where[self.which]} ORDER BY CustomerID"
