"""The SELECT that extracts a profile's cells from an export's records, and marks records that are not sales."""

from collections.abc import Iterator

from rfm_assets.exports.header import key_of
from rfm_assets.exports.header_fit import Fit, cells_of
from rfm_assets.exports.profile_cells import Cell, Filter, Status
from rfm_assets.exports.statements import quoted, texts
from rfm_assets.literals import literal
from rfm_assets.privacy.customer_ids import CustomerIds

ROLES = (
    *("number", "placed", "currency", "country", "product", "description", "quantity", "amount", "customer"),
    *("refunded", "refunded_on", "total_line", "total_order", "packed", "consent"),
)
"""The columns that every export has afterwards, NULL if it lacks them."""
_TOTAL = r"^(?i:(grand |sub)?-?total|totals|totale|totaal|summe|gesamt|insgesamt|suma|somme)\b"


def mapped(fit: Fit, ids: CustomerIds) -> str:
    """The SELECT over `records` with a column of text for each role, `left_out` and `is_refund`."""
    cells = dict(cells_of(fit.profile)) | ({"amount": fit.amount} if fit.amount else {})
    columns = {role: _text(fit, cells.get(role)) for role in ROLES}
    more = [name for name in cells if name.startswith(("discount_", "less_"))]
    columns |= {name: _text(fit, cells[name]) for name in more}
    columns["placed"] = _with_clock(fit, columns["placed"], cells.get("clock"))
    columns["customer"] = _customer(fit, columns["customer"], ids)
    columns["left_out"] = f"CASE {' '.join(_reasons(fit, cells))} END"
    columns["is_refund"] = _is_refund(fit)
    listed = ",\n    ".join(f"{expression} AS {name}" for name, expression in columns.items())
    return f"SELECT\n    record,\n    table_number,\n    {listed}\nFROM {carried_down(fit)}"


def carried_down(fit: Fit) -> str:
    """The records, filled with values that only the first record of their order has."""
    carried = fit.profile.order.carry_down
    if carried is None or not (by := next((key_of(one) for one in carried.by if key_of(one) in fit.present), None)):
        return "records"
    needed = {key_of(header) for headers in fit.used.values() for header in headers}
    keys = [key for name in carried.columns if (key := key_of(name)) in needed]
    if not keys:
        return "records"
    firsts = ", ".join(
        f"first({quoted(key)} ORDER BY record) FILTER ({quoted(key)} IS NOT NULL) AS {quoted(key)}" for key in keys
    )
    filled = ", ".join(f"coalesce(records.{quoted(key)}, firsts.{quoted(key)}) AS {quoted(key)}" for key in keys)
    return (
        f"(SELECT records.* REPLACE ({filled}) FROM records LEFT JOIN "
        f"(SELECT {quoted(by)} AS carried_by, {firsts} FROM records WHERE {quoted(by)} IS NOT NULL GROUP BY ALL) "
        f"AS firsts ON firsts.carried_by = records.{quoted(by)}) AS carried"
    )


def _text(fit: Fit, cell: Cell | None) -> str:
    """A cell as SQL."""
    if cell is None:
        return "NULL::VARCHAR"
    if cell.value is not None:
        return literal(cell.value)
    columns = [quoted(key_of(name)) for name in fit.found(cell)]
    if not columns:
        return "NULL::VARCHAR"
    if cell.join:
        return f"nullif(concat_ws({literal(cell.separator)}, {', '.join(columns)}), '')"
    return f"coalesce({', '.join(columns)})" if len(columns) > 1 else columns[0]


def _with_clock(fit: Fit, placed: str, clock: Cell | None) -> str:
    return placed if clock is None or not fit.has(clock) else f"concat_ws(' ', {placed}, {_text(fit, clock)})"


def _customer(fit: Fit, customer: str, ids: CustomerIds) -> str:
    profile = fit.profile.customer
    if profile.normalise == "lower_trim":
        customer = f"lower({customer})"
    known = f"CASE WHEN {customer} NOT IN ({texts(profile.guest)}) THEN {customer} END" if profile.guest else customer
    return ids.expression(known) if profile.pseudonymise else known


def _reasons(fit: Fit, cells: dict[str, Cell]) -> Iterator[str]:
    """SQL for the reasons to leave a record out; the first that applies counts."""
    yield "WHEN malformed IS NOT NULL THEN malformed"
    headers = [
        (_text(fit, cells[name]), fit.found(cells[name])[0])
        for name in ("placed", "amount")
        if name in cells and fit.found(cells[name])
    ]
    if headers:
        again = " AND ".join(f"lower({text}) = {literal(name.lower())}" for text, name in headers)
        yield f"WHEN {again} THEN 'the header again'"
    yield f"WHEN {_no_order(fit, cells)} THEN 'neither a date nor a customer: a total, or a remark'"
    for place, one in enumerate(fit.profile.filter):
        if fit.has(one):
            yield f"WHEN {_left_out_by(one, _text(fit, cells[f'filter_{place}']))} THEN {literal(one.reason)}"
    status = fit.profile.order.status
    if status is not None and fit.has(status):
        word = f"coalesce(lower({_text(fit, status)}), '')"
        said = f"'status ' || CASE WHEN {word} = '' THEN 'blank' ELSE {word} END"
        if status.not_a_sale:
            yield f"WHEN {word} IN ({texts(one.lower() for one in status.not_a_sale)}) THEN {said}"
        elif status.sale:
            yield f"WHEN {word} NOT IN ({texts(one.lower() for one in status.sale)}) THEN {said}"


def _no_order(fit: Fit, cells: dict[str, Cell]) -> str:
    """SQL for whether a record is a footer: no date, no customer, and no order number or no amount."""
    placed, customer, number, amount = (
        _text(fit, cells.get(one)) for one in ("placed", "customer", "number", "amount")
    )
    blank = "({0} IS NULL OR regexp_matches({0}, {1}))"
    nobody, no_number = (blank.format(one, literal(_TOTAL)) for one in (customer, number))
    return f"{placed} IS NULL AND {nobody} AND ({no_number} OR {amount} IS NULL)"


def _left_out_by(one: Filter, text: str) -> str:
    word = f"coalesce(lower({text}), '')"
    parts = []
    if one.keep:
        parts.append(f"{word} NOT IN ({texts(word.lower() for word in one.keep)})")
    if one.drop:
        parts.append(f"{word} IN ({texts(word.lower() for word in one.drop)})")
    if one.pattern:
        parts.append(f"regexp_matches(coalesce({text}, ''), {literal(one.pattern)})")
    if one.blank:
        parts.append(f"{text} IS NOT NULL")
    return f"({' OR '.join(parts) or 'false'})"


def unknown_words(fit: Fit, status: Status) -> str:
    """The SELECT of status words that the profile does not know, with the number of records of each."""
    word = f"coalesce(lower({_text(fit, status)}), '')"
    known = texts(one.lower() for one in (*status.sale, *status.not_a_sale))
    return (
        f"SELECT {word} AS word, count(*) AS records FROM {carried_down(fit)} "
        f"WHERE malformed IS NULL AND {word} NOT IN ({known}) GROUP BY ALL ORDER BY records DESC, word LIMIT 10"
    )


def _is_refund(fit: Fit) -> str:
    rows = fit.profile.refund.rows
    if rows is None or not fit.has(rows):
        return "false"
    return f"coalesce(lower({_text(fit, rows)}) IN ({texts(word.lower() for word in rows.keep)}), false)"
