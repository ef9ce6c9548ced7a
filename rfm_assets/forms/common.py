"""The commonest forms of the texts that fail a rule: the SELECT that counts them, and how a check says them."""

import string
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from rfm_assets.forms.dates import date_kind, late_kind
from rfm_assets.forms.kind import Kind
from rfm_assets.forms.numbers import price_kind, quantity_kind
from rfm_assets.forms.texts import invoice_kind, line_kind, product_kind, stock_code_kind
from rfm_assets.warehouse.query import literal

PRODUCT_RULE, MALFORMED = "product_rule", "malformed_line"

_LETTERS, _DIGITS = string.ascii_letters, string.digits
_SHAPE = str.maketrans(_DIGITS + _LETTERS, "9" * len(_DIGITS) + "A" * len(_LETTERS))
_MOST_SHAPES = 10_000
_LONGEST_EXAMPLE = 40


class _Looked(NamedTuple):
    """Which column a rule looks at, and what names the kind of a text in it that fails."""

    column: str
    kind: Callable[[str | None], Kind]


_OF_RULES: Mapping[str, _Looked] = MappingProxyType(
    {
        "valid_invoice_no": _Looked("Invoice", invoice_kind),
        "valid_stock_code": _Looked("StockCode", stock_code_kind),
        "valid_quantity": _Looked("Quantity", quantity_kind),
        "valid_unit_price": _Looked("Price", price_kind),
        "valid_invoice_date": _Looked("InvoiceDate", date_kind),
        "not_after_its_file": _Looked("InvoiceDate", late_kind),
        PRODUCT_RULE: _Looked("StockCode", product_kind),
        MALFORMED: _Looked("_rescued_data", line_kind),
    }
)


class Form(NamedTuple):
    """A form that texts have which fail a rule: one of them, its kind, and how many of the rule's lines have it."""

    rule: str
    example: str
    kind: Kind
    lines: int
    of: int
    at_least: bool = False
    """Whether there were too many shapes to look at them all."""

    def said(self) -> str:
        """The form in one breath, such as `"$36.93": a currency sign; deliver plain numbers such as 36.93`."""
        return f"{self.example}: {self.kind.name}; {self.kind.way_out}"

    def of_some(self) -> str:
        """The same, with how many have it unless all do."""
        return self.said() if self.lines == self.of else f"({self._counted()}) {self.said()}"

    def _counted(self) -> str:
        return f"{'at least ' if self.at_least else ''}{self.lines:,} of {self.of:,}"

    def in_full(self) -> str:
        """With its rule and how common it is."""
        looks = f"{self._counted()} {_OF_RULES[self.rule].column} look like {self.example}"
        return f"{self.rule}: {looks}: {self.kind.name}; {self.kind.way_out}"


def column_of(rule: str) -> str:
    """The bronze column that a rule looks at."""
    return _OF_RULES[rule].column


def select_forms(failing: Mapping[str, str]) -> str:
    """The SELECT of rule, example, number of lines and number of all lines of the rule, the commonest shapes first.

    `failing` has for each rule a SELECT of one column `text`: what failed it, as delivered. Digits are alike in a
    shape, and so are letters.
    """
    texts = " UNION ALL ".join(
        f"SELECT {literal(rule)} AS rule, text FROM ({found})" for rule, found in failing.items()
    )
    shape = f"translate(text, {literal(_DIGITS + _LETTERS)}, {literal('9' * len(_DIGITS) + 'A' * len(_LETTERS))})"
    return f"""
        SELECT rule, example, lines, sum(lines) OVER (PARTITION BY rule) AS of_rule
        FROM (
            SELECT rule, min(text) AS example, count(*) AS lines
            FROM (SELECT rule, text, {shape} AS shape FROM ({texts}) AS failing) AS shaped
            GROUP BY rule, shape
        ) AS counted
        ORDER BY lines DESC, rule, example LIMIT {_MOST_SHAPES}"""


def commonest(shapes: Iterable[tuple[str, str | None, int, int]]) -> Sequence[Form]:
    """The forms of what `select_forms` found, the commonest first; shapes of one telling kind are one form."""
    forms: dict[tuple[str, str, str], Form] = {}
    looked_at: defaultdict[str, int] = defaultdict(int)
    for rule, text, lines, of_rule in shapes:
        kind = _OF_RULES[rule].kind(text)
        alike = (rule, kind.name, "" if kind.telling else (text or "").translate(_SHAPE))
        form = forms.get(alike, Form(rule, _shown(rule, text), kind, 0, int(of_rule)))
        forms[alike] = form._replace(lines=form.lines + lines)
        looked_at[rule] += lines
    found = [form._replace(at_least=looked_at[form.rule] < form.of) for form in forms.values()]
    return sorted(found, key=lambda form: -form.lines)  # of equally many, the first found stays first


def _shown(rule: str, text: str | None) -> str:
    """A text as a message quotes it: a raw line by its shape only, since it may name a customer."""
    if text is None or not text.strip():
        return "nothing"
    said = text.translate(_SHAPE) if rule == MALFORMED else text
    printable = "".join(character if character.isprintable() else "�" for character in said)
    return f'"{printable[:_LONGEST_EXAMPLE]}…"' if len(printable) > _LONGEST_EXAMPLE else f'"{printable}"'
