"""Whether an amount is of a unit, a line or an order: a header cannot tell, the numbers often can."""

import duckdb

from rfm_assets.errors import ExportError
from rfm_assets.exports.fit import Fit
from rfm_assets.exports.profile import Amount
from rfm_assets.exports.repeated import repeated
from rfm_assets.exports.statements import statement

_ENOUGH_ORDERS, _ENOUGH_PRODUCTS = 20, 5
_SURE = 0.9


def must_be_plausible(connection: duckdb.DuckDBPyConnection, fit: Fit, name: str) -> None:
    """Compares what the profile says an amount is of with what the numbers say.

    Raises:
        ExportError: when the numbers say something else; names the figures and what to declare instead.
    """
    amount = fit.amount
    if not isinstance(amount, Amount) or fit.profile.line.packed:
        return
    header = ", ".join(fit.found(amount))
    is_guess = fit.profile.file.loose_headers  # a name of many, not of one system's export
    if amount.of in {"line", "order"} or is_guess:
        same = repeated(connection)
        is_sure = same.is_most and (is_guess or same.orders >= _ENOUGH_ORDERS)
        if is_sure and (amount.of == "line" or (amount.of == "unit" and not _is_price(connection))):
            raise ExportError(_message(name, header, str(same), amount.of, "order"))
        if amount.of == "order" and same.orders >= _ENOUGH_ORDERS and same.alike < _SURE * same.orders:
            said = (
                f"another one on each line in {same.orders - same.alike:,} of {same.orders:,} orders with several lines"
            )
            raise ExportError(_message(name, header, said, amount.of, "line"))
    if amount.of in {"unit", "line"} and fit.has(fit.profile.line.quantity):
        as_unit, as_line = _figures(connection, "prices_by_quantity")
        seen = as_unit + as_line
        if amount.of == "unit" and seen >= _ENOUGH_PRODUCTS and as_line >= _SURE * seen:
            said = f"in proportion to the quantity for {as_line:,} of {seen:,} products sold in several quantities"
            raise ExportError(_message(name, header, said, amount.of, "line"))
        if amount.of == "line" and seen >= _ENOUGH_PRODUCTS and as_unit >= _SURE * seen:
            said = f"the same at every quantity for {as_unit:,} of {seen:,} products sold in several quantities"
            raise ExportError(_message(name, header, said, amount.of, "unit"))


def _is_price(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether products sold in several quantities have one amount at all of them."""
    as_unit, as_line = _figures(connection, "prices_by_quantity")
    return as_unit >= _ENOUGH_PRODUCTS and as_unit >= _SURE * (as_unit + as_line)


def _figures(connection: duckdb.DuckDBPyConnection, name: str) -> tuple[int, int]:
    first, second = connection.execute(statement(name)).fetchone() or (0, 0)
    return int(first or 0), int(second or 0)


def _message(name: str, header: str, said: str, declared: str, other: str) -> str:
    return (
        f'{name}: {header} is read as the amount of the {declared}, but it is {said}: say is = "{other}" for it in '
        "[source.line] amount (`rfm profile new` writes a profile to change)"
    )
