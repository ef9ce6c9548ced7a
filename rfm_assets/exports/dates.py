"""Decides which known or declared date formats an export uses, from all of its records.

Only the day counts. sql/moments.sql splits a text into day, time of day and offset, and formats are compared by their
day only; `/`, `.` and `-` between numbers mean the same.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from rfm_assets.exports.profile_cells import Placed
from rfm_assets.exports.statements import statement
from rfm_assets.literals import literal

EXCEL, UNIX, UNIX_MS = "excel", "unix", "unix_ms"
KNOWN = (
    *("%Y-%m-%d", "%d-%m-%Y", "%m-%d-%Y", "%d-%m-%y", "%m-%d-%y", "%Y%m%d", "%d %b %Y", "%d %B %Y", "%d-%b-%Y"),
    *("%d-%b-%y", "%d %b %y", "%b %d %Y", "%B %d %Y", "%a %d %b %Y", "%A %d %B %Y", "%a %b %d %Y", "%A %B %d %Y"),
    *("%d-%B-%Y", "%b-%d-%Y", "%b-%d-%y", "%d%b%Y", "%Y-%d-%m", EXCEL, UNIX, UNIX_MS),
)
_DAY_FIRST, _MONTH_FIRST = {"%d-%m-%Y", "%d-%m-%y"}, {"%m-%d-%Y", "%m-%d-%y"}
_FEW = 0.01  # typing errors, not another format
_NUMBERS = {EXCEL: "[2-7][0-9]{4}([.][0-9]+)?", UNIX: "1[0-9]{9}([.]0*)?", UNIX_MS: "1[0-9]{12}"}


@dataclass(frozen=True)
class Survey:
    """Possible readings of date texts: records by format, and how many can only be day first or month first."""

    records: int
    fits: Mapping[str, int]
    only_day_first: int = 0
    only_month_first: int = 0
    either: int = 0
    """Records that both formats read, as different days."""
    example: str = ""
    """An example that both formats read."""


def day_format(written: str) -> str:
    """A declared format without time of day and with a uniform separator, for comparison."""
    cut = re.sub(r"[ ,T]*%[HIMSpzZf].*$", "", written).replace(",", " ")
    cut = re.sub(r"\s+", " ", cut).strip()
    return re.sub(r"^(%[dmYy])[./-](%[dm])[./-](%[dYy])$", r"\1-\2-\3", cut)


def formats_of(placed: Placed) -> tuple[str, ...]:
    """The formats to try, without repeats."""
    return tuple(dict.fromkeys(map(day_format, placed.formats))) or KNOWN


def reads(name: str, text: str = "day_text") -> str:
    """SQL for the timestamp that a text means in a format, or NULL."""
    if name in _NUMBERS:
        number = f"TRY_CAST(CASE WHEN regexp_full_match({text}, {literal(_NUMBERS[name])}) THEN {text} END AS DOUBLE)"
        if name == EXCEL:
            return f"(TIMESTAMP '1899-12-30' + to_days(CAST(floor({number}) AS INTEGER)))"
        return f"make_timestamp(CAST({number} * {1_000_000 if name == UNIX else 1_000} AS BIGINT))"
    at = f"try_strptime({text}, {literal(name)})"
    return f"CASE WHEN year({at}) BETWEEN 1900 AND 2200 THEN {at} END"


def survey(connection: duckdb.DuckDBPyConnection, formats: Sequence[str]) -> Survey:
    """Tries formats on every text of the table `moments`."""
    fits = ", ".join(f"coalesce(sum(records) FILTER ({reads(name)} IS NOT NULL), 0)" for name in formats)
    first, second = _any_of(formats, _DAY_FIRST), _any_of(formats, _MONTH_FIRST)
    # few distinct days, however many times of day
    texts = "(SELECT day_text, sum(records) AS records, min(text) AS written FROM moments GROUP BY day_text)"
    days = f"(SELECT records, written, {first} AS d, {second} AS m FROM {texts})"
    found = connection.execute(f"SELECT coalesce(sum(records), 0), {fits} FROM {texts}").fetchall()[0]
    orders = connection.execute(
        f"""SELECT coalesce(sum(records) FILTER (d IS NOT NULL AND m IS NULL), 0),
            coalesce(sum(records) FILTER (d IS NULL AND m IS NOT NULL), 0),
            coalesce(sum(records) FILTER (d <> m), 0),
            coalesce(min(written || ' (' || strftime(d, '%-d %B') || ' or ' || strftime(m, '%-d %B') || ')')
                FILTER (d <> m), '')
        FROM {days}"""
    ).fetchall()[0]
    fitting = {name: int(count) for name, count in zip(formats, found[1:], strict=True) if count}
    return Survey(int(found[0]), fitting, int(orders[0]), int(orders[1]), int(orders[2]), str(orders[3]))


def _any_of(formats: Iterable[str], group: set[str]) -> str:
    """SQL for the first format of a group that reads the text."""
    chosen = [reads(name) for name in formats if name in group]
    return f"coalesce({', '.join(chosen)}, NULL::TIMESTAMP)" if chosen else "NULL::TIMESTAMP"


class AmbiguousDatesError(ValueError):
    """All of an export's dates can be read as day first and as month first."""


def decide(found: Survey, elsewhere: Iterable[Sequence[str]] = ()) -> tuple[str, ...]:
    """The formats to read an export by; `elsewhere` are those of the profile's other exports.

    Raises:
        AmbiguousDatesError: when dates can be read as day first and as month first.
        ValueError: when no format reads any date, or some dates are day first and some month first.
    """
    if not found.fits:
        raise ValueError("no date could be read")
    day_first, month_first = set(found.fits) & _DAY_FIRST, set(found.fits) & _MONTH_FIRST
    lost: set[str] = set()
    if day_first and month_first:
        lost = day_first if _month_comes_first(found, elsewhere) else month_first
    chosen = sorted((name for name in found.fits if name not in lost), key=lambda name: -found.fits[name])
    if "%Y-%m-%d" in chosen and "%Y-%d-%m" in chosen:  # nobody writes year, day, month
        better = max(("%Y-%m-%d", "%Y-%d-%m"), key=lambda name: found.fits[name])
        chosen.remove("%Y-%d-%m" if better == "%Y-%m-%d" else "%Y-%m-%d")
    return tuple(chosen)


def _month_comes_first(found: Survey, elsewhere: Iterable[Sequence[str]]) -> bool:
    fewer, more = sorted((found.only_day_first, found.only_month_first))
    if fewer > _FEW * more:
        message = (
            f"{found.only_day_first:,} dates can only be day first and {found.only_month_first:,} only month first: "
            "the file mixes two date formats"
        )
        raise ValueError(message)
    if more:
        return found.only_month_first > found.only_day_first
    if not found.either:
        return False  # 05/05: the same day both ways
    read = {name for formats in elsewhere for name in formats}
    if bool(read & _DAY_FIRST) != bool(read & _MONTH_FIRST):
        return bool(read & _MONTH_FIRST)
    message = f"all {found.either:,} dates such as {found.example} can be day first or month first"
    raise AmbiguousDatesError(message)


def make_moments(connection: duckdb.DuckDBPyConnection, column: str, target: str = "moments") -> None:
    """Makes the table `moments` of the distinct texts in a column of `mapped`."""
    connection.execute(f"CREATE OR REPLACE TABLE {target} AS {statement('moments', column=column)}")


def make_days(
    connection: duckdb.DuckDBPyConnection, placed: Placed, formats: Sequence[str], zone: str | None, target: str
) -> None:
    """Makes the table of the day that each text of `moments` means, in the shop's time zone if given."""
    if placed.origin is not None:
        origin: date = placed.origin
        wall = f"DATE '{origin}' + to_days(CAST(TRY_CAST(day_text AS DOUBLE) AS INTEGER) - 1)"
        connection.execute(f"CREATE OR REPLACE TABLE {target} AS SELECT text, CAST({wall} AS DATE) AS day FROM moments")
        return
    wall = f"coalesce({', '.join([*map(reads, formats), 'NULL::TIMESTAMP'])})"
    own = literal(placed.zone) if placed.zone else "NULL"
    connection.execute(
        f"CREATE OR REPLACE TABLE {target} AS "
        + statement("days", wall=wall, zone_of_text=own, shop_zone=literal(zone) if zone else "NULL")
    )
