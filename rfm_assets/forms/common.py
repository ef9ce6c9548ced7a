"""The most common forms of texts that fail a rule: the SELECT that counts them, and their words in a check."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from rfm_assets.delivered import MALFORMED_LINE
from rfm_assets.forms import quoted
from rfm_assets.forms.dates import date_kind, late_kind
from rfm_assets.forms.kind import Kind, is_no_value
from rfm_assets.forms.numbers import line_amount_kind, price_kind, quantity_kind
from rfm_assets.forms.shape import shape_in_sql, shape_of
from rfm_assets.forms.texts import (
    cancelled_kind,
    currency_kind,
    customer_kind,
    invoice_kind,
    line_kind,
    nobody_kind,
    product_kind,
    repeated_kind,
    stock_code_kind,
)
from rfm_assets.literals import literal

PRODUCT_RULE = "product_rule"
CUSTOMER_RULE = "known_customer"
CANCELLATION_RULE = "cancellation_rule"

_MOST_SHAPES = 10_000


class _TextOfRule(NamedTuple):
    """The column of a rule, the function that classifies failing texts, and which texts may be quoted."""

    column: str
    kind_of: Callable[[str | None], Kind]
    may_be_quoted: Callable[[str], bool]


_OF_RULES: Mapping[str, _TextOfRule] = MappingProxyType(
    {
        "valid_invoice_no": _TextOfRule("Invoice", invoice_kind, quoted.is_invoice_number),
        "valid_stock_code": _TextOfRule("StockCode", stock_code_kind, quoted.is_product_code),
        "valid_quantity": _TextOfRule("Quantity", quantity_kind, quoted.is_amount),
        "valid_unit_price": _TextOfRule("Price", price_kind, quoted.is_amount),
        "valid_line_amount": _TextOfRule("LineAmount", line_amount_kind, quoted.is_amount),
        "valid_invoice_date": _TextOfRule("InvoiceDate", date_kind, quoted.is_date),
        "not_after_its_file": _TextOfRule("InvoiceDate", late_kind, quoted.is_date),
        "valid_customer_id": _TextOfRule("CustomerID", customer_kind, quoted.is_never_quoted),
        PRODUCT_RULE: _TextOfRule("StockCode", product_kind, quoted.is_product_code),
        CUSTOMER_RULE: _TextOfRule("CustomerID", nobody_kind, is_no_value),
        CANCELLATION_RULE: _TextOfRule("Invoice", cancelled_kind, quoted.is_invoice_number),
        "valid_currency": _TextOfRule("Currency", currency_kind, quoted.is_product_code),
        "not_delivered_before": _TextOfRule("source_file", repeated_kind, quoted.is_never_quoted),
        MALFORMED_LINE: _TextOfRule("_rescued_data", line_kind, quoted.is_never_quoted),
    }
)
_RULES_ON_DATES = ", ".join(literal(rule) for rule, (column, *_) in _OF_RULES.items() if column == "InvoiceDate")


class Form(NamedTuple):
    """A form of texts that fail a rule: an example, its kind, and how many of the rule's failing lines have it."""

    rule: str
    example: str
    kind: Kind
    lines: int
    of: int
    at_least: bool = False
    """Whether there were too many shapes to count them all."""

    def description(self) -> str:
        """The form and the way out, such as `"$36.93": a currency sign; deliver plain numbers such as 36.93`."""
        return f"{self.example}: {self.kind.name}; {self.kind.way_out}"

    def description_with_share(self) -> str:
        """The description with the share of lines, unless all have the form."""
        return self.description() if self.lines == self.of else f"({self._share()}) {self.description()}"

    def _share(self) -> str:
        return f"{'at least ' if self.at_least else ''}{self.lines:,} of {self.of:,}"

    def description_with_rule(self) -> str:
        """The description with the rule and the share of lines."""
        return f"{self.rule}: {self._share()} {_OF_RULES[self.rule].column} look like {self.description()}"


def column_of(rule: str) -> str:
    """The bronze column that a rule tests."""
    return _OF_RULES[rule].column


def select_forms(failing: Mapping[str, str]) -> str:
    """The SELECT of rule, example, lines, and all failing lines of the rule, the most common shapes first.

    `failing` maps each rule to a SELECT of one column `text`: the delivered texts that failed it.
    """
    texts = " UNION ALL ".join(
        f"SELECT {literal(rule)} AS rule, text FROM ({found})" for rule, found in failing.items()
    )
    # Dates of one shape can be wrong for different reasons: 2026-02-30, 0001-01-01.
    is_day = f"rule IN ({_RULES_ON_DATES}) AND regexp_matches(text, '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}')"
    shape = f"CASE WHEN {is_day} THEN substr(text, 1, 10) ELSE {shape_in_sql('text')} END"
    return f"""
        SELECT rule, example, lines, sum(lines) OVER (PARTITION BY rule) AS of_rule
        FROM (
            SELECT rule, min(text) AS example, count(*) AS lines
            FROM (SELECT rule, text, {shape} AS shape FROM ({texts}) AS failing) AS shaped
            GROUP BY rule, shape
        ) AS counted
        ORDER BY lines DESC, rule, example LIMIT {_MOST_SHAPES}"""


def commonest(shapes: Iterable[tuple[str, str | None, int, int]]) -> Sequence[Form]:
    """The forms in the rows of `select_forms`, the most common first; texts of one kind, or one shape, are one form."""
    forms: dict[tuple[str, str, str], Form] = {}
    looked_at: defaultdict[str, int] = defaultdict(int)
    for rule, text, lines, of_rule in shapes:
        _, kind_of, may_be_quoted = _OF_RULES[rule]
        kind = kind_of(text)
        alike = (rule, kind.name, "" if kind.is_one_form else shape_of(text or ""))
        form = forms.get(alike, Form(rule, quoted.shown(text, may_be_quoted), kind, 0, int(of_rule)))
        forms[alike] = form._replace(lines=form.lines + lines)
        looked_at[rule] += lines
    found = [form._replace(at_least=looked_at[form.rule] < form.of) for form in forms.values()]
    return sorted(found, key=lambda form: -form.lines)  # a stable sort keeps ties in order
