"""Section `[audiences]`: how much of each audience is held out of a campaign."""

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
        description="The share of customers whom campaigns leave out, so that what these bring can be told: files have "
        "a column Holdout. It needs RFM_HOLDOUT_KEY.",
    )
    campaign: Text = Field(
        default="standing", description="The campaign that customers are held out of; another name draws others."
    )
