"""What the headers and the cells of an export say of themselves: the evidence for a drafted profile."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from rfm_assets.exports import dates
from rfm_assets.exports.header import key_of, plain
from rfm_assets.exports.numbers import SHORTENED, define_read_number, number_form
from rfm_assets.exports.profile import File
from rfm_assets.exports.statements import quoted
from rfm_assets.exports.words import named

MOST = 0.9
_HALF = 0.5
_LOOKS_LIKE_A_NUMBER = "[^0-9]{0,4}[0-9][0-9.,'' \u00a0\u202f]*([eE][+-]?[0-9]+)?[^0-9]{0,8}"
_LOOKS_LIKE_A_DATE = "^[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}"
_PARTS = {
    "%Y": ("year", "orderyear", "jahr", "annee", "ano", "anno", "yyyy"),
    "%m": ("month", "ordermonth", "monat", "mois", "mes", "mese", "mm", "monthnumber", "monthno"),
    "%d": ("day", "orderday", "dayofmonth", "tag", "jour", "dia", "giorno", "dd", "daynumber"),
}


@dataclass(frozen=True)
class Found:
    """Where a text is: one header, or several to join; and why it is taken for what it is."""

    headers: Sequence[str]
    why: str = ""
    formats: Sequence[str] = ()


class Evidence:
    """Evidence from the table `records`; a header that is used for one role is not free for another."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, headers: list[str], records: int) -> None:
        self.connection, self.headers, self.records = connection, headers, records
        self.used: set[str] = set()

    def first(self, role: str) -> str | None:
        """The first free header of a role, which is then used; one that is half empty only where none is fuller."""
        free = self.free(role)
        header = next((one for one in free if self.filled(one) > _HALF * self.records), free[0] if free else None)
        return self.use(header)

    def free(self, role: str) -> list[str]:
        """The headers that may be a role by their names, are filled, and are not used yet."""
        return [one for one in named(self.headers, role) if one not in self.used and self.filled(one)]

    def free_numbers(self, role: str) -> list[str]:
        """Those of them whose cells look like numbers."""
        return [one for one in self.free(role) if self.share_of_numbers(one) >= MOST]

    def use(self, header: str | None) -> str | None:
        """Takes a header, so that no other role does."""
        if header:
            self.used.add(header)
        return header

    def _ask(self, select: str) -> tuple[object, ...]:
        return self.connection.execute(f"SELECT {select} FROM records WHERE malformed IS NULL").fetchone() or (0,)

    def filled(self, header: str) -> int:
        """In how many records a header has a text."""
        return int(str(self._ask(f"count({quoted(key_of(header))})")[0]))

    def distinct(self, header: str) -> int:
        """How many different texts a header has."""
        return int(str(self._ask(f"count(DISTINCT {quoted(key_of(header))})")[0]))

    def words(self, header: str, most: int) -> dict[str, int]:
        """The different texts of a header and their records; none where there are more than `most`."""
        column = quoted(key_of(header))
        found = self.connection.execute(
            f"SELECT coalesce({column}, ''), count(*) FROM records WHERE malformed IS NULL "
            f"GROUP BY ALL ORDER BY 2 DESC, 1 LIMIT {most + 1}"
        ).fetchall()
        return {str(word): int(count) for word, count in found} if len(found) <= most else {}

    def share_of_numbers(self, header: str) -> float:
        """How many of a header's texts look like numbers."""
        return self._share(header, f"regexp_full_match({quoted(key_of(header))}, '{_LOOKS_LIKE_A_NUMBER}')")

    def _share(self, header: str, condition: str) -> float:
        column = quoted(key_of(header))
        (share,) = self._ask(f"coalesce(count(*) FILTER ({condition}) / nullif(count({column}), 0), 0)")
        return float(str(share))

    def date(self) -> Found | None:
        """The order's date and its formats: by its header, else the only column of dates, else a year, month and day.

        Makes the table `moments` of its texts. Without formats, it can be read day first and month first.
        """
        by_name = self.free("placed")
        like = [one for one in self.headers if one not in self.used and self._looks_like_dates(one)]
        others = [one for one in like if one not in by_name]
        for header in (*by_name, *(others if len(others) == 1 else [])):
            survey = self._survey(quoted(key_of(header)), dates.KNOWN)
            if survey.records and max(survey.fits.values(), default=0) >= MOST * survey.records / 2:
                self.use(header)
                formats, why = self._decided(survey, [one for one in like if one != header])
                self._survey(quoted(key_of(header)), dates.KNOWN)
                return Found((header,), why, formats)
        return self._date_in_parts()

    def _decided(self, survey: dates.Survey, others: Sequence[str]) -> tuple[Sequence[str], str]:
        """The formats; where they are ambiguous, another column of dates may tell how this export writes them."""
        shares = ", ".join(
            f"{100 * count / survey.records:.4g} % {'as' if place else 'of cells parse as'} {name}"
            for place, (name, count) in enumerate(sorted(survey.fits.items(), key=lambda one: -one[1]))
            if name != "%Y-%d-%m"
        )
        try:
            return dates.decide(survey), shares
        except dates.AmbiguousDatesError as error:
            for header in others:
                try:
                    told = dates.decide(self._survey(quoted(key_of(header)), dates.KNOWN))
                    return dates.decide(survey, (told,)), f"{shares}; {header} tells which comes first"
                except ValueError:
                    continue
            return (), f"UNRESOLVED: {error}"
        except ValueError as error:
            return (), f"UNRESOLVED: {error}"

    def _date_in_parts(self) -> Found | None:
        parts = {
            code: next((one for one in self.headers if plain(one) in names and self.filled(one)), None)
            for code, names in _PARTS.items()
        }
        headers = [one for one in parts.values() if one]
        whole = len(headers) == len(_PARTS)
        text = f"concat_ws('-', {', '.join(quoted(key_of(one)) for one in headers)})" if whole else "NULL::VARCHAR"
        formats = ("%Y-%m-%d", "%Y-%b-%d", "%Y-%B-%d")
        survey = self._survey(text, formats)
        best = max(survey.fits, key=lambda name: survey.fits[name], default=None)
        if best is None or survey.fits[best] < MOST * survey.records:
            return None
        for header in headers:
            self.use(header)
        return Found(headers, f"{100 * survey.fits[best] / survey.records:.4g} % of cells parse as {best}", (best,))

    def _survey(self, text: str, formats: Sequence[str]) -> dates.Survey:
        self.connection.execute(
            f"CREATE OR REPLACE TABLE mapped AS SELECT record, malformed AS left_out, {text} AS placed FROM records"
        )
        dates.make_moments(self.connection, "placed")
        return dates.survey(self.connection, formats)

    def _looks_like_dates(self, header: str) -> bool:
        return self._share(header, f"regexp_matches({quoted(key_of(header))}, '{_LOOKS_LIKE_A_DATE}')") >= MOST

    def number(self, customer: str | None) -> tuple[Found | None, list[str]]:
        """The order's number: a header by its name, below which there is one customer and mostly one day.

        Reads `mapped` and `moments` of the date. Also says which headers by that name are not one, and why.
        """
        refuted: list[str] = []
        for header in self.free("number"):
            shortened = self._share(header, f"regexp_full_match({quoted(key_of(header))}, '{SHORTENED}')")
            if shortened > MOST:  # whoever reads it says so
                return Found((header,), "shortened by a spreadsheet"), refuted
            if self.distinct(header) == 1 and self.records > 1:
                refuted.append(f"{header} is the same in all records")
                continue
            several, one_customer, one_day = self._shared(header, customer)
            if one_customer < MOST * several or one_day < _HALF * several:
                refuted.append(
                    f"{header} is not an order number: of {several:,} values in several records, {one_customer:,} are "
                    f"of one customer and {one_day:,} of one day"
                )
                continue
            self.use(header)
            why = f"{self.distinct(header):,} different values in {self.records:,} records"
            if several:
                why += f"; {one_customer:,} of the {several:,} in several records are of one customer"
            return Found((header,), why), refuted
        return None, refuted

    def _shared(self, header: str, customer: str | None) -> tuple[int, int, int]:
        """How many values several records have, and how many of these are of one customer and of one day."""
        key = quoted(key_of(header))
        return self.connection.execute(
            f"""SELECT count(*), count(*) FILTER (customers <= 1), count(*) FILTER (days <= 1) FROM (
                SELECT count(DISTINCT {quoted(key_of(customer)) if customer else "NULL"}) AS customers,
                    count(DISTINCT day_text) AS days
                FROM records JOIN mapped USING (record) LEFT JOIN moments ON text = placed
                WHERE {key} IS NOT NULL AND malformed IS NULL GROUP BY {key} HAVING count(*) > 1)"""
        ).fetchone() or (0, 0, 0)

    def decimal(self, headers: Sequence[str]) -> str:
        """The line of TOML that says how numbers are written; defines `read_number`, too."""
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
