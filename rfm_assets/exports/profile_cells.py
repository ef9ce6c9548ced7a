"""The cells of a source profile: where an export has each text, and how to read it."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator


def listed(value: object) -> object:
    """Accepts a single text or table in place of a list."""
    return [value] if isinstance(value, (str, dict)) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(listed)]


class Part(BaseModel):
    """A table of a profile; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Cell(Part):
    """Where an export has a field's text."""

    column: Texts = Field(default=(), description="Headers, the preferred one first.")
    first_filled: bool = Field(default=False, description="Take the first header that is filled in the record.")
    join: Texts = Field(default=(), description="Headers whose texts are joined, skipping blank ones.")
    separator: str = Field(default=" - ", description="The text between joined texts.")
    value: str | None = Field(default=None, description="The same text for every record.")
    optional: bool = Field(default=False, description="Whether an export may lack it.")

    @model_validator(mode="after")
    def _says_where(self) -> Self:
        if not (self.column or self.join or self.value is not None or type(self) is not Cell):
            raise ValueError("name where the text is: column, join or value")
        return self

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header that it may read."""
        return (*self.column, *self.join)


class Number(Cell):
    """The order's number; `by` makes one if an export has none."""

    by: tuple[Literal["customer", "day"], ...] = Field(
        default=(), description='["customer", "day"]: a customer\'s purchases of a day are an order.'
    )


class Placed(Cell):
    """A date."""

    time: Cell | None = Field(default=None, description="The time of day, if it has its own column.")
    formats: Texts = Field(
        default=(),
        description="Formats to try on all records, like %d/%m/%Y %H:%M; also excel, unix, unix_ms. Default: all.",
    )
    origin: date | None = Field(default=None, description="The date of day number 1.")
    zone: str | None = Field(default=None, description="The time zone of texts without an offset, such as UTC.")


class Status(Cell):
    """A column whose words tell sales from other records."""

    sale: Texts = Field(default=(), description="Words for a sale.")
    not_a_sale: Texts = Field(default=(), description="Words for anything else.")


class Filter(Cell):
    """Records that are not sales, and why."""

    reason: str = Field(description="What the records are; they are counted by reason.")
    keep: Texts = Field(default=(), description="Keep only records with one of these words.")
    drop: Texts = Field(default=(), description="Leave out records with one of these words.")
    pattern: str | None = Field(default=None, description="Leave out records whose text matches.")
    blank: bool = Field(default=False, description="Keep only records without a text.")


class Amount(Cell):
    """An amount of money, and what it is for."""

    of: Literal["unit", "line", "order"] = Field(alias="is", description="What the amount is for.")
    rounded: bool = Field(default=False, description="Round unit prices before multiplying.")


class Discount(Cell):
    """An amount to deduct, whatever its sign."""

    per: Literal["unit", "line", "order"] = Field(default="line", description="What it is deducted from.")


class Packed(Cell):
    """Several lines in one cell."""

    between: str = Field(description="A pattern for the text between lines.")
    quantity: str = Field(default="", description="A pattern whose group is the quantity; 1 without a match.")
    product: str = Field(description="A pattern whose group is the product.")
    amount: str = Field(default="", description="A pattern whose group is the line's amount; default: by quantity.")


class Consent(Cell):
    """Whether a customer accepts marketing."""

    no: Texts = Field(default=("no", "false", "0"), description="Words for no; blank means unknown, anything else yes.")


class RefundAmount(Cell):
    """The sum refunded so far."""

    per: Literal["line", "order"] = "order"
