"""What is wrong with an invoice number, a product code, or a line as a whole."""

from rfm_assets.bronze.line_format import quoted_fields
from rfm_assets.contracts.bronze import SOURCE_COLUMNS
from rfm_assets.delivered import LONGEST_INVOICE, PRODUCT_CODES, SHORTEST_INVOICE
from rfm_assets.forms.kind import Kind, empty, trimmed

_LINE_WAY_OUT = "have the header name every column, and quote a text that holds a comma"


def invoice_kind(text: str | None) -> Kind:
    """The kind of a text that is not an invoice number of 6 or 7 characters."""
    number = trimmed(text)
    if not number:
        return empty("the invoice number")
    deliver = f"deliver {SHORTEST_INVOICE} or {LONGEST_INVOICE} characters"
    if len(number) < SHORTEST_INVOICE:
        return Kind("too short an invoice number", deliver)
    return Kind("too long an invoice number", deliver)


def stock_code_kind(text: str | None) -> Kind:
    """The kind of a text that is not a product code."""
    return empty("the product's code") if not trimmed(text) else Kind("not a code", "deliver the product's code")


def product_kind(text: str | None) -> Kind:
    """The kind of a code that the product rule takes for postage, a fee or a correction."""
    del text
    return Kind("not a product", f"RFM counts {PRODUCT_CODES}", is_one_form=False)


def line_kind(text: str | None) -> Kind:  # noqa: PLR0911 - a list of kinds, the most telling first
    """The kind of a raw line that did not split into the columns of its header."""
    line = text or ""
    if "\N{SYMBOL FOR NULL}" in line:
        return Kind("a NUL inside", "export the file again as text")
    if "\r" in line:
        return Kind("a carriage return inside", "end lines with a line feed, or with both")
    fields = quoted_fields(line)
    if fields is None:
        return Kind("a quote that is not closed or not doubled", "close quotes on their line, and double those inside")
    counted = "1 field" if len(fields) == 1 else f"{len(fields)} fields"
    if len(fields) < len(SOURCE_COLUMNS):
        return Kind(f"too few: {counted}", _LINE_WAY_OUT)
    if line.isascii():
        return Kind(f"{counted}, not as many as the header has", _LINE_WAY_OUT)
    if len(fields) == len(SOURCE_COLUMNS):
        return Kind("characters that are not UTF-8", "deliver the whole file as UTF-8")
    return Kind(f"{counted}, not as many as the header has, or not UTF-8", f"{_LINE_WAY_OUT}; deliver UTF-8")
