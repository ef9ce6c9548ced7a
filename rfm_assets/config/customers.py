"""Section `[customers]`: texts that name nobody, and texts that are the same customer."""

from typing import Annotated

from pydantic import AfterValidator, Field

from rfm_assets.config.section import Section
from rfm_assets.delivered import BLANKS


def _word(value: str) -> str:
    if (
        not value
        or value != value.strip(BLANKS)
        or not value.isascii()
        or not value.isprintable()
        or set(value) & set("\\^&]$")
    ):
        raise ValueError("write a word of ASCII, without blanks around it and without any of \\ ^ & ] $")
    return value.lower()


class Customers(Section):
    """Section `[customers]`: how delivered ids become customers."""

    nobody: tuple[Annotated[str, AfterValidator(_word)], ...] = Field(
        default=("0",),
        strict=False,  # TOML has lists
        description="Words that name nobody, in any case, besides those that spreadsheets and databases write. `0` "
        "includes `0.0`.",
    )
    lower_case_emails: bool = Field(default=True, description="Whether ids with an @ ignore case.")
    aliases: str | None = Field(
        default=None,
        min_length=1,
        description="A CSV file of alias, customer and since, beside the shop file: from that day on, the alias means "
        "that customer.",
    )
