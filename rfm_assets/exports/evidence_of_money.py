"""Finds the columns of money and of units, and what the money is for, by names and by numbers."""

from rfm_assets.exports.evidence import Evidence, Found
from rfm_assets.exports.header import key_of, plain
from rfm_assets.exports.prices import prices
from rfm_assets.exports.repeated import repeated
from rfm_assets.exports.statements import quoted, statement

_ENOUGH_LINES = 20
_LIKE_UNIT, _LIKE_LINE = 0.3, 0.7
_FEW_UNITS = 10
_VAGUE = {"amount", "price", "value", "saleprice", "salesprice"}


def quantity_of(evidence: Evidence, product: str | None) -> str | None:
    """The header of the quantity: by its name, else a column named like an amount that counts units."""
    named = evidence.free_numbers("quantity")
    return evidence.use(named[0] if named else _quantity_by_its_numbers(evidence, product))


def _quantity_by_its_numbers(evidence: Evidence, product: str | None) -> str | None:
    """A column named like an amount with small whole numbers, below another amount that depends on it or not at all."""
    money = next(iter(evidence.free_numbers("unit")), None)
    for header in evidence.free("line") if money else []:
        column = quoted(key_of(header))
        whole = (
            f"bool_and(regexp_full_match({column}, '[0-9]{{1,4}}([.]0)?')) AND median(TRY_CAST({column} AS DOUBLE)) "
        )
        found = evidence.connection.execute(f"SELECT {whole} <= {_FEW_UNITS} FROM records WHERE malformed IS NULL")
        if found.fetchone() == (True,):
            mapped(evidence, {"product": product, "quantity": header, "amount": money})
            below = evidence.connection.execute(
                "SELECT avg(CAST(read_number(quantity) < read_number(amount) AS INTEGER)) FROM mapped"
            ).fetchone() or (0,)
            if (below[0] or 0) > _LIKE_LINE and (prices(evidence.connection) or _by_elasticity(evidence, str(money))):
                return header
    return None


def amount_of(
    evidence: Evidence, number: str | None, product: str | None, quantity: str | None
) -> tuple[Found | None, str]:
    """The header of the amount with its evidence, and what it is for: `unit`, `line` or `order`.

    A column named like a total is never multiplied by the quantity. The evidence says UNRESOLVED if the name is vague
    and the numbers do not decide.
    """
    candidates = {of: evidence.free_numbers(of) for of in ("line", "unit", "order")}
    of, header = next(((of, headers[0]) for of, headers in candidates.items() if headers), ("", ""))
    if not header:
        return None, ""
    evidence.use(header)
    mapped(evidence, {"number": number, "product": product, "quantity": quantity, "amount": header})
    of, why = _read_as(evidence, header, of, has_quantity=quantity is not None)
    return Found((header,), why), of


def _read_as(evidence: Evidence, header: str, of: str, *, has_quantity: bool) -> tuple[str, str]:
    """What the amount in `mapped` is for, and why; `of` is what its name suggests."""
    same = repeated(evidence.connection)
    proven = prices(evidence.connection) if has_quantity else None
    if same.is_most and not (of == "unit" and proven and proven.of == "unit"):
        return "order", str(same)
    told = proven or (_by_elasticity(evidence, header) if has_quantity else None)
    may_be_order = same.alike == same.orders and not proven
    if told and not (_is_total(header, of) and (told[0] == "unit" or may_be_order)):
        return told
    if of == "line" and _is_total(header, of) and same.orders and may_be_order:
        said = f"{header} may be the amount of a line or of an order: it is {same}"
        return of, f'UNRESOLVED: {said}; set is = "line" or is = "order"'
    lines, _slope = _elasticity(evidence) if has_quantity else (0, 0.0)
    if lines >= _ENOUGH_LINES and plain(header) in _VAGUE:
        said = (
            f"{header} may be the amount of a unit or of a line: it grows neither with the quantity nor stays the same"
        )
        return of, f'UNRESOLVED: {said}; set is = "unit" or is = "line"'
    return of, f"the amount of the {of}, by its name"


def _is_total(header: str, of: str) -> bool:
    """Whether the name says total, so that the amount must not be multiplied."""
    return of == "order" or (of == "line" and plain(header) not in _VAGUE)


def _by_elasticity(evidence: Evidence, header: str) -> tuple[str, str] | None:
    """`unit` or `line`, by how the amount grows with the quantity, and the evidence; None if unclear."""
    lines, slope = _elasticity(evidence)
    if lines < _ENOUGH_LINES or _LIKE_UNIT < slope < _LIKE_LINE:
        return None
    how = f"a quantity 1 % higher goes with a {header} {slope:.2f} % higher, over {lines:,} lines"
    return ("line" if slope >= _LIKE_LINE else "unit"), how


def _elasticity(evidence: Evidence) -> tuple[int, float]:
    slope, lines = evidence.connection.execute(statement("elasticity")).fetchone() or (None, 0)
    return (int(lines), float(slope)) if slope is not None else (0, 0.0)


def mapped(evidence: Evidence, roles: dict[str, str | None], **more: str) -> None:
    """Makes the table `mapped` of these headers, for statements that compare numbers; `more` are columns in SQL."""
    columns = {role: quoted(key_of(header)) if header else "NULL::VARCHAR" for role, header in roles.items()} | more
    listed = ", ".join(f"{column} AS {role}" for role, column in columns.items())
    evidence.connection.execute(
        f"CREATE OR REPLACE TABLE mapped AS SELECT malformed AS left_out, {listed} FROM records"
    )
    evidence.decimal([one for role, one in roles.items() if one and role == "amount"])
