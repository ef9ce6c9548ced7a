"""Writes a guessed profile as TOML: each line below its evidence, open decisions marked as unresolved."""

from collections.abc import Iterator

from rfm_assets.config.problems import toml
from rfm_assets.exports.evidence import Found
from rfm_assets.exports.evidence_of_discounts import Discount
from rfm_assets.exports.evidence_of_kinds import Kinds
from rfm_assets.exports.guess import Guess
from rfm_assets.exports.header import plain

UNRESOLVED = "UNRESOLVED: "


def toml_of(found: Guess, name: str) -> list[str]:
    """The lines of a profile drafted from the export with this name."""
    return [_on_one_line(line) for line in _lines(found, name)]


def _lines(found: Guess, name: str) -> list[str]:
    evidence = found.evidence
    return [
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


def _number(found: Guess) -> Iterator[str]:
    yield from (f"# {why}" for why in found.refuted)
    if found.number:
        yield f"# {found.number.why}"
        yield f"number = {{ column = {toml(found.number.headers[0])} }}"
    else:
        yield "# no order number: a customer's purchases of a day are one order"
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
        yield f"# {placed.why.removeprefix(UNRESOLVED)}"
        yield f'placed = {{ {where} }}   # choose: formats = ["%d/%m/%Y"] or ["%m/%d/%Y"]'


def _status(found: Kinds) -> Iterator[str]:
    if found.status:
        yield f"# {found.status}: {found.why}"
        if found.unknown:
            yield (
                f"# {UNRESOLVED}unknown whether {', '.join(map(toml, found.unknown))} in {found.status} is a "
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


def _customer(found: Guess) -> Iterator[str]:
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
    """A comment with its line breaks, from headers or file names, turned into blanks; other lines unchanged."""
    return "".join(one if one.isprintable() else " " for one in line) if line.startswith("#") else line
