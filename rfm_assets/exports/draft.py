"""Drafts a profile for exports that no preset reads: by what headers are called, and by what all cells hold.

A draft is never applied by itself: each guess stands below the evidence for it, and what was not found is said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from rfm_assets.errors import ExportError
from rfm_assets.exports import dates
from rfm_assets.exports.found import Export
from rfm_assets.exports.header import Header, find_header, key_of
from rfm_assets.exports.numbers import define_read_number, number_form
from rfm_assets.exports.profile import File
from rfm_assets.exports.records import load_records
from rfm_assets.exports.statements import quoted, statement
from rfm_assets.exports.unpacked import TextTable, unpack
from rfm_assets.exports.words import NAMES, NOT_A_SALE, SALE, named, plain

_MOST, _ENOUGH = 0.9, 20
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
    return _Guess(connection, names, int(counted[0])).draft(export.name)


def _largest(export: Export, scratch: Path) -> tuple[TextTable, Header]:
    """The table with the most headers that are known words, and of those the largest."""
    tables: list[tuple[TextTable, Header]] = []
    for path in export.files:
        tables += [(one, find_header(one, File(), set())) for one in unpack(path, export.name, None, scratch)]
    return max(
        tables, key=lambda one: (sum(plain(name) in _KNOWN for name in one[1].names), one[0].path.stat().st_size)
    )


class _Guess:
    """Guesses, over the table `records`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, headers: list[str], records: int) -> None:
        self.connection, self.headers, self.records = connection, headers, records
        self.used: set[str] = set()

    def draft(self, name: str) -> Draft:
        """All guesses, as TOML."""
        found = Draft(name, self.headers)
        customer = self._first("customer")
        placed, formats, evidence = self._date()
        number = self._first("number", needs_several=True)
        product = self._first("product")
        quantity = next((one for one in self._free("quantity") if self._share_of_numbers(one) >= _MOST), None)
        quantity = quantity or self._quantity_by_its_numbers(product)
        self._use(quantity)
        amount, of, why = self._amount(number, product, quantity)
        description = next(iter(self._free("description")), None)
        currency, country = self._first("currency"), self._first("country")
        decimal = self._decimal([one for one in (amount, quantity) if one])
        wanted = {"the order's date": placed, "the customer": customer, "an amount of money": amount}
        found.missing = [what for what, header in wanted.items() if header is None]
        found.lines = [
            f"# Drafted from {name}: {self.records:,} records. Check each line, then:",
            f"# rfm profile check --profile THIS-FILE {name}",
            *(f"# NOT FOUND: {what}. RFM cannot do without." for what in found.missing),
            f"# Headers: {', '.join(self.headers)}",
            "",
            "[source]",
            'name = "own"',
            f"title = {_text(f'Drafted from {name}')}",
            "",
            "[source.file]",
            decimal,
            "",
            "[source.order]",
            *self._number(number, customer),
            *self._placed(placed, formats, evidence),
            *_cell("currency", currency),
            *_cell("country", country),
            *self._status(),
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
            *(self._customer(customer) if customer else ['# key = { column = "..." }']),
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

    def _free(self, role: str) -> list[str]:
        return [one for one in named(self.headers, role) if one not in self.used and self._filled(one)]

    def _first(self, role: str, *, needs_several: bool = False) -> str | None:
        for header in self._free(role):
            if not needs_several or self._distinct(header) > 1:
                self._use(header)
                return header
        return None

    def _use(self, header: str | None) -> None:
        if header:
            self.used.add(header)

    def _ask(self, select: str) -> tuple[object, ...]:
        return self.connection.execute(f"SELECT {select} FROM records WHERE malformed IS NULL").fetchone() or (0,)

    def _filled(self, header: str) -> int:
        return int(str(self._ask(f"count({quoted(key_of(header))})")[0]))

    def _distinct(self, header: str) -> int:
        return int(str(self._ask(f"count(DISTINCT {quoted(key_of(header))})")[0]))

    def _share_of_numbers(self, header: str) -> float:
        column = quoted(key_of(header))
        looks = f"regexp_full_match({column}, '[^0-9]{{0,4}}[0-9][0-9.,'' ]*([eE][+-]?[0-9]+)?[^0-9]{{0,4}}')"
        (share,) = self._ask(f"coalesce(count(*) FILTER ({looks}) / nullif(count({column}), 0), 0)")
        return float(str(share))

    def _date(self) -> tuple[str | None, tuple[str, ...], str]:
        """The header of the date, its formats, and the evidence; by its name, else the only column of dates."""
        by_name = self._free("placed")
        others = [
            one for one in self.headers if one not in by_name and one not in self.used and self._looks_like_dates(one)
        ]
        for header in (*by_name, *(others if len(others) == 1 else [])):
            self.connection.execute(
                "CREATE OR REPLACE TABLE mapped AS SELECT record, malformed AS left_out, "
                f"{quoted(key_of(header))} AS placed FROM records"
            )
            dates.make_moments(self.connection, "placed")
            found = dates.survey(self.connection, dates.KNOWN)
            if not found.records or max(found.fits.values(), default=0) < _MOST * found.records / 2:
                continue
            self._use(header)
            shares = ", ".join(
                f"{100 * count / found.records:.4g} % of cells parse as {name}"
                for name, count in found.fits.items()
                if name != "%Y-%d-%m"
            )
            try:
                return header, dates.decide(found), shares
            except ValueError as error:
                return header, (), f"UNRESOLVED: {error}"
        return None, (), ""

    def _looks_like_dates(self, header: str) -> bool:
        column = quoted(key_of(header))
        looks = f"regexp_matches({column}, '^[0-9]{{1,4}}[-/.][0-9]{{1,2}}[-/.][0-9]{{1,4}}')"
        filled = self._filled(header)
        (count,) = self._ask(f"count(*) FILTER ({looks})")
        return filled > 0 and int(str(count)) >= _MOST * filled

    def _amount(self, number: str | None, product: str | None, quantity: str | None) -> tuple[str | None, str, str]:
        """The header of the amount, what it is of, and why."""
        found = {
            of: next((one for one in self._free(of) if self._share_of_numbers(one) >= _MOST), None)
            for of in ("line", "unit", "order")
        }
        header = next((one for one in found.values() if one), None)
        if header is None:
            return None, "", ""
        self._use(header)
        of = next(of for of, one in found.items() if one == header)
        self._map({"number": number, "product": product, "quantity": quantity, "amount": header})
        alike, orders = self._figures("orders_of_one_amount")
        as_unit, as_line = self._figures("prices_by_quantity")
        if orders >= _ENOUGH and alike >= _MOST * orders:
            return header, "order", f"one amount on all lines of {alike:,} of {orders:,} orders with several lines"
        if as_unit + as_line >= _ENOUGH and as_unit >= _MOST * (as_unit + as_line):
            return header, "unit", f"the same at every quantity for {as_unit:,} of {as_unit + as_line:,} products"
        if as_unit + as_line >= _ENOUGH and as_line >= _MOST * (as_unit + as_line):
            return header, "line", f"in proportion to the quantity for {as_line:,} of {as_unit + as_line:,} products"
        return header, of, f"by its name alone: {header} may be the amount of a unit, a line or an order"

    def _quantity_by_its_numbers(self, product: str | None) -> str | None:
        """A column called an amount that counts units: of whole numbers, to which another amount is in proportion."""
        money = next((one for one in self._free("unit") if self._share_of_numbers(one) >= _MOST), None)
        for header in self._free("line"):
            column = quoted(key_of(header))
            (whole,) = self._ask(f"coalesce(bool_and(regexp_full_match({column}, '[0-9]{{1,4}}')), false)")
            if money and product and whole:
                self._map({"product": product, "quantity": header, "amount": money})
                as_unit, as_line = self._figures("prices_by_quantity")
                if max(as_unit, as_line) >= _MOST * max(as_unit + as_line, _ENOUGH):
                    return header
        return None

    def _map(self, roles: dict[str, str | None]) -> None:
        """Makes the table `mapped` of some headers, for the statements that compare numbers."""
        columns = ", ".join(
            f"{quoted(key_of(one)) if one else 'NULL::VARCHAR'} AS {role}" for role, one in roles.items()
        )
        self.connection.execute(
            f"CREATE OR REPLACE TABLE mapped AS SELECT malformed AS left_out, {columns} FROM records"
        )
        self._decimal([one for role, one in roles.items() if one and role == "amount"])

    def _figures(self, name: str) -> tuple[int, int]:
        first, second = self.connection.execute(statement(name)).fetchone() or (0, 0)
        return int(first or 0), int(second or 0)

    def _decimal(self, headers: list[str]) -> str:
        """The line of TOML that says how numbers are written; defines `read_number`, too."""
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE numbers AS SELECT "
            + (", ".join(f"{quoted(key_of(one))} AS n{place}" for place, one in enumerate(headers)) or "1 AS nothing")
            + " FROM records"
        )
        columns = [f"n{place}" for place in range(len(headers))]
        try:
            decimal, group = number_form(self.connection, File(), columns, table="numbers")
        except ValueError as error:
            define_read_number(self.connection, ".", None)
            return f"# UNRESOLVED: {error}"
        define_read_number(self.connection, decimal, group)
        return f'decimalChar = "{decimal}"' + (f'\ngroupChar = "{group}"' if group else "")

    def _number(self, number: str | None, customer: str | None) -> Iterator[str]:
        if number:
            yield f"# {self._distinct(number):,} different texts in {self.records:,} records"
            yield f"number = {{ column = {_text(number)} }}"
        else:
            yield "# no order number: what a customer buys in a day is an order"
            yield 'number = { by = ["customer", "day"] }' if customer else '# number = { column = "..." }'

    def _placed(self, placed: str | None, formats: tuple[str, ...], evidence: str) -> Iterator[str]:
        if placed is None:
            yield '# placed = { column = "..." }'
            return
        yield f"# {evidence}"
        if formats:
            yield f"placed = {{ column = {_text(placed)}, formats = [{', '.join(map(_text, formats))}] }}"
        else:
            yield f'placed = {{ column = {_text(placed)} }}   # choose: formats = ["%d/%m/%Y"] or ["%m/%d/%Y"]'

    def _status(self) -> Iterator[str]:
        for header in self._free("status")[:1]:
            column = quoted(key_of(header))
            words = self.connection.execute(
                f"SELECT coalesce({column}, ''), count(*) FROM records GROUP BY ALL ORDER BY 2 DESC LIMIT 21"
            ).fetchall()
            if len(words) <= _ENOUGH:
                yield f"# {header}: {', '.join(f'{word} ({count:,})' for word, count in words)}"
                lists = {"sale": SALE, "not_a_sale": NOT_A_SALE}
                named = {key: [word for word, _ in words if str(word).lower() in known] for key, known in lists.items()}
                unknown = [str(word) for word, _ in words if not any(word in known for known in named.values())]
                if unknown:
                    yield f"# UNRESOLVED: put {', '.join(map(_text, unknown))} into one of the two lists"
                listed = ", ".join(f"{key} = [{', '.join(map(_text, known))}]" for key, known in named.items())
                yield f"status = {{ column = {_text(header)}, {listed} }}"

    def _customer(self, customer: str) -> Iterator[str]:
        blank = self.records - self._filled(customer)
        yield f"# {self._distinct(customer):,} different texts; blank in {blank:,} records"
        yield f"key = {{ column = {_text(customer)} }}"
        if "mail" in plain(customer):
            yield 'normalise = "lower_trim"'


def _cell(role: str, header: str | None) -> list[str]:
    return [f"{role} = {{ column = {_text(header)} }}"] if header else []


def _text(value: str) -> str:
    """A text as TOML writes it."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
