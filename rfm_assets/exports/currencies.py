"""The currencies of an export's records, and what happens to records in foreign currencies."""

from collections.abc import Iterator, Mapping

import duckdb

from rfm_assets.errors import ExportError
from rfm_assets.exports.terms import Terms, name_the_currency


def currencies_of(connection: duckdb.DuckDBPyConnection, name: str, terms: Terms) -> dict[str, int]:
    """The number of records in each currency.

    Raises:
        ExportError: when the shop's currency is not among them, or is unknown and there are several.
    """
    found = connection.execute(
        "SELECT upper(currency) AS code, count(*) FROM mapped WHERE left_out IS NULL AND currency IS NOT NULL "
        "GROUP BY ALL ORDER BY count(*) DESC, code"
    ).fetchall()
    currencies = {str(code): int(count) for code, count in found}
    _must_be_one_currency(name, currencies, terms)
    return currencies


def _must_be_one_currency(name: str, currencies: Mapping[str, int], terms: Terms) -> None:
    listed = ", ".join(f"{code} ({count:,} records)" for code, count in currencies.items())
    if terms.currency is None and len(currencies) > 1:
        raise ExportError(f"{name} has several currencies: {listed}; {name_the_currency(next(iter(currencies)))}")
    if terms.currency and currencies and terms.currency not in currencies:
        raise ExportError(f"{name} is in {listed}, and the shop's currency is {terms.currency}: correct one of them")


def refused_currencies(currencies: Mapping[str, int], terms: Terms) -> Iterator[str]:
    """What happens to records in currencies other than the shop's."""
    for code, count in currencies.items():
        if terms.currency and code != terms.currency:
            yield f"{count:,} records in {code}, not {terms.currency}: the rule valid_currency refuses them"
