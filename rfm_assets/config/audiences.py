"""Section `[audiences]`: the share of each audience that campaigns hold out."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field, WithJsonSchema

from rfm_assets.config.section import Section
from rfm_assets.config.segments import Text, number

Share = Annotated[Decimal, number(3, "0", "0.5"), WithJsonSchema({"type": "number", "minimum": 0, "maximum": 0.5})]


class Audiences(Section):
    """Section `[audiences]`: the lists of customers for campaigns."""

    holdout_share: Share = Field(
        default=Decimal(0),
        description="The share of customers that campaigns leave out, to measure their effect: files have a column "
        "Holdout. Needs RFM_HOLDOUT_KEY.",
    )
    campaign: Text = Field(
        default="standing", description="The campaign of the holdout; another name draws other customers."
    )
