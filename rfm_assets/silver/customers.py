"""The customer that a line names: a normalised id, unless a spreadsheet has damaged it, and aliases resolved."""

from collections.abc import Sequence

from rfm_assets.config import in_force
from rfm_assets.config.aliases import Alias
from rfm_assets.literals import literal
from rfm_assets.warehouse.query import Query, sql

SCIENTIFIC = "[0-9][.,0-9]*[eE][+][0-9]+"
THOUSANDS = "[0-9]{1,3}(([ \u00a0\u202f',][0-9]{3})+|([.][0-9]{3}){2,})([.]0+)?"

_SMALL, _CAPITAL = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def is_sound_id(text: str) -> str:
    """SQL for whether an id has all its digits, and nothing between them."""
    return f"NOT regexp_matches({text}, {literal(f'^({SCIENTIFIC}|{THOUSANDS})$')})"


def in_small_letters(text: str) -> str:
    """SQL that lower-cases A to Z; engines differ on other letters."""
    return f"translate({text}, '{_CAPITAL}', '{_SMALL}')"


def is_email() -> str:
    """SQL for whether an id is an e-mail address, if the shop lower-cases these."""
    return "contains(trimmed_customer, '@')" if in_force.customers().lower_case_emails else "false"


def aliased(line: Query, given: Sequence[Alias] | None = None) -> Query:
    """Typed lines with a column `customer`, by the given aliases, by default those in force."""
    return sql(__package__, "aliased", line=line, alias=alias_table(given))


def alias_table(given: Sequence[Alias] | None = None) -> Query:
    """The given aliases, by default those in force, as a table; until_day is exclusive."""
    rows = in_force.aliases() if given is None else given
    if not rows:
        nothing = "CAST(NULL AS VARCHAR) AS alias, CAST(NULL AS VARCHAR) AS customer"
        return Query(f"SELECT {nothing}, CAST(NULL AS DATE) AS first_day, CAST(NULL AS DATE) AS until_day WHERE false")
    values = ", ".join(
        f"({literal(one.alias)}, {literal(one.customer)}, DATE '{one.first}', DATE '{one.until}')" for one in rows
    )
    return Query(f"SELECT * FROM (VALUES {values}) AS given(alias, customer, first_day, until_day)")
