"""Drafts a profile for exports that no preset reads: by what headers are called, and by what all cells hold.

Each guess stands below the evidence for it. A draft in which something is missing or unresolved is never applied.
"""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from rfm_assets.config.problems import toml
from rfm_assets.errors import ExportError
from rfm_assets.exports.evidence import Evidence, Found
from rfm_assets.exports.evidence_of_discounts import Discount, discount_of
from rfm_assets.exports.evidence_of_kinds import Kinds, kinds
from rfm_assets.exports.evidence_of_money import amount_of, quantity_of
from rfm_assets.exports.found import Export
from rfm_assets.exports.header import Header, find_header, key_of, plain
from rfm_assets.exports.profile import File, Profile
from rfm_assets.exports.records import load_records
from rfm_assets.exports.unpacked import TextTable, unpack
from rfm_assets.exports.words import known

_UNRESOLVED = "UNRESOLVED: "


@dataclass
class Draft:
    """A profile as far as it could be guessed; `missing` is what RFM cannot do without and was not found."""

    name: str
    headers: Sequence[str]
    lines: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    mapping: list[tuple[str, str, str]] = field(default_factory=list)
    """Field, headers and evidence of each guess."""

    @property
    def text(self) -> str:
        """The TOML."""
        return "\n".join(self.lines) + "\n"

    @property
    def unresolved(self) -> list[str]:
        """What a person must decide. Dates are not among it: other exports may tell which comes first."""
        return [line.removeprefix(f"# {_UNRESOLVED}") for line in self.lines if line.startswith(f"# {_UNRESOLVED}")]

    @property
    def profile(self) -> Profile:
        """The profile that the TOML means."""
        return Profile.of(tomllib.loads(self.text))


def draft(connection: duckdb.DuckDBPyConnection, export: Export, scratch: Path) -> Draft:
    """Guesses a profile from an export.

    Raises:
        ExportError: when it holds no table.
    """
    table, header = _largest(export, scratch)
    names = list(dict.fromkeys(name for name in header.names if name))
    connection.execute("DROP TABLE IF EXISTS records")
    load_records(connection, table, header, {key_of(name): name for name in names}, "records")
    counted = connection.execute("SELECT count(*) FROM records").fetchone() or (0,)
    if not counted[0]:
        raise ExportError(f"{table.name} has a header and no records: export it again")
    written = _written(_Guess(Evidence(connection, names, int(counted[0]))), export.name)
    connection.execute("DROP TABLE records")
    return written


def _largest(export: Export, scratch: Path) -> tuple[TextTable, Header]:
    """The table with the most headers that are known words, and of those the largest."""
    tables: list[tuple[TextTable, Header]] = []
    for path in export.files:
        tables += [(one, find_header(one, File(), known())) for one in unpack(path, export.name, None, scratch)]
    return max(
        tables, key=lambda one: (sum(plain(name) in known() for name in one[1].names), one[0].path.stat().st_size)
    )


class _Guess:
    """What each header is taken for, in the order in which headers are given away."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.customer = evidence.first("customer")
        self.placed = evidence.date()
        self.number, self.refuted = evidence.number(self.customer)
        self.kinds: Kinds = kinds(evidence)
        self.product = evidence.first("product")
        self.quantity = quantity_of(evidence, self.product)
        number = self.number.headers[0] if self.number else None
        self.amount, self.of = amount_of(evidence, number, self.product, self.quantity)
        money = self.amount.headers[0] if self.amount else None
        self.discount = discount_of(evidence, number, self.quantity, money, self.of) if money else None
        self.description = evidence.first("description")
        self.currency, self.country = evidence.first("currency"), evidence.first("country")
        self.decimal = evidence.decimal([one for one in (money, self.quantity) if one])

    @property
    def missing(self) -> list[str]:
        """What RFM cannot do without and was not found."""
        wanted = {"the order's date": self.placed, "the customer": self.customer, "an amount of money": self.amount}
        return [what for what, header in wanted.items() if header is None]

    def mapping(self) -> Iterator[tuple[str, str, str]]:
        """Field, headers and evidence of each guess."""
        if self.number:
            yield "order", self.number.headers[0], self.number.why
        else:
            yield "order", "", "no order number: what a customer buys in a day is one order"
        if self.placed:
            yield "date", " ".join(self.placed.headers), self.placed.why
        yield "customer", self.customer or "", f"{self.evidence.distinct(self.customer or ''):,} different values"
        if self.amount:
            yield f"{self.of} amount", self.amount.headers[0], self.amount.why
        if self.discount:
            yield "discount", self.discount.header, self.discount.why
        named = {"quantity": self.quantity, "product": self.product, "status": self.kinds.status}
        named |= {"refunds": self.kinds.rows, "currency": self.currency, "country": self.country}
        yield from ((field, header, "") for field, header in named.items() if header)


def _written(found: _Guess, name: str) -> Draft:
    """All guesses, as TOML."""
    evidence = found.evidence
    written = Draft(name, evidence.headers, missing=found.missing)
    if not found.missing:
        written.mapping = list(found.mapping())
    lines = [
        f"# Drafted from {name}: {evidence.records:,} records. Check each line, then:",
        f"# rfm profile check --profile THIS-FILE {name}",
        *(f"# NOT FOUND: {what}. RFM cannot do without it." for what in found.missing),
        f"# Headers: {', '.join(evidence.headers)}",
        "",
        "[source]",
        'name = "own"',
        f"title = {toml(f'Drafted from {name}')}",
        "",
        "[source.file]",
        found.decimal,
        "",
        "[source.order]",
        *_number(found),
        *_placed(found.placed),
        *_cell("currency", found.currency),
        *_cell("country", found.country),
        *_status(found.kinds),
        "",
        "[source.line]",
        *(_cell("product", found.product) or ["# no product: each line is a whole order, and its product is ORDER"]),
        *_cell("description", found.description),
        *(_cell("quantity", found.quantity) or ["# no quantity: 1 each"]),
        *_amount(found.amount, found.of),
        *_discount(found.discount),
        "",
        "[source.customer]",
        *_customer(found),
        "",
        "[source.refund]",
        "# Records below zero become cancellation lines.",
        "negative = true",
        'mark = "REFUND-"',
        *_rows(found.kinds),
        *_flags(found.kinds),
        "",
        "[rules]",
        'invoice_pattern = "^.+$"',
        'cancellation_pattern = "^REFUND-"',
        "not_product = []",
    ]
    written.lines = [_on_one_line(line) for line in lines]
    return written


def _number(found: _Guess) -> Iterator[str]:
    yield from (f"# {why}" for why in found.refuted)
    if found.number:
        yield f"# {found.number.why}"
        yield f"number = {{ column = {toml(found.number.headers[0])} }}"
    else:
        yield "# no order number: what a customer buys in a day is one order"
        yield 'number = { by = ["customer", "day"] }' if found.customer else '# number = { column = "..." }'


def _placed(placed: Found | None) -> Iterator[str]:
    if placed is None:
        yield '# placed = { column = "..." }'
        return
    where = f"column = {toml(placed.headers[0])}"
    if len(placed.headers) > 1:
        where = f'join = {toml(placed.headers)}, separator = "-"'
    if placed.formats:
        yield f"# {placed.why}"
        yield f"placed = {{ {where}, formats = {toml(placed.formats)} }}"
    else:
        yield f"# {placed.why.removeprefix(_UNRESOLVED)}"
        yield f'placed = {{ {where} }}   # choose: formats = ["%d/%m/%Y"] or ["%m/%d/%Y"]'


def _status(found: Kinds) -> Iterator[str]:
    if found.status:
        yield f"# {found.status}: {found.why}"
        if found.unknown:
            yield (
                f"# {_UNRESOLVED}it is not known whether {', '.join(map(toml, found.unknown))} in {found.status} is a "
                "sale: put each into `sale` or `not_a_sale` of [source.order] status"
            )
        lists = f"sale = {toml(found.sale)}, not_a_sale = {toml(found.not_a_sale)}"
        yield f"status = {{ column = {toml(found.status)}, {lists} }}"


def _amount(amount: Found | None, of: str) -> Iterator[str]:
    if amount is None:
        yield '# amount = { column = "...", is = "unit" }   # or "line", "order"'
        return
    yield f"# {amount.why}"
    yield f'amount = {{ column = {toml(amount.headers[0])}, is = "{of}" }}'


def _discount(found: Discount | None) -> Iterator[str]:
    if found:
        yield f"# {found.header}: {found.why}"
        line = f"discounts = [{{ column = {toml(found.header)}, per = {toml(found.per or 'line')} }}]"
        yield line if found.per else f"# {line}"


def _customer(found: _Guess) -> Iterator[str]:
    if found.customer is None:
        yield '# key = { column = "..." }'
        return
    blank = found.evidence.records - found.evidence.filled(found.customer)
    yield f"# {found.evidence.distinct(found.customer):,} different values; blank in {blank:,} records"
    yield f"key = {{ column = {toml(found.customer)} }}"
    if "mail" in plain(found.customer):
        yield 'normalise = "lower_trim"'


def _rows(found: Kinds) -> Iterator[str]:
    if found.rows:
        yield f'rows = {{ reason = "refund", column = {toml(found.rows)}, keep = {toml(found.refunds)} }}'


def _flags(found: Kinds) -> Iterator[str]:
    for header, words in found.flags.items():
        yield from ("", "[[source.filter]]", f"reason = {toml(header.lower())}", f"column = {toml(header)}")
        yield f"drop = {toml(words)}"


def _cell(role: str, header: str | None) -> list[str]:
    return [f"{role} = {{ column = {toml(header)} }}"] if header else []


def _on_one_line(line: str) -> str:
    """A comment with blanks for line breaks, which headers and names of files may hold; other lines as they are."""
    return "".join(one if one.isprintable() else " " for one in line) if line.startswith("#") else line
