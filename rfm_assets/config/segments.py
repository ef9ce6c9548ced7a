"""Section `[segments]`: where the segments begin and end, and what a shop calls them."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from hashlib import blake2b
from itertools import product
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from rfm_assets.config.section import Section

VALUE_TIERS = ("High Value", "Growing Value", "Base Value")
ENGAGEMENT_STATUSES = ("Active & Engaged", "At Risk", "Developing", "Inactive")
CELLS = tuple(f"{tier} - {status}" for tier, status in product(VALUE_TIERS, ENGAGEMENT_STATUSES))
"""The twelve cells of the rule, each a segment; a shop may rename them."""

NEW_CUSTOMER = "New customer"
"""The earlier segment of a customer not seen by then; the same text is in compared_customers.sql."""


def number(decimals: int, least: str, highest: str) -> BeforeValidator:
    """Reads a TOML number as an exact decimal with at most `decimals` decimals, from `least` to `highest`."""

    def exact(value: object) -> object:
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            raise ValueError("write a number")  # noqa: TRY004 - pydantic words a ValueError
        number = Decimal(str(value))
        if not number.is_finite() or round(number, decimals) != number:
            raise ValueError(f"write a number with at most {decimals} decimals")
        if not Decimal(least) <= number <= Decimal(highest):
            raise ValueError(f"write a number from {least} to {Decimal(highest):,}")
        return Decimal(f"{number.normalize():f}")

    return BeforeValidator(exact)


def _text(value: str) -> str:
    if not value.strip() or value != value.strip() or not value.isprintable():
        raise ValueError("write a text of one line, without blanks around it")
    if re.search(r"\$[a-z_]", value):  # it would name a parameter in a statement
        raise ValueError("do not write $ in front of a small letter")
    return value


Multiple = Annotated[Decimal, number(3, "0.001", "999"), WithJsonSchema({"type": "number", "exclusiveMinimum": 0})]
Amount = Annotated[Decimal, number(2, "0", "999999999999"), WithJsonSchema({"type": "number", "minimum": 0})]
Text = Annotated[str, AfterValidator(_text)]


_NOT_OF_THE_RULE = {"owner", "offer", "channel", "timing", "measure"}


class Cell(Section):
    """What a shop calls one of the twelve segments, and what it does about it."""

    name: Text | None = Field(default=None, description="The segment's name.")
    recommendation: Text | None = Field(default=None, description="What marketing can do for it.")
    owner: Text | None = Field(default=None, description="Who is responsible for it.")
    offer: Text | None = Field(default=None, description="Playbook: what to offer.")
    channel: Text | None = Field(default=None, description="Playbook: how to reach the customers.")
    timing: Text | None = Field(default=None, description="Playbook: when to act.")
    measure: Text | None = Field(default=None, description="Playbook: how to tell whether it worked.")


class Segments(Section):
    """Section `[segments]`: what divides customers into twelve segments. Comparisons are strict."""

    monetary: Literal["gross", "net"] = Field(
        default="gross",
        description="Whether Monetary is money spent (gross), or money spent less returns (net). With net, "
        "Frequency excludes orders that were returned in full.",
    )
    growing_above: Multiple = Field(
        default=Decimal(1), description="Growing Value begins above this multiple of the median spending."
    )
    high_above: Multiple = Field(
        default=Decimal(2), description="High Value begins above this multiple of the median spending."
    )
    window_days: int = Field(
        default=0,
        ge=0,
        description="Take medians over customers whose last purchase is at most this many days back; 0: over all.",
    )
    growing_above_amount: Amount | None = Field(
        default=None, description="In place of growing_above: an amount of money. It needs high_above_amount."
    )
    high_above_amount: Amount | None = Field(
        default=None, description="In place of high_above: an amount of money. It needs growing_above_amount."
    )
    active_within_days: int | None = Field(
        default=None,
        ge=1,
        description="In place of the median recency: customers who purchased fewer days ago are active or developing.",
    )
    cells: Mapping[str, Cell] = Field(
        default_factory=dict,
        description="Your own names, recommendations and notes, by cell name, such as "
        '[segments.cells."High Value - At Risk"].',
    )

    @model_validator(mode="after")
    def _every_tier_can_fill(self) -> Self:
        amounts = self.growing_above_amount, self.high_above_amount
        if (amounts[0] is None) != (amounts[1] is None):
            raise ValueError(
                "growing_above_amount and high_above_amount need each other: an amount beside a multiple of a median "
                "would leave a tier empty on some days"
            )
        if amounts != (None, None) and {"growing_above", "high_above"} & self.model_fields_set:
            raise ValueError("amounts and multiples of the median contradict each other: keep one pair of them")
        if amounts[0] is not None and amounts[1] is not None and amounts[0] >= amounts[1]:
            raise ValueError("no customer could be Growing Value: write a high_above_amount over growing_above_amount")
        if self.growing_above >= self.high_above:
            raise ValueError("no customer could be Growing Value: write a high_above over growing_above")
        return self

    @model_validator(mode="after")
    def _twelve_names(self) -> Self:
        if unknown := sorted(set(self.cells) - set(CELLS)):
            raise ValueError(f'there is no segment "{unknown[0]}": they are {", ".join(CELLS)}')
        names = list(self.names.values())
        if doubled := sorted({name for name in names if names.count(name) > 1 or name == NEW_CUSTOMER}):
            raise ValueError(f'"{doubled[0]}" is taken: give every segment a name of its own')
        return self

    @property
    def is_net(self) -> bool:
        """Whether returns are deducted."""
        return self.monetary == "net"

    @property
    def names(self) -> Mapping[str, str]:
        """The name of every cell: the shop's, or the cell's own."""
        return {cell: self.cells.get(cell, Cell()).name or cell for cell in CELLS}

    @property
    def policy(self) -> str:
        """A hash of every value that affects gold: equal for equal rules, whatever keys are added later."""
        playbooks = {"cells": {"__all__": _NOT_OF_THE_RULE}}
        chosen = self.model_dump(mode="json", exclude_defaults=True, exclude=playbooks)
        chosen["cells"] = {cell: own for cell, own in chosen.get("cells", {}).items() if own}
        return blake2b(json.dumps(chosen, sort_keys=True).encode(), digest_size=8).hexdigest()
