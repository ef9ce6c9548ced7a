"""What the headers and the cells of an export say of themselves: the evidence for a drafted profile."""

import duckdb

from rfm_assets.exports import dates
from rfm_assets.exports.header import key_of
from rfm_assets.exports.numbers import define_read_number, number_form
from rfm_assets.exports.profile import File
from rfm_assets.exports.statements import quoted, statement
from rfm_assets.exports.words import named

_MOST, _ENOUGH_ORDERS, _ENOUGH_PRODUCTS = 0.9, 20, 5


class Evidence:
    """Evidence from the table `records`; a header that is used for one role is not free for another."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, headers: list[str], records: int) -> None:
        self.connection, self.headers, self.records = connection, headers, records
        self.used: set[str] = set()

    def first(self, role: str, *, needs_several: bool = False) -> str | None:
        """The first free header of a role, which is then used."""
        for header in self.free(role):
            if not needs_several or self.distinct(header) > 1:
                self.use(header)
                return header
        return None

    def free(self, role: str) -> list[str]:
        """The headers that may be a role by their names, are filled, and are not used yet."""
        return [one for one in named(self.headers, role) if one not in self.used and self.filled(one)]

    def use(self, header: str | None) -> None:
        """Takes a header, so that no other role does."""
        if header:
            self.used.add(header)

    def _ask(self, select: str) -> tuple[object, ...]:
        return self.connection.execute(f"SELECT {select} FROM records WHERE malformed IS NULL").fetchone() or (0,)

    def filled(self, header: str) -> int:
        """In how many records a header has a text."""
        return int(str(self._ask(f"count({quoted(key_of(header))})")[0]))

    def distinct(self, header: str) -> int:
        """How many different texts a header has."""
        return int(str(self._ask(f"count(DISTINCT {quoted(key_of(header))})")[0]))

    def share_of_numbers(self, header: str) -> float:
        """How many of a header's texts look like numbers."""
        column = quoted(key_of(header))
        looks = f"regexp_full_match({column}, '[^0-9]{{0,4}}[0-9][0-9.,'' ]*([eE][+-]?[0-9]+)?[^0-9]{{0,4}}')"
        (share,) = self._ask(f"coalesce(count(*) FILTER ({looks}) / nullif(count({column}), 0), 0)")
        return float(str(share))

    def date(self) -> tuple[str | None, tuple[str, ...], str]:
        """The header of the date, its formats, and the evidence; by its name, else the only column of dates."""
        by_name = self.free("placed")
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
            self.use(header)
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
        filled = self.filled(header)
        (count,) = self._ask(f"count(*) FILTER ({looks})")
        return filled > 0 and int(str(count)) >= _MOST * filled

    def amount(self, number: str | None, product: str | None, quantity: str | None) -> tuple[str | None, str, str]:
        """The header of the amount, what it is of, and why."""
        found = {
            of: next((one for one in self.free(of) if self.share_of_numbers(one) >= _MOST), None)
            for of in ("line", "unit", "order")
        }
        header = next((one for one in found.values() if one), None)
        if header is None:
            return None, "", ""
        self.use(header)
        of = next(of for of, one in found.items() if one == header)
        self._map({"number": number, "product": product, "quantity": quantity, "amount": header})
        alike, orders = self._figures("orders_of_one_amount")
        as_unit, as_line = self._figures("prices_by_quantity")
        if orders >= _ENOUGH_ORDERS and alike >= _MOST * orders:
            return header, "order", f"one amount on all lines of {alike:,} of {orders:,} orders with several lines"
        if as_unit + as_line >= _ENOUGH_PRODUCTS and as_unit >= _MOST * (as_unit + as_line):
            return header, "unit", f"the same at every quantity for {as_unit:,} of {as_unit + as_line:,} products"
        if as_unit + as_line >= _ENOUGH_PRODUCTS and as_line >= _MOST * (as_unit + as_line):
            return header, "line", f"in proportion to the quantity for {as_line:,} of {as_unit + as_line:,} products"
        return header, of, f"by its name alone: {header} may be the amount of a unit, a line or an order"

    def quantity_by_its_numbers(self, product: str | None) -> str | None:
        """A column called an amount that counts units: of whole numbers, to which another amount is in proportion."""
        money = next((one for one in self.free("unit") if self.share_of_numbers(one) >= _MOST), None)
        for header in self.free("line"):
            column = quoted(key_of(header))
            (whole,) = self._ask(f"coalesce(bool_and(regexp_full_match({column}, '[0-9]{{1,4}}')), false)")
            if money and product and whole:
                self._map({"product": product, "quantity": header, "amount": money})
                as_unit, as_line = self._figures("prices_by_quantity")
                if max(as_unit, as_line) >= _MOST * max(as_unit + as_line, _ENOUGH_PRODUCTS):
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
        self.decimal([one for role, one in roles.items() if one and role == "amount"])

    def _figures(self, name: str) -> tuple[int, int]:
        first, second = self.connection.execute(statement(name)).fetchone() or (0, 0)
        return int(first or 0), int(second or 0)

    def decimal(self, headers: list[str]) -> str:
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
