"""The source profile: where an export has the fields of an order, and what counts as a sale.

A profile is TOML, in its own file or in the shop file; every table below `[source]` is a class here.

    [source]            name, title, note (shown by `rfm profile list`)
    [source.file]       delimiter, encoding, skip_rows, header, has, decimalChar, groupChar, missingValues
    [[source.join]]     has, on                     further files, such as olist's orders beside its items
    [source.order]      number, placed, status, currency, country, carry_down
    [source.line]       product, description, quantity, amount, discounts, packed, drop_duplicates
    [source.customer]   key, guest, normalise, pseudonymise, missing, accepts_marketing
    [source.refund]     negative, prefix, mark, rows, amount, date
    [[source.filter]]   reason, column, keep | drop | pattern | blank
    [source.totals]     line, order, less
    [rules]             what a sale of this system is, for silver and RFM; the shop file takes precedence

A *cell* says where a text is: `{ column = ["Name", "Order number"] }` takes the first of these headers that the export
has; with `first_filled = true`, the first one filled in the record; `{ join = ["Item", "Size"] }` joins several;
`{ value = "1" }` is a constant. Headers match exactly, after trimming and casefolding.
"""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from rfm_assets.config.shop_file import Rules


def _listed(value: object) -> object:
    """Accepts a single text or table in place of a list."""
    return [value] if isinstance(value, (str, dict)) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]


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


class File(Part):
    """`[source.file]`: how a file's text becomes records."""

    delimiter: str | None = Field(default=None, description="Detected from the header by default.")
    encoding: str | None = Field(default=None, description="Detected from the whole file by default.")
    skip_rows: int | None = Field(default=None, ge=0, description="Rows above the header; detected by default.")
    header: Texts = Field(default=(), description="The headers of files without a header line.")
    has: Texts = Field(default=(), description="Headers that identify this file among joined ones.")
    loose_headers: bool = Field(
        default=False, description="Match headers without case, accents, blanks, signs, and a unit in brackets."
    )
    decimal_char: Literal[".", ","] | None = Field(
        default=None, alias="decimalChar", description="Detected from all numbers of an export by default."
    )
    group_char: str | None = Field(default=None, alias="groupChar", description="Between thousands.")
    missing_values: Texts = Field(
        default=(), alias="missingValues", description="Texts that stand for a missing value."
    )


class Join(Part):
    """`[[source.join]]`: another file of the same export, and the shared header."""

    has: Texts = Field(description="Headers that identify the file.")
    on: str = Field(description="The shared header; of several records with one value, the last counts.")


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


class CarryDown(Part):
    """Columns that only one record of each order fills."""

    by: Texts = Field(description="The header that an order's records share.")
    columns: Texts = Field(description="The headers to fill from the first record of the order that has them.")


class Order(Part):
    """`[source.order]`."""

    number: Number
    placed: Placed
    status: Status | None = None
    currency: Cell | None = None
    country: Cell | None = None
    carry_down: CarryDown | None = None


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


class Line(Part):
    """`[source.line]`. Without a product, a line is a whole order with the product `ORDER`."""

    product: Cell | None = None
    description: Cell | None = None
    quantity: Cell | None = Field(default=None, description="1 by default.")
    amount: Annotated[tuple[Amount, ...], BeforeValidator(_listed)] = Field(
        description="The first that the export has."
    )
    discounts: Annotated[tuple[Discount, ...], BeforeValidator(_listed)] = ()
    packed: Packed | None = None
    drop_duplicates: bool = Field(default=False, description="Whether to leave out records that repeat another.")


class Consent(Cell):
    """Whether a customer accepts marketing."""

    no: Texts = Field(default=("no", "false", "0"), description="Words for no; blank means unknown, anything else yes.")


class Customer(Part):
    """`[source.customer]`."""

    key: Cell | None = Field(default=None, description="The customer's id or e-mail address.")
    guest: Texts = Field(default=(), description="Keys that name nobody.")
    normalise: Literal["trim", "lower_trim"] = "trim"
    pseudonymise: bool = Field(default=False, description="Whether to replace ids by HMAC-SHA256, with RFM_ID_KEY.")
    missing: str | None = Field(default=None, description="Which report has the customer, if this one does not.")
    accepts_marketing: Consent | None = Field(
        default=None, description="Customers who opted out are left out of audiences."
    )


class RefundAmount(Cell):
    """The sum refunded so far."""

    per: Literal["line", "order"] = "order"


class Refund(Part):
    """`[source.refund]`: how an export shows refunds."""

    negative: bool = Field(default=False, description="Records with negative amounts.")
    prefix: str | None = Field(default=None, description="The prefix of cancellation numbers.")
    mark: str = Field(default="C", description="The prefix to give to numbers of refunds.")
    rows: Filter | None = Field(default=None, description="Records with one of the words of `keep`.")
    amount: RefundAmount | None = Field(default=None, description="A column with the sum refunded.")
    date: Placed | None = Field(
        default=None, description="The refund's date; default: the day of the first export that shows it."
    )


class Totals(Part):
    """`[source.totals]`: totals stated by the export, to check against."""

    line: Cell | None = Field(default=None, description="A line's total.")
    order: Cell | None = Field(default=None, description="An order's total.")
    less: Annotated[tuple[Cell, ...], BeforeValidator(_listed)] = Field(
        default=(), description="Parts of the order's total that are in no line, such as shipping."
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
        """The profile in a TOML document with `[source]` and optionally `[rules]`, such as the shop file.

        Raises:
            pydantic.ValidationError: when it is not a profile.
        """
        source = dict(document.get("source", {}))
        rules = document.get("rules")
        return cls.model_validate(source | ({"rules": Rules.model_validate(rules)} if rules is not None else {}))
