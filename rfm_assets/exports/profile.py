"""The source profile: where an export has what an order is made of, and what counts as a sale.

A profile is TOML, in a file of its own or in the shop file; every table below `[source]` is a class here.

    [source]            name, title, note (shown by `rfm profile list`)
    [source.file]       delimiter, encoding, skip_rows, header, has, decimalChar, groupChar, missingValues
    [[source.join]]     has, on                     further files, such as olist's orders beside its items
    [source.order]      number, placed, status, currency, country, carry_down
    [source.line]       product, description, quantity, amount, discounts, packed, drop_duplicates
    [source.customer]   key, guest, normalise, pseudonymise, missing, accepts_marketing
    [source.refund]     negative, prefix, mark, rows, amount, date
    [[source.filter]]   reason, column, keep | drop | pattern | blank
    [source.totals]     line, order, less
    [rules]             what silver and RFM mean by a sale of this system; the shop file's own win

A *cell* says where a text is: `{ column = ["Name", "Order number"] }` takes the first of these headers that the export
has; with `first_filled = true`, the first of them that is filled in this record; `{ join = ["Item", "Size"] }` puts
several together; `{ value = "1" }` is the same everywhere. Headers match after trimming and casefolding, exactly.
"""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from rfm_assets.config.shop_file import Rules


def _listed(value: object) -> object:
    """One text or table stands for a list of one."""
    return [value] if isinstance(value, (str, dict)) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Part(BaseModel):
    """A table of a profile; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Cell(Part):
    """Where an export has a text."""

    column: Texts = Field(default=(), description="Headers, the preferred one first.")
    first_filled: bool = Field(default=False, description="Take the first that is filled in the record.")
    join: Texts = Field(default=(), description="Headers whose texts are put together, those that are filled.")
    separator: str = Field(default=" - ", description="What stands between joined texts.")
    value: str | None = Field(default=None, description="The same text for every record.")
    optional: bool = Field(default=False, description="Whether an export may lack it.")

    @model_validator(mode="after")
    def _says_where(self) -> Self:
        if not (self.column or self.join or self.value is not None or type(self) is not Cell):
            raise ValueError("say where the text is: column, join or value")
        return self

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header it may read."""
        return (*self.column, *self.join)


class File(Part):
    """`[source.file]`: how the text of a file becomes records."""

    delimiter: str | None = Field(default=None, description="Found from the header where it is not given.")
    encoding: str | None = Field(default=None, description="Found from all of the file where it is not given.")
    skip_rows: int | None = Field(default=None, ge=0, description="Rows above the header; found where not given.")
    header: Texts = Field(default=(), description="The headers of files that have none.")
    has: Texts = Field(default=(), description="Headers by which the file is known: where several are joined, its own.")
    loose_headers: bool = Field(
        default=False, description="Headers match without case, accents, blanks and signs, and a unit in brackets."
    )
    decimal_char: Literal[".", ","] | None = Field(
        default=None, alias="decimalChar", description="Found from all numbers of an export where it is not given."
    )
    group_char: str | None = Field(default=None, alias="groupChar", description="Between thousands.")
    missing_values: Texts = Field(default=(), alias="missingValues", description="Texts that mean nothing is there.")


class Join(Part):
    """`[[source.join]]`: another file of the same export, and the header that both have."""

    has: Texts = Field(description="Headers by which it is known.")
    on: str = Field(description="The header that both have; of several records with one value, the last counts.")


class Number(Cell):
    """The order's number; `by` makes one where an export has none."""

    by: tuple[Literal["customer", "day"], ...] = Field(
        default=(), description='["customer", "day"]: what a customer buys in a day is an order.'
    )


class Placed(Cell):
    """When something happened."""

    time: Cell | None = Field(default=None, description="The time of day, where it has a column of its own.")
    formats: Texts = Field(
        default=(),
        description="Like %d/%m/%Y %H:%M, tried over all records; also excel, unix and unix_ms. Without: all known.",
    )
    origin: date | None = Field(default=None, description="The day that a day number of 1 means.")
    zone: str | None = Field(default=None, description="The time zone of texts without an offset, such as UTC.")


class Status(Cell):
    """A column whose words tell sales from what is not one."""

    sale: Texts = Field(default=(), description="Its words for a sale.")
    not_a_sale: Texts = Field(default=(), description="Words that are not a sale.")


class Filter(Cell):
    """Records that are no sale, and why."""

    reason: str = Field(description="What they are: records are counted by it.")
    keep: Texts = Field(default=(), description="Only records with one of these words are kept.")
    drop: Texts = Field(default=(), description="Records with one of these words are left out.")
    pattern: str | None = Field(default=None, description="Records with a text like this are left out.")
    blank: bool = Field(default=False, description="Only records without a text are kept.")


class CarryDown(Part):
    """Columns that only one record of an order fills."""

    by: Texts = Field(description="The header that holds an order's records together.")
    columns: Texts = Field(description="The headers to fill from the order's first record that has them.")


class Order(Part):
    """`[source.order]`."""

    number: Number
    placed: Placed
    status: Status | None = None
    currency: Cell | None = None
    country: Cell | None = None
    carry_down: CarryDown | None = None


class Amount(Cell):
    """An amount of money, and what it is the amount of."""

    of: Literal["unit", "line", "order"] = Field(alias="is", description="What the amount is of.")
    rounded: bool = Field(default=False, description="Unit prices are rounded before they are multiplied.")


class Discount(Cell):
    """An amount that is taken off, whatever its sign."""

    per: Literal["unit", "line", "order"] = Field(default="line", description="What it is taken off.")


class Packed(Cell):
    """Lines that stand together in one cell."""

    between: str = Field(description="A pattern of what stands between lines.")
    quantity: str = Field(default="", description="A pattern whose group is the quantity; 1 where it finds nothing.")
    product: str = Field(description="A pattern whose group is the product.")
    amount: str = Field(default="", description="A pattern whose group is the line's amount; else by quantity.")


class Line(Part):
    """`[source.line]`. Without a product, a line is the order and its product `ORDER`."""

    product: Cell | None = None
    description: Cell | None = None
    quantity: Cell | None = Field(default=None, description="1 where an export has none.")
    amount: Annotated[tuple[Amount, ...], BeforeValidator(_listed)] = Field(
        description="The first of these that the export has."
    )
    discounts: Annotated[tuple[Discount, ...], BeforeValidator(_listed)] = ()
    packed: Packed | None = None
    drop_duplicates: bool = Field(default=False, description="Whether records that repeat another one are left out.")


class Consent(Cell):
    """Whether a customer accepts marketing."""

    no: Texts = Field(default=("no", "false", "0"), description="Words that mean no; blank is not known, others yes.")


class Customer(Part):
    """`[source.customer]`."""

    key: Cell | None = Field(default=None, description="Where the customer's id or address is.")
    guest: Texts = Field(default=(), description="Keys that are nobody.")
    normalise: Literal["trim", "lower_trim"] = "trim"
    pseudonymise: bool = Field(default=False, description="Whether ids leave as HMAC-SHA256, with RFM_ID_KEY.")
    missing: str | None = Field(default=None, description="Which report has it, where this one has none.")
    accepts_marketing: Consent | None = Field(default=None, description="Who opted out is left out of audiences.")


class RefundAmount(Cell):
    """What has been paid back so far."""

    per: Literal["line", "order"] = "order"


class Refund(Part):
    """`[source.refund]`: how an export says that money went back."""

    negative: bool = Field(default=False, description="Records below zero.")
    prefix: str | None = Field(default=None, description="What the numbers of cancellations start with.")
    mark: str = Field(default="C", description="What stands before the numbers of orders whose records are refunds.")
    rows: Filter | None = Field(default=None, description="Records with one of the words of `keep`.")
    amount: RefundAmount | None = Field(default=None, description="A column with the sum paid back.")
    date: Placed | None = Field(default=None, description="When; else the day of the first export that shows it.")


class Totals(Part):
    """`[source.totals]`: what the export says of itself, to check against."""

    line: Cell | None = Field(default=None, description="A line's total.")
    order: Cell | None = Field(default=None, description="An order's total.")
    less: Annotated[tuple[Cell, ...], BeforeValidator(_listed)] = Field(
        default=(), description="What is in the order's total and in no line, such as shipping."
    )


class Profile(Part):
    """How one system's exports become orders."""

    name: str = Field(default="own", pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str = Field(default="", description="The system, and which of its exports.")
    note: str = Field(default="", description="What to know about it.")
    file: File = File()
    join: tuple[Join, ...] = ()
    order: Order
    line: Line
    customer: Customer = Customer()
    refund: Refund = Refund()
    filter: tuple[Filter, ...] = ()
    totals: Totals = Totals()
    source_record: bool = Field(default=False, description="Whether daily files name each line's export and record.")
    rules: Rules | None = None

    @classmethod
    def of(cls, document: dict[str, Any]) -> Self:
        """The profile of a TOML document with `[source]` and maybe `[rules]`; the shop file is such a document.

        Raises:
            pydantic.ValidationError: when it is not a profile.
        """
        source = dict(document.get("source", {}))
        rules = document.get("rules")
        return cls.model_validate(source | ({"rules": Rules.model_validate(rules)} if rules is not None else {}))
