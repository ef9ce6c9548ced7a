"""Reads one export by a profile: its records become the table `lines`, and a manifest records how."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import duckdb

from rfm_assets.errors import ExportError, SettingError
from rfm_assets.exports.consent import make_consent
from rfm_assets.exports.currencies import currencies_of, refused_currencies
from rfm_assets.exports.found import Export
from rfm_assets.exports.header_fit import Fit, cells_of
from rfm_assets.exports.lines import lines
from rfm_assets.exports.manifest import Manifest
from rfm_assets.exports.mapped import mapped, unknown_words
from rfm_assets.exports.numbers import SHORTENED, define_read_number, number_form
from rfm_assets.exports.order_days import make_order_days
from rfm_assets.exports.plausible import must_be_plausible
from rfm_assets.exports.profile import Profile
from rfm_assets.exports.reconciled import reconcile
from rfm_assets.exports.statements import statement
from rfm_assets.exports.tables import Delivered, load, look_at
from rfm_assets.exports.terms import Terms
from rfm_assets.exports.work import Work
from rfm_assets.literals import literal

_SEVERAL = 10  # fewer unreadable amounts pass as delivered: one bad line must not hold up a day
_FEW = 0.01
_VERSION = "2"
"""The version of the reading rules: a new one makes all exports be read again."""


def fingerprint(profile: Profile, terms: Terms) -> str:
    """A fingerprint of everything besides the bytes that an export's lines depend on."""
    of_shop = f"{terms.currency} {terms.time_zone} {terms.ids.fingerprint if profile.customer.pseudonymise else None}"
    apart: dict[str, Any] = {"rules": True, "note": True, "title": True}
    if profile.customer.accepts_marketing is None:  # keeps the fingerprint of profiles older than this key
        apart["customer"] = {"accepts_marketing"}
    said = f"{_VERSION} {of_shop} {profile.model_dump_json(exclude=apart)}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def interpret(work: Work, export: Export, elsewhere: Iterable[Sequence[str]] = ()) -> Manifest:
    """Makes the table `lines` of an export; `elsewhere` are the date formats of the profile's other exports.

    Raises:
        AmbiguousExportError: when its dates are ambiguous.
        ExportError: when it cannot be read; names the problem and the way out.
    """
    connection, terms = work.connection, work.terms
    delivered = _load(work, export)
    fit, (table, header) = delivered.fit, delivered.main[0]
    form = _numbers(connection, fit, export.name)
    formats = make_order_days(work, fit, export.name, elsewhere)
    currencies = currencies_of(connection, export.name, terms)
    decimals = terms.decimals(tuple(currencies))
    connection.execute(f"CREATE OR REPLACE TABLE lines AS {lines(fit, decimals)}")
    if len(delivered.main) > 1:
        connection.execute(f"CREATE OR REPLACE TABLE lines AS {statement('repeated_orders')}")
    must_be_plausible(connection, fit, export.name)
    make_consent(connection, fit)
    reconciled = reconcile(connection, fit, export.name, decimals)
    facts = _facts(connection, export, terms)
    connection.execute("DROP TABLE mapped")
    return Manifest(
        name=export.name,
        digest=export.digest,
        time=export.time,
        profile=work.profile.name,
        fingerprint=fingerprint(work.profile, terms),
        encoding=table.encoding,
        delimiter=header.delimiter,
        decimal=form[0],
        formats=formats,
        currencies=currencies,
        reconciled=reconciled,
        remarks=(*delivered.remarks, *refused_currencies(currencies, terms)),
        **facts,
    )


def _load(work: Work, export: Export) -> Delivered:
    """Makes `mapped` of an export's files: the texts of each record, by the profile's fields."""
    delivered = look_at(export.name, export.files, work.profile, work.scratch)
    if work.profile.customer.pseudonymise:
        if not work.terms.ids.key:
            raise SettingError("the profile pseudonymises customers: set RFM_ID_KEY, a secret of 16 characters or more")
        work.terms.ids.prepare(work.connection)
    load(work.connection, delivered)
    _map(work, delivered.fit, export.name)
    _must_be_whole(work.connection, delivered.fit, export.name)
    return delivered


def _map(work: Work, fit: Fit, name: str) -> None:
    """Makes `mapped` of `records`, and drops the latter."""
    connection = work.connection
    status = fit.profile.order.status
    if status is not None and status.sale and status.not_a_sale and fit.has(status):
        words = connection.execute(unknown_words(fit, status)).fetchall()
        if words:
            listed = ", ".join(f'"{word}" ({count:,} records)' for word, count in words)
            message = (
                f"{name}: the profile {fit.profile.name} does not know the status {listed} in "
                f"{fit.found(status)[0]}: add it to `sale` or `not_a_sale` of [source.order.status]"
            )
            raise ExportError(message)
    connection.execute(f"CREATE OR REPLACE TABLE mapped AS {mapped(fit, work.terms.ids)}")
    connection.execute("DROP TABLE records")
    if fit.profile.line.drop_duplicates:
        connection.execute(f"CREATE OR REPLACE TABLE mapped AS {statement('without_duplicates')}")


def _must_be_whole(connection: duckdb.DuckDBPyConnection, fit: Fit, name: str) -> None:
    """Raises ExportError when a spreadsheet has shortened order or customer numbers, so that several became one."""
    shortened = literal(SHORTENED)
    for role, what in (("number", "order"), ("customer", "customer")):
        count, filled, example = connection.execute(
            f"SELECT count(*) FILTER (regexp_full_match({role}, {shortened})), count({role}), "
            f"any_value({role}) FILTER (regexp_full_match({role}, {shortened})) FROM mapped WHERE left_out IS NULL"
        ).fetchone() or (0, 0, None)
        if count > _FEW * filled:
            column = ", ".join(fit.found(dict(cells_of(fit.profile)).get(role)))
            message = (
                f"{name}: a spreadsheet has shortened {count:,} of {filled:,} numbers in {column}, such as {example}: "
                f"which {what} is meant is lost; use the file as exported, or format the column as text before saving"
            )
            raise ExportError(message)


def _numbers(connection: duckdb.DuckDBPyConnection, fit: Fit, name: str) -> tuple[str, str | None]:
    columns = [
        one
        for one in ("quantity", "amount")
        if connection.execute(f"SELECT count({one}) FROM mapped").fetchone() != (0,)
    ]
    try:
        form = number_form(connection, fit.profile.file, columns)
    except ValueError as error:
        raise ExportError(f"{name}: {error}") from None
    define_read_number(connection, *form)
    (read, filled, example) = connection.execute(
        "SELECT count(read_number(amount)), count(amount), any_value(amount) FILTER (read_number(amount) IS NULL) "
        "FROM mapped WHERE left_out IS NULL"
    ).fetchall()[0]
    if filled >= _SEVERAL and not read and fit.profile.line.packed is None:
        held = f"none of its {filled:,} texts is a number, such as {example}"
        column = fit.found(fit.amount)
        raise ExportError(f"{name}: no amount could be read from {', '.join(column)}: {held}")
    return form


def _facts(connection: duckdb.DuckDBPyConnection, export: Export, terms: Terms) -> dict[str, Any]:
    """The totals of the lines for the manifest; the amount is of lines in the shop's currency only."""
    in_own = f"coalesce(Currency = {literal(terms.currency)}, true)" if terms.currency else "true"
    found = connection.execute(statement("facts", in_own=in_own))
    names = [one[0] for one in found.description]
    facts: dict[str, Any] = dict(zip(names, found.fetchone() or (), strict=True))
    if facts["first_day"] is None:
        if facts["written"]:
            raise ExportError(f"{export.name}: no order has a day: correct `placed` in [source.order]")
        for day in ("first_day", "last_day", "newest_day"):  # a window without a sale
            facts[day] = export.time.date()
    reasons = connection.execute(
        "SELECT left_out, count(DISTINCT record) FROM lines WHERE left_out IS NOT NULL GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    unread = {key: facts.pop(f"unread_{key}") for key in ("number", "day", "quantity", "amount", "customer")}
    facts["unread"] = {key: count for key, count in unread.items() if count}
    facts["left_out"] = {str(reason): int(count) for reason, count in reasons}
    facts["amount"] = str(facts["amount"])
    newest = facts.pop("newest_day")
    facts["day"] = max(export.day_in_name or newest, newest)
    return facts
