"""The models of the shop file: every section and key, its default, and what it may hold.

Undeclared keys are errors. `load.py` reads the file and words the errors. `Rules` also validates the table `rules` of a
source profile.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from rfm_assets.config.audiences import Audiences
from rfm_assets.config.currency import CURRENCIES
from rfm_assets.config.customers import Customers
from rfm_assets.config.patterns import checked
from rfm_assets.config.section import Section
from rfm_assets.config.segments import Segments
from rfm_assets.delivered import FIRST_INVOICE_DATE


def _calendar_day(value: object) -> object:
    """Accepts a TOML date, or its text; refuses a time of day, which would be dropped silently."""
    if isinstance(value, datetime):
        raise ValueError("write the day alone, as YYYY-MM-DD")  # noqa: TRY004 - pydantic words a ValueError
    if isinstance(value, str):
        return date.fromisoformat(value)
    return value


def _currency(value: str) -> str:
    if value and value not in CURRENCIES:
        raise ValueError("write an ISO 4217 currency code, such as GBP, EUR or JPY")
    return value


def _time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):  # unknown, not a name at all, or a folder of zones
        raise ValueError("write an IANA time zone, such as Europe/London or UTC") from None
    return value


def _pattern(value: str) -> str:
    checked(value)
    return value


def _code_or_pattern(value: str) -> str:
    if is_pattern(value):
        checked(value)
    elif not value or "$" in value:  # it would name a parameter in a statement
        raise ValueError("write a code, or a pattern that starts with ^, such as ^GIFT[$][0-9]+")
    return value


def is_pattern(code: str) -> bool:
    """Whether an entry of `not_product` is a pattern; otherwise it is one literal code."""
    return code.startswith(("^", "(?i)"))


Day = Annotated[date, BeforeValidator(_calendar_day)]
Pattern = Annotated[str, AfterValidator(_pattern)]


class Shop(Section):
    """Section `[shop]`: who sells, in which currency, and since when."""

    name: str | None = Field(default=None, min_length=1, description="The shop's name, for titles.")
    currency: Annotated[str, AfterValidator(_currency)] | None = Field(
        default=None,
        description="ISO 4217, such as GBP. Symbol and decimals follow from it, and lines of another currency are "
        'refused. "" means unknown: amounts are written as plain numbers.',
    )
    time_zone: Annotated[str, AfterValidator(_time_zone)] = Field(
        default="UTC",
        description="IANA name, such as Europe/London: an exported order belongs to the shop's local day.",
    )
    start_date: Day | None = Field(
        default=None, description="The first day of the calendar. RFM_START_DATE takes precedence."
    )


class Rules(Section):
    """Section `[rules]`: what silver and RFM mean by a sale. Patterns are RE2 without look-around."""

    invoice_pattern: Pattern = Field(default="^.{6,7}$", description="What an invoice number looks like.")
    cancellation_pattern: Pattern = Field(
        default="^[cC][0-9]+$", description="Invoice numbers that are cancellations and returns, not sales."
    )
    product_pattern: Pattern = Field(
        default="^([0-9]{5}[a-zA-Z]*|PADS)$", description="Product codes that count for a customer."
    )
    not_product: tuple[Annotated[str, AfterValidator(_code_or_pattern)], ...] | None = Field(
        default=None,
        strict=False,  # TOML has lists
        description="In place of product_pattern: the codes that do not count. An entry is a code, or a pattern "
        "if it starts with ^ or (?i). All other codes count; with `[]` every code does.",
    )
    first_invoice_date: Day = Field(
        default=FIRST_INVOICE_DATE, description="Invoices dated earlier are refused: programs write 1900 for no date."
    )
    invoice_days_ahead: int = Field(
        default=0,
        ge=0,
        description="How many days after the day of its file an invoice may be dated. RFM_INVOICE_DAYS_AHEAD takes "
        "precedence.",
    )
    invoice_reuse_days: int = Field(
        default=180,
        ge=1,
        description="An invoice number used again is a new order if its lines are dated more than these days apart.",
    )
    stores: Literal["one", "folder"] = Field(
        default="one",
        description="folder: the first folder of a daily file's path is its store, and each store numbers its own "
        "invoices. one: numbers are shop-wide.",
    )
    contained: Literal["load", "skip"] = Field(
        default="load",
        description="What to do with a file of 20 or more lines that are all in another file of the same day or the 30 "
        "days before. load: it counts, and a check names it. skip: its lines are refused.",
    )
    rounding: Literal["unit", "line"] = Field(
        default="unit",
        description="Where half pennies are rounded: in the unit price, or once, in the line total.",
    )

    @model_validator(mode="after")
    def _one_product_rule(self) -> Self:
        if {"product_pattern", "not_product"} <= self.model_fields_set:
            raise ValueError("product_pattern and not_product contradict each other: keep one of them")
        return self

    def over(self, preset: "Rules") -> "Rules":
        """These rules where set, and those of a preset everywhere else."""
        own = {name: getattr(self, name) for name in self.model_fields_set}
        given = {name: getattr(preset, name) for name in preset.model_fields_set}
        if {"product_pattern", "not_product"} & set(own):
            given = {name: value for name, value in given.items() if name not in {"product_pattern", "not_product"}}
        return Rules(**(given | own))


class Clusters(Section):
    """Section `[clusters]`: how similar customers are grouped."""

    refit: Literal["daily", "steady"] = Field(
        default="daily",
        description="daily: each day is clustered from scratch. steady: from the day before, so that clusters keep "
        "their number and most of their customers.",
    )


class ShopFile(Section):
    """The whole shop file."""

    shop: Shop = Field(default=Shop(), description="Who sells, in which currency, and since when.")
    rules: Rules = Field(default=Rules(), description="What a sale is.")
    customers: Customers = Field(default=Customers(), description="How delivered ids become customers.")
    segments: Segments = Field(default=Segments(), description="Where the segments begin, and what they are called.")
    clusters: Clusters = Field(default=Clusters(), description="How similar customers are grouped.")
    audiences: Audiences = Field(default=Audiences(), description="The lists of customers for campaigns.")
    source: dict[str, Any] | None = Field(
        default=None,
        description='The format of delivered files: `profile = "shopify"`, or a profile of your own. Without it: daily '
        "files of eight columns.",
    )

    @model_validator(mode="after")
    def _one_profile(self) -> Self:
        if self.source is not None and "profile" in self.source:
            if others := sorted(set(self.source) - {"profile"}):
                raise ValueError(
                    f"source.profile names a preset, and {', '.join(f'source.{key}' for key in others)} describe a "
                    "profile of your own: keep one of them"
                )
            if not isinstance(self.source["profile"], str):
                raise ValueError('source.profile is the name of a preset, such as "shopify"')
        return self

    @property
    def preset(self) -> str | None:
        """The preset that `source` names."""
        return self.source["profile"] if self.source and "profile" in self.source else None

    @property
    def profile(self) -> dict[str, Any] | None:
        """The profile written in `source` itself, as in the file."""
        return self.source if self.source and "profile" not in self.source else None
