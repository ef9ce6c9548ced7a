"""Reads the dates of orders and refunds: texts become days in the tables `days` and `refund_days`."""

from collections.abc import Iterable, Sequence

from rfm_assets.errors import ExportError
from rfm_assets.exports import dates
from rfm_assets.exports.header_fit import Fit
from rfm_assets.exports.work import Work


class AmbiguousExportError(ExportError):
    """The export's dates can be read as day first and as month first, and no other export decides."""


def make_order_days(work: Work, fit: Fit, name: str, elsewhere: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Makes `days`, and `refund_days` if refunds are dated; returns the formats of the orders' dates."""
    formats = _days_of(work, fit, name, "placed", elsewhere)
    if fit.has(fit.profile.refund.date):
        _days_of(work, fit, name, "refunded_on", (formats,))
    return formats


def _days_of(work: Work, fit: Fit, name: str, column: str, elsewhere: Iterable[Sequence[str]]) -> tuple[str, ...]:
    connection, refund = work.connection, fit.profile.refund
    placed, target = fit.profile.order.placed, "days"
    if column != "placed" and refund.date is not None:
        placed, target = refund.date, "refund_days"
    dates.make_moments(connection, column)
    header = ", ".join(fit.found(placed)) or column
    formats: tuple[str, ...] = ()
    if placed.origin is None:
        found = dates.survey(connection, dates.formats_of(placed))
        try:
            formats = dates.decide(found, elsewhere) if found.records else ()
        except dates.AmbiguousDatesError as error:
            message = (
                f'{name}: {header}: {error}: set formats = ["%d/%m/%Y"] or ["%m/%d/%Y"] of [source.order] placed in '
                "the profile (`rfm profile new FILE` writes one to change)"
            )
            raise AmbiguousExportError(message) from None
        except ValueError as error:
            examples = connection.execute("SELECT text FROM moments ORDER BY records DESC, text LIMIT 3").fetchall()
            listed = ", ".join(str(one) for (one,) in examples) or "nothing"
            message = f"{name}: {header}: {error}, such as {listed}; set `formats` of [source.order] placed"
            raise ExportError(message) from None
    dates.make_days(connection, placed, formats, work.terms.time_zone, target)
    (texts, some) = connection.execute(f"SELECT count(*), count(day) FROM {target}").fetchone() or (0, 0)
    if texts and not some and column == "placed":
        raise ExportError(f"{name}: {header}: no day could be read: set `formats` or `origin` of [source.order] placed")
    return formats
