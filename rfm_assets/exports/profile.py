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

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field

from rfm_assets.config.shop_file import Rules
from rfm_assets.exports.profile_cells import (
    Amount,
    Cell,
    Consent,
    Discount,
    Filter,
    Number,
    Packed,
    Part,
    Placed,
    RefundAmount,
    Status,
    Texts,
    listed,
)


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


class Line(Part):
    """`[source.line]`. Without a product, a line is a whole order with the product `ORDER`."""

    product: Cell | None = None
    description: Cell | None = None
    quantity: Cell | None = Field(default=None, description="1 by default.")
    amount: Annotated[tuple[Amount, ...], BeforeValidator(listed)] = Field(description="The first that the export has.")
    discounts: Annotated[tuple[Discount, ...], BeforeValidator(listed)] = ()
    packed: Packed | None = None
    drop_duplicates: bool = Field(default=False, description="Whether to leave out records that repeat another.")


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
    less: Annotated[tuple[Cell, ...], BeforeValidator(listed)] = Field(
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
