"""Classifies wrong invoice numbers, product codes and whole lines."""

import re

from rfm_assets.config import in_force
from rfm_assets.config.problems import toml
from rfm_assets.config.shop_file import Rules
from rfm_assets.config.words import invoice_numbers, lengths, line_for, product_codes
from rfm_assets.contracts.bronze import SOURCE_COLUMNS
from rfm_assets.contracts.line_format import quoted_fields
from rfm_assets.forms.kind import Kind, empty, trimmed

_LINE_WAY_OUT = "name every column in the header, and quote texts that contain a comma"


def invoice_kind(text: str | None, rules: Rules | None = None) -> Kind:
    """The kind of a text that is not an invoice number by these rules, by default those in force."""
    number, rules = trimmed(text), rules or in_force.rules()
    if not number:
        return empty("the invoice number")
    pattern = rules.invoice_pattern
    way_out = f"deliver {invoice_numbers(rules)}, or {_in_shop_file('invoice_pattern', pattern, number)}"
    if (few_and_many := lengths(pattern)) is None:
        return Kind("not an invoice number", way_out, is_one_form=False)
    return Kind(f"too {'short' if len(number) < few_and_many[0] else 'long'} an invoice number", way_out)


def cancelled_kind(text: str | None, rules: Rules | None = None) -> Kind:
    """The kind of an invoice number that is taken for a cancellation."""
    del text
    pattern = (rules or in_force.rules()).cancellation_pattern
    return Kind("a cancellation", f"if it is a sale, change cancellation_pattern = {toml(pattern)}", is_one_form=False)


def nobody_kind(text: str | None) -> Kind:
    """The kind of a text that names no customer."""
    if not trimmed(text):
        return empty("the customer's id: RFM needs one")
    return Kind("a word for no value", "deliver the customer's id: RFM needs one", is_one_form=False)


def customer_kind(text: str | None) -> Kind:
    """The kind of an id that a spreadsheet has damaged."""
    if re.search("[eE][+]", trimmed(text)):
        return Kind("an id in scientific notation", "export ids as text: a spreadsheet has dropped digits")
    return Kind("thousands separators in an id", "export ids as text, without separators")


def currency_kind(text: str | None) -> Kind:
    """The kind of a foreign currency."""
    del text
    own = in_force.shop().currency
    return Kind("another currency", f"deliver amounts in {own}, or change [shop] currency", is_one_form=False)


def repeated_kind(text: str | None) -> Kind:
    """The kind of a file whose lines are all in another file."""
    del text
    return Kind("a file within another one", "no_file_is_within_another names both; deliver a sale once")


def stock_code_kind(text: str | None) -> Kind:
    """The kind of a text that is not a product code."""
    return empty("the product's code") if not trimmed(text) else Kind("not a code", "deliver the product's code")


def product_kind(text: str | None, rules: Rules | None = None) -> Kind:
    """The kind of a code that the product rule takes for postage, a fee or a correction."""
    rules = rules or in_force.rules()
    counts = f"RFM counts {product_codes(rules)}"
    if rules.not_product is not None:
        return Kind("not a product", f"{counts}; if it is one, change not_product", is_one_form=False)
    line = _in_shop_file("product_pattern", rules.product_pattern, trimmed(text))
    return Kind("not a product", f"{counts}; if it is one, {line}", is_one_form=False)


def line_kind(text: str | None) -> Kind:  # noqa: PLR0911 - a list of kinds, the most specific first
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


def _in_shop_file(key: str, pattern: str, text: str) -> str:
    """What to set in the shop file to accept texts like this one."""
    return f"set {line_for(key, pattern, text)} in [rules] of rfm.toml"
