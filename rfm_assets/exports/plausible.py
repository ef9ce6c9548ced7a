"""Checks whether an amount is per unit, line or order: a header cannot tell, the numbers often can."""

import duckdb

from rfm_assets.errors import ExportError
from rfm_assets.exports.evidence import MOST
from rfm_assets.exports.header_fit import Fit
from rfm_assets.exports.prices import prices
from rfm_assets.exports.profile_cells import Amount
from rfm_assets.exports.repeated import repeated

_ENOUGH_ORDERS = 20


def must_be_plausible(connection: duckdb.DuckDBPyConnection, fit: Fit, name: str) -> None:
    """Compares the profile's reading of an amount with what the numbers show.

    Raises:
        ExportError: when the numbers contradict it; gives the figures and what to declare instead.
    """
    amount = fit.amount
    if not isinstance(amount, Amount) or fit.profile.line.packed:
        return
    header = ", ".join(fit.found(amount))
    is_guess = fit.profile.file.loose_headers  # a common name, not one system's own
    if amount.of in {"line", "order"} or is_guess:
        same = repeated(connection)
        is_sure = same.is_most and (is_guess or same.orders >= _ENOUGH_ORDERS)
        if is_sure and (amount.of == "line" or (amount.of == "unit" and not _is_price(connection))):
            raise ExportError(_message(name, header, str(same), amount.of, "order"))
        if amount.of == "order" and same.orders >= _ENOUGH_ORDERS and same.alike < MOST * same.orders:
            said = (
                f"different on each line in {same.orders - same.alike:,} of {same.orders:,} orders with several lines"
            )
            raise ExportError(_message(name, header, said, amount.of, "line"))
    if amount.of in {"unit", "line"} and fit.has(fit.profile.line.quantity):
        shown = prices(connection)
        if shown and shown.of != amount.of:
            said = f"{shown.said} sold in several quantities"
            raise ExportError(_message(name, header, said, amount.of, shown.of))


def _is_price(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether products sold in several quantities have the same amount at each."""
    shown = prices(connection)
    return shown is not None and shown.of == "unit"


def _message(name: str, header: str, said: str, declared: str, other: str) -> str:
    return (
        f'{name}: {header} is read as the amount of the {declared}, but it is {said}: set is = "{other}" for it in '
        "[source.line] amount (`rfm profile new` writes a profile to change)"
    )
