"""Which column of an export is money and which counts units, and what the money is of: by names, and by the numbers."""

from collections.abc import Iterator

from rfm_assets.exports.evidence import MOST, Evidence, Found
from rfm_assets.exports.header import key_of, plain
from rfm_assets.exports.statements import quoted, statement

_ENOUGH_ORDERS, _ENOUGH_PRODUCTS, _ENOUGH_LINES = 20, 5, 20
_LIKE_UNIT, _LIKE_LINE = 0.3, 0.7
_FEW_UNITS = 10
_VAGUE = {"amount", "price", "value", "saleprice", "salesprice", "sum", "total"}


def quantity_of(evidence: Evidence, product: str | None) -> str | None:
    """The header of the quantity: by its name, else a column called an amount that counts units."""
    named = evidence.free_numbers("quantity")
    return evidence.use(named[0] if named else _quantity_by_its_numbers(evidence, product))


def _quantity_by_its_numbers(evidence: Evidence, product: str | None) -> str | None:
    """A column called an amount, of small whole numbers below another amount that depends on them, or not at all."""
    money = next(iter(evidence.free_numbers("unit")), None)
    for header in evidence.free("line") if money else []:
        column = quoted(key_of(header))
        whole = (
            f"bool_and(regexp_full_match({column}, '[0-9]{{1,4}}([.]0)?')) AND median(TRY_CAST({column} AS DOUBLE)) "
        )
        found = evidence.connection.execute(f"SELECT {whole} <= {_FEW_UNITS} FROM records WHERE malformed IS NULL")
        if found.fetchone() == (True,):
            _map(evidence, {"product": product, "quantity": header, "amount": money})
            below = evidence.connection.execute(
                "SELECT avg(CAST(read_number(quantity) < read_number(amount) AS INTEGER)) FROM mapped"
            ).fetchone() or (0,)
            if (below[0] or 0) > _LIKE_LINE and _by_numbers(evidence, str(money)):
                return header
    return None


def amount_of(
    evidence: Evidence, number: str | None, product: str | None, quantity: str | None
) -> tuple[Found | None, str]:
    """The header of the amount and why, and what it is of: `unit`, `line` or `order`.

    The evidence says UNRESOLVED where the name is vague and the numbers say neither.
    """
    candidates = {of: evidence.free_numbers(of) for of in ("line", "unit", "order")}
    of, header = next(((of, headers[0]) for of, headers in candidates.items() if headers), ("", ""))
    if not header:
        return None, ""
    evidence.use(header)
    _map(evidence, {"number": number, "product": product, "quantity": quantity, "amount": header})
    alike, orders = _figures(evidence, "orders_of_one_amount")
    if orders >= _ENOUGH_ORDERS and alike >= MOST * orders:
        why = f"one amount on all lines of {alike:,} of {orders:,} orders with several lines"
        return Found((header,), why), "order"
    if quantity and (told := _by_numbers(evidence, header)):
        return Found((header,), told[1]), told[0]
    lines, _slope = _elasticity(evidence) if quantity else (0, 0.0)
    if lines >= _ENOUGH_LINES and plain(header) in _VAGUE:
        why = (
            f"UNRESOLVED: {header} may be the amount of a unit or of a line: it grows neither with the quantity nor "
            f'stays the same; say is = "unit" or is = "line"'
        )
        return Found((header,), why), of
    return Found((header,), f"by its name: the amount of the {of}"), of


def _by_numbers(evidence: Evidence, header: str) -> tuple[str, str] | None:
    """`unit` or `line`, and the evidence in `mapped`; None where it is not clear."""
    as_unit, as_line = _figures(evidence, "prices_by_quantity")
    seen = as_unit + as_line
    if seen >= _ENOUGH_PRODUCTS and as_unit >= MOST * seen:
        return "unit", f"the same at every quantity for {as_unit:,} of {seen:,} products"
    if seen >= _ENOUGH_PRODUCTS and as_line >= MOST * seen:
        return "line", f"in proportion to the quantity for {as_line:,} of {seen:,} products"
    lines, slope = _elasticity(evidence)
    if lines < _ENOUGH_LINES or _LIKE_UNIT < slope < _LIKE_LINE:
        return None
    how = f"a quantity higher by 1 % goes with {header} higher by {slope:.2f} %, over {lines:,} lines"
    return ("line" if slope >= _LIKE_LINE else "unit"), how


def _elasticity(evidence: Evidence) -> tuple[int, float]:
    slope, lines = evidence.connection.execute(statement("elasticity")).fetchone() or (None, 0)
    return (int(lines), float(slope)) if slope is not None else (0, 0.0)


def _map(evidence: Evidence, roles: dict[str, str | None]) -> None:
    """Makes the table `mapped` of some headers, for the statements that compare numbers."""
    columns = ", ".join(_columns(roles))
    evidence.connection.execute(
        f"CREATE OR REPLACE TABLE mapped AS SELECT malformed AS left_out, {columns} FROM records"
    )
    evidence.decimal([one for role, one in roles.items() if one and role == "amount"])


def _columns(roles: dict[str, str | None]) -> Iterator[str]:
    for role, header in roles.items():
        yield f"{quoted(key_of(header)) if header else 'NULL::VARCHAR'} AS {role}"


def _figures(evidence: Evidence, name: str) -> tuple[int, int]:
    first, second = evidence.connection.execute(statement(name)).fetchone() or (0, 0)
    return int(first or 0), int(second or 0)
