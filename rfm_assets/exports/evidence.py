"""The evidence for a drafted profile, from the headers and cells of an export."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from rfm_assets.exports.header import key_of
from rfm_assets.exports.numbers import define_read_number, number_form
from rfm_assets.exports.profile import File
from rfm_assets.exports.statements import quoted
from rfm_assets.exports.words import named

MOST = 0.9
HALF = 0.5
_LOOKS_LIKE_A_NUMBER = "[^0-9]{0,4}[0-9][0-9.,'' \u00a0\u202f]*([eE][+-]?[0-9]+)?[^0-9]{0,8}"


@dataclass(frozen=True)
class Found:
    """The header of a field, or several to join, and the evidence for it."""

    headers: Sequence[str]
    why: str = ""
    formats: Sequence[str] = ()


class Evidence:
    """Evidence from the table `records`; a header used for one role is not free for another."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, headers: list[str], records: int) -> None:
        self.connection, self.headers, self.records = connection, headers, records
        self.used: set[str] = set()

    def first(self, role: str) -> str | None:
        """Uses the first free header of a role; a half-empty one only if none is fuller."""
        free = self.free(role)
        header = next((one for one in free if self.filled(one) > HALF * self.records), free[0] if free else None)
        return self.use(header)

    def free(self, role: str) -> list[str]:
        """Unused, filled headers whose names fit a role."""
        return [one for one in named(self.headers, role) if one not in self.used and self.filled(one)]

    def free_numbers(self, role: str) -> list[str]:
        """The free headers whose cells look like numbers."""
        return [one for one in self.free(role) if self.share_of_numbers(one) >= MOST]

    def use(self, header: str | None) -> str | None:
        """Marks a header as used."""
        if header:
            self.used.add(header)
        return header

    def _ask(self, select: str) -> tuple[object, ...]:
        return self.connection.execute(f"SELECT {select} FROM records WHERE malformed IS NULL").fetchone() or (0,)

    def filled(self, header: str) -> int:
        """The number of records with a text under a header."""
        return int(str(self._ask(f"count({quoted(key_of(header))})")[0]))

    def distinct(self, header: str) -> int:
        """The number of distinct texts under a header."""
        return int(str(self._ask(f"count(DISTINCT {quoted(key_of(header))})")[0]))

    def words(self, header: str, most: int) -> dict[str, int]:
        """The distinct texts under a header with their number of records; empty if there are more than `most`."""
        column = quoted(key_of(header))
        found = self.connection.execute(
            f"SELECT coalesce({column}, ''), count(*) FROM records WHERE malformed IS NULL "
            f"GROUP BY ALL ORDER BY 2 DESC, 1 LIMIT {most + 1}"
        ).fetchall()
        return {str(word): int(count) for word, count in found} if len(found) <= most else {}

    def share_of_numbers(self, header: str) -> float:
        """The share of a header's texts that look like numbers."""
        return self.share(header, f"regexp_full_match({quoted(key_of(header))}, '{_LOOKS_LIKE_A_NUMBER}')")

    def share(self, header: str, condition: str) -> float:
        """The share of a header's texts that meet a condition."""
        column = quoted(key_of(header))
        (share,) = self._ask(f"coalesce(count(*) FILTER ({condition}) / nullif(count({column}), 0), 0)")
        return float(str(share))

    def decimal(self, headers: Sequence[str]) -> str:
        """The TOML line for the number format; also defines `read_number`."""
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE numbers AS SELECT "
            + (", ".join(f"{quoted(key_of(one))} AS n{place}" for place, one in enumerate(headers)) or "1 AS nothing")
            + " FROM records WHERE malformed IS NULL"
        )
        columns = [f"n{place}" for place in range(len(headers))]
        try:
            decimal, group = number_form(self.connection, File(), columns, table="numbers")
        except ValueError as error:
            define_read_number(self.connection, ".", None)
            return f"# UNRESOLVED: {error}"
        define_read_number(self.connection, decimal, group)
        return f'decimalChar = "{decimal}"' + (f'\ngroupChar = "{group}"' if group else "")
