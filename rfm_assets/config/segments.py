"""Section `[segments]`: what the segments are made of."""

from typing import Literal

from pydantic import Field

from rfm_assets.config.section import Section


class Segments(Section):
    """Section `[segments]`: what divides customers into twelve segments."""

    monetary: Literal["gross", "net"] = Field(
        default="gross",
        description="Whether Monetary is what was spent (gross), or that less what was returned (net). With net, "
        "Frequency leaves out orders that were fully taken back.",
    )

    @property
    def is_net(self) -> bool:
        """Whether returns are taken off."""
        return self.monetary == "net"
