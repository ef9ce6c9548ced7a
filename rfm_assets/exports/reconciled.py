"""Compares an export's lines with the totals that it states."""

from typing import Any

import duckdb

from rfm_assets.errors import ExportError
from rfm_assets.exports.header_fit import Fit
from rfm_assets.exports.profile_cells import Amount
from rfm_assets.exports.statements import statement

_MOST = 0.99
_SHOWN = 10


def reconcile(connection: duckdb.DuckDBPyConnection, fit: Fit, name: str, decimals: int) -> dict[str, Any]:
    """How many orders, or lines, add up to the export's totals, and some that do not.

    Raises:
        ExportError: when the amount fits better read the other way, per line instead of per unit or vice versa.
    """
    amount, total = fit.amount, _total(fit)
    if total is None or not isinstance(amount, Amount) or amount.of == "order" or fit.profile.line.packed:
        return {}
    key, stated = total
    other = "line" if amount.of == "unit" else "unit"
    _make(connection, fit, key, stated, decimals, declared=amount.of, other=other)
    compared, fits, as_other = connection.execute(
        "SELECT count(*), count(*) FILTER (fits), count(*) FILTER (fits_other) FROM reconciled"
    ).fetchone() or (0, 0, 0)
    if compared and fits < _MOST * compared and as_other >= _MOST * compared:
        message = (
            f"{name}: read as the amount of a {amount.of}, {', '.join(fit.found(amount))} adds up to the export's "
            f"totals for {fits:,} of {compared:,}; as that of a {other}, for {as_other:,}: set "
            f'is = "{other}" for it in [source.line] amount'
        )
        raise ExportError(message)
    shown = _differing(connection, decimals)
    connection.execute("DROP TABLE reconciled")
    return {
        "of": "orders" if key == "order_number" else "lines",
        "compared": compared,
        "fit": fits,
        "differ": shown,
    }


def _total(fit: Fit) -> tuple[str, str] | None:
    """What the export states totals for, an order or a record, with the total as SQL; None if it states none."""
    if fit.has(fit.profile.totals.order):
        return "order_number", f"max(total_order_amount) - ({_less(fit)})"
    if fit.has(fit.profile.totals.line):
        return "record", "max(total_line_amount)"
    return None


def _make(  # noqa: PLR0913 - the statement's parameters
    connection: duckdb.DuckDBPyConnection, fit: Fit, key: str, stated: str, decimals: int, *, declared: str, other: str
) -> None:
    """Makes the table `reconciled`: each order, or line, by the declared reading of its amounts and the other one."""
    units = "coalesce(read_number(quantity), 1)" if fit.has(fit.profile.line.quantity) else "1"
    select = statement(
        "reconciled",
        key=key,
        stated=stated,
        units=units,
        minor=_minor_unit(decimals),
        declared=_reading(declared),
        other=_reading(other),
        discount=_discount(fit),
        order_discount=_order_discount(fit),
    )
    connection.execute(f"CREATE OR REPLACE TABLE reconciled AS {select}")


def _differing(connection: duckdb.DuckDBPyConnection, decimals: int) -> list[list[str]]:
    """Examples that differ: the key, the sum of the lines, and the export's total."""
    money = f"DECIMAL(18, {decimals})"
    shown = connection.execute(
        f"SELECT key, CAST(CAST(comes_to AS {money}) AS VARCHAR), CAST(CAST(stated AS {money}) AS VARCHAR) "
        f"FROM reconciled WHERE NOT fits ORDER BY 1 LIMIT {_SHOWN}"
    ).fetchall()
    return [list(map(str, one)) for one in shown]


def _minor_unit(decimals: int) -> str:
    """One minor unit in SQL."""
    return {0: "1", 1: "0.1"}.get(decimals, "0.01")


def _reading(of: str) -> str:
    return "units * money" if of == "unit" else "money"


def _less(fit: Fit) -> str:
    parts = [
        f"coalesce(max(read_number(less_{place})), 0)"
        for place, one in enumerate(fit.profile.totals.less)
        if fit.has(one)
    ]
    return " + ".join(parts) or "0"


def _discount(fit: Fit) -> str:
    parts = [
        f"coalesce(abs(read_number(discount_{place})), 0)" + (" * units" if one.per == "unit" else "")
        for place, one in enumerate(fit.profile.line.discounts)
        if one.per != "order" and fit.has(one)
    ]
    return " + ".join(parts) or "0"


def _order_discount(fit: Fit) -> str:
    parts = [
        f"coalesce(max(abs(read_number(discount_{place}))), 0)"
        for place, one in enumerate(fit.profile.line.discounts)
        if one.per == "order" and fit.has(one)
    ]
    return " + ".join(parts) or "0"
