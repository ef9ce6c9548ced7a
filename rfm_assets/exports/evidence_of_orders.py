"""Finds the columns of an order's date and number."""

from collections.abc import Sequence

from rfm_assets.exports import dates
from rfm_assets.exports.evidence import HALF, MOST, Evidence, Found
from rfm_assets.exports.header import key_of, plain
from rfm_assets.exports.numbers import SHORTENED
from rfm_assets.exports.statements import quoted

_LOOKS_LIKE_A_DATE = "^[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}"
_PARTS = {
    "%Y": ("year", "orderyear", "jahr", "annee", "ano", "anno", "yyyy"),
    "%m": ("month", "ordermonth", "monat", "mois", "mes", "mese", "mm", "monthnumber", "monthno"),
    "%d": ("day", "orderday", "dayofmonth", "tag", "jour", "dia", "giorno", "dd", "daynumber"),
}


def date_of(evidence: Evidence) -> Found | None:
    """The order's date and its formats: by its header, else the only column of dates, else a year, month and day.

    Makes the table `moments` of its texts. Without formats, day first and month first are both possible.
    """
    by_name = evidence.free("placed")
    like = [one for one in evidence.headers if one not in evidence.used and _looks_like_dates(evidence, one)]
    others = [one for one in like if one not in by_name]
    for header in (*by_name, *(others if len(others) == 1 else [])):
        survey = _survey(evidence, quoted(key_of(header)), dates.KNOWN)
        if survey.records and max(survey.fits.values(), default=0) >= MOST * survey.records / 2:
            evidence.use(header)
            formats, why = _decided(evidence, survey, [one for one in like if one != header])
            _survey(evidence, quoted(key_of(header)), dates.KNOWN)
            return Found((header,), why, formats)
    return _date_in_parts(evidence)


def _decided(evidence: Evidence, survey: dates.Survey, others: Sequence[str]) -> tuple[Sequence[str], str]:
    """The formats; if ambiguous, another date column may show how this export writes dates."""
    shares = ", ".join(
        f"{100 * count / survey.records:.4g} % {'as' if place else 'of cells parse as'} {name}"
        for place, (name, count) in enumerate(sorted(survey.fits.items(), key=lambda one: -one[1]))
        if name != "%Y-%d-%m"
    )
    try:
        return dates.decide(survey), shares
    except dates.AmbiguousDatesError as error:
        for header in others:
            try:
                told = dates.decide(_survey(evidence, quoted(key_of(header)), dates.KNOWN))
                return dates.decide(survey, (told,)), f"{shares}; {header} tells which comes first"
            except ValueError:
                continue
        return (), f"UNRESOLVED: {error}"
    except ValueError as error:
        return (), f"UNRESOLVED: {error}"


def _date_in_parts(evidence: Evidence) -> Found | None:
    parts = {
        code: next((one for one in evidence.headers if plain(one) in names and evidence.filled(one)), None)
        for code, names in _PARTS.items()
    }
    headers = [one for one in parts.values() if one]
    whole = len(headers) == len(_PARTS)
    text = f"concat_ws('-', {', '.join(quoted(key_of(one)) for one in headers)})" if whole else "NULL::VARCHAR"
    formats = ("%Y-%m-%d", "%Y-%b-%d", "%Y-%B-%d")
    survey = _survey(evidence, text, formats)
    best = max(survey.fits, key=lambda name: survey.fits[name], default=None)
    if best is None or survey.fits[best] < MOST * survey.records:
        return None
    for header in headers:
        evidence.use(header)
    return Found(headers, f"{100 * survey.fits[best] / survey.records:.4g} % of cells parse as {best}", (best,))


def _survey(evidence: Evidence, text: str, formats: Sequence[str]) -> dates.Survey:
    evidence.connection.execute(
        f"CREATE OR REPLACE TABLE mapped AS SELECT record, malformed AS left_out, {text} AS placed FROM records"
    )
    dates.make_moments(evidence.connection, "placed")
    return dates.survey(evidence.connection, formats)


def _looks_like_dates(evidence: Evidence, header: str) -> bool:
    return evidence.share(header, f"regexp_matches({quoted(key_of(header))}, '{_LOOKS_LIKE_A_DATE}')") >= MOST


def number_of(evidence: Evidence, customer: str | None) -> tuple[Found | None, list[str]]:
    """The order's number: a header with such a name, whose values have one customer and mostly one day each.

    Reads `mapped` and `moments` of the date. Also returns which headers with such a name are not one, and why.
    """
    refuted: list[str] = []
    for header in evidence.free("number"):
        shortened = evidence.share(header, f"regexp_full_match({quoted(key_of(header))}, '{SHORTENED}')")
        if shortened > MOST:  # reading it reports that
            return Found((header,), "shortened by a spreadsheet"), refuted
        if evidence.distinct(header) == 1 and evidence.records > 1:
            refuted.append(f"{header} is the same in all records")
            continue
        several, one_customer, one_day = _shared(evidence, header, customer)
        if one_customer < MOST * several or one_day < HALF * several:
            refuted.append(
                f"{header} is not an order number: of {several:,} values in several records, {one_customer:,} are "
                f"of one customer and {one_day:,} of one day"
            )
            continue
        evidence.use(header)
        why = f"{evidence.distinct(header):,} different values in {evidence.records:,} records"
        if several:
            why += f"; {one_customer:,} of the {several:,} in several records are of one customer"
        return Found((header,), why), refuted
    return None, refuted


def _shared(evidence: Evidence, header: str, customer: str | None) -> tuple[int, int, int]:
    """The number of values shared by several records, and how many of these have one customer and one day."""
    key = quoted(key_of(header))
    return evidence.connection.execute(
        f"""SELECT count(*), count(*) FILTER (customers <= 1), count(*) FILTER (days <= 1) FROM (
            SELECT count(DISTINCT {quoted(key_of(customer)) if customer else "NULL"}) AS customers,
                count(DISTINCT day_text) AS days
            FROM records JOIN mapped USING (record) LEFT JOIN moments ON text = placed
            WHERE {key} IS NOT NULL AND malformed IS NULL GROUP BY {key} HAVING count(*) > 1)"""
    ).fetchone() or (0, 0, 0)
