"""Drafts a profile for exports that no preset reads: by what headers are called, and by what all cells hold.

A draft is never applied by itself: each guess stands below the evidence for it, and what was not found is said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from rfm_assets.errors import ExportError
from rfm_assets.exports.evidence import Evidence
from rfm_assets.exports.found import Export
from rfm_assets.exports.header import Header, find_header, key_of
from rfm_assets.exports.profile import File
from rfm_assets.exports.records import load_records
from rfm_assets.exports.statements import quoted
from rfm_assets.exports.unpacked import TextTable, unpack
from rfm_assets.exports.words import NAMES, NOT_A_SALE, SALE, plain

_MOST, _MOST_WORDS = 0.9, 20
_KNOWN = {word for names in NAMES.values() for word in names.split()}


@dataclass
class Draft:
    """A profile as far as it could be guessed; `missing` is what RFM cannot do without and was not found."""

    name: str
    headers: Sequence[str]
    lines: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The TOML."""
        return "\n".join(self.lines) + "\n"


def draft(connection: duckdb.DuckDBPyConnection, export: Export, scratch: Path) -> Draft:
    """Guesses a profile from an export.

    Raises:
        ExportError: when it holds no table.
    """
    table, header = _largest(export, scratch)
    names = list(dict.fromkeys(header.names))
    load_records(connection, table, header, {key_of(name): name for name in names}, "records")
    counted = connection.execute("SELECT count(*) FROM records").fetchone() or (0,)
    if not counted[0]:
        raise ExportError(f"{table.name} has a header and no records: export it again")
    return _written(Evidence(connection, names, int(counted[0])), export.name)


def _largest(export: Export, scratch: Path) -> tuple[TextTable, Header]:
    """The table with the most headers that are known words, and of those the largest."""
    tables: list[tuple[TextTable, Header]] = []
    for path in export.files:
        tables += [(one, find_header(one, File(), set())) for one in unpack(path, export.name, None, scratch)]
    return max(
        tables, key=lambda one: (sum(plain(name) in _KNOWN for name in one[1].names), one[0].path.stat().st_size)
    )


def _written(evidence: Evidence, name: str) -> Draft:
    """All guesses, as TOML."""
    found = Draft(name, evidence.headers)
    customer = evidence.first("customer")
    placed, formats, shares = evidence.date()
    number = evidence.first("number", needs_several=True)
    product = evidence.first("product")
    quantity = next((one for one in evidence.free("quantity") if evidence.share_of_numbers(one) >= _MOST), None)
    quantity = quantity or evidence.quantity_by_its_numbers(product)
    evidence.use(quantity)
    amount, of, why = evidence.amount(number, product, quantity)
    description = next(iter(evidence.free("description")), None)
    currency, country = evidence.first("currency"), evidence.first("country")
    decimal = evidence.decimal([one for one in (amount, quantity) if one])
    wanted = {"the order's date": placed, "the customer": customer, "an amount of money": amount}
    found.missing = [what for what, header in wanted.items() if header is None]
    found.lines = [
        f"# Drafted from {name}: {evidence.records:,} records. Check each line, then:",
        f"# rfm profile check --profile THIS-FILE {name}",
        *(f"# NOT FOUND: {what}. RFM cannot do without." for what in found.missing),
        f"# Headers: {', '.join(evidence.headers)}",
        "",
        "[source]",
        'name = "own"',
        f"title = {_text(f'Drafted from {name}')}",
        "",
        "[source.file]",
        decimal,
        "",
        "[source.order]",
        *_number(evidence, number, customer),
        *_placed(placed, formats, shares),
        *_cell("currency", currency),
        *_cell("country", country),
        *_status(evidence),
        "",
        "[source.line]",
        *(_cell("product", product) or ["# no product: a line is the order, its product ORDER"]),
        *_cell("description", description),
        *(_cell("quantity", quantity) or ["# no quantity: 1 each"]),
        *(
            [f"# {why}", f'amount = {{ column = {_text(amount)}, is = "{of}" }}']
            if amount
            else ['# amount = { column = "...", is = "unit" }   # or "line", "order"']
        ),
        "",
        "[source.customer]",
        *(_customer(evidence, customer) if customer else ['# key = { column = "..." }']),
        "",
        "[source.refund]",
        "# Records below zero become cancellation lines.",
        "negative = true",
        'mark = "REFUND-"',
        "",
        "[rules]",
        'invoice_pattern = "^.+$"',
        'cancellation_pattern = "^REFUND-"',
        "not_product = []",
    ]
    return found


def _number(evidence: Evidence, number: str | None, customer: str | None) -> Iterator[str]:
    if number:
        yield f"# {evidence.distinct(number):,} different texts in {evidence.records:,} records"
        yield f"number = {{ column = {_text(number)} }}"
    else:
        yield "# no order number: what a customer buys in a day is an order"
        yield 'number = { by = ["customer", "day"] }' if customer else '# number = { column = "..." }'


def _placed(placed: str | None, formats: tuple[str, ...], shares: str) -> Iterator[str]:
    if placed is None:
        yield '# placed = { column = "..." }'
        return
    yield f"# {shares}"
    if formats:
        yield f"placed = {{ column = {_text(placed)}, formats = [{', '.join(map(_text, formats))}] }}"
    else:
        yield f'placed = {{ column = {_text(placed)} }}   # choose: formats = ["%d/%m/%Y"] or ["%m/%d/%Y"]'


def _status(evidence: Evidence) -> Iterator[str]:
    for header in evidence.free("status")[:1]:
        column = quoted(key_of(header))
        words = evidence.connection.execute(
            f"SELECT coalesce({column}, ''), count(*) FROM records GROUP BY ALL ORDER BY 2 DESC LIMIT 21"
        ).fetchall()
        if len(words) <= _MOST_WORDS:
            yield f"# {header}: {', '.join(f'{word} ({count:,})' for word, count in words)}"
            lists = {"sale": SALE, "not_a_sale": NOT_A_SALE}
            named = {key: [word for word, _ in words if str(word).lower() in known] for key, known in lists.items()}
            unknown = [str(word) for word, _ in words if not any(word in known for known in named.values())]
            if unknown:
                yield f"# UNRESOLVED: put {', '.join(map(_text, unknown))} into one of the two lists"
            listed = ", ".join(f"{key} = [{', '.join(map(_text, known))}]" for key, known in named.items())
            yield f"status = {{ column = {_text(header)}, {listed} }}"


def _customer(evidence: Evidence, customer: str) -> Iterator[str]:
    blank = evidence.records - evidence.filled(customer)
    yield f"# {evidence.distinct(customer):,} different texts; blank in {blank:,} records"
    yield f"key = {{ column = {_text(customer)} }}"
    if "mail" in plain(customer):
        yield 'normalise = "lower_trim"'


def _cell(role: str, header: str | None) -> list[str]:
    return [f"{role} = {{ column = {_text(header)} }}"] if header else []


def _text(value: str) -> str:
    """A text as TOML writes it."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
