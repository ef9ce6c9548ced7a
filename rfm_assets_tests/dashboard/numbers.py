"""The numbers a page shows, and the same numbers by SQL over the published copy."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from rfm_assets.dashboard.published_copy import current
from rfm_assets_tests.dashboard.shop import FIRST_DAY, LAST_DAY

TWENTY_DAYS = [*(FIRST_DAY + timedelta(days=13 + 3 * number) for number in range(19)), LAST_DAY]
"""Starting with the first day that has two weeks behind it."""

_DATE = re.compile(r"\b\d{1,2} [A-Z][a-z]{2} \d{4}")
_NUMBER = re.compile(r"[+-]?£?\d+(?:,\d{3})*(?:\.\d+)?(?:bn|[mk%])?")
_HINT = re.compile(r"<p class='rfm-hint'.*?</p>")

MEDIANS = """
    SELECT as_of_date AS day, count(*) AS customers, median(Recency) AS recency, median(Frequency) AS frequency,
        median(CAST(Monetary AS DOUBLE)) AS monetary
    FROM gold.customer_segments GROUP BY as_of_date
"""
JUMPS = f"""
    WITH medians AS ({MEDIANS}), shifted AS (
        SELECT as_of_date AS day, sum(threshold) AS moved FROM gold.segment_migration
        WHERE compared_to = as_of_date - 1 AND as_of_date BETWEEN DATE '{FIRST_DAY + timedelta(days=28)}' AND $day
        GROUP BY as_of_date
    )
    SELECT shifted.day, shifted.moved, now.recency, now.frequency, now.monetary, before.recency AS recency_before,
        before.frequency AS frequency_before, before.monetary AS monetary_before
    FROM shifted JOIN medians AS now USING (day) JOIN medians AS before ON before.day = shifted.day - 1
    WHERE shifted.moved >= 0.05 * now.customers ORDER BY shifted.day
"""
"""The days from the fifth week on when the medians alone moved a twentieth of all customers."""


class Asked:
    """SQL results over a published copy as of a day, which statements call `$day`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, day: date) -> None:
        self._connection, self.day = connection, day

    def rows(self, select: str, **given: object) -> list[dict[str, Any]]:
        """The rows by the names of their columns."""
        known = {"day": self.day} | given
        found = self._connection.execute(select, {name: known[name] for name in known if f"${name}" in select})
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def row(self, select: str, **given: object) -> dict[str, Any]:
        """The only row."""
        (found,) = self.rows(select, **given)
        return found


@pytest.fixture(params=TWENTY_DAYS, ids=str)
def asked(request: pytest.FixtureRequest, published: Path) -> Asked:  # noqa: ARG001
    """One of twenty days, and the published copy of the sample shop that the dashboard shows."""
    return Asked(current().cursor(), request.param)


def prose(app: AppTest) -> str:
    """The page's sentences, except the time the copy was made."""
    kinds = (app.markdown, app.caption, app.info)
    said = [str(element.value).replace("\\", "") for kind in kinds for element in kind]
    return "\n".join(text for text in said if not text.startswith("Updated "))


def numbers(text: str) -> set[str]:
    """The numbers in a text, without dates."""
    return set(_NUMBER.findall(_DATE.sub("", text)))


def metrics(app: AppTest) -> list[tuple[str, str, str, str]]:
    """Each card: its title, its number, the comparison beneath, and what it is compared with."""
    return [(card.label, str(card.value), card.delta, card.proto.delta_description) for card in app.metric]


def drawn(app: AppTest, look: str) -> list[list[str]]:
    """The texts of each HTML element with a class, except the scrolling hint."""
    return [
        [unescape(text).strip() for text in re.split(r"<[^>]*>", _HINT.sub("", body)) if text.strip()]
        for body in _bodies(app)
        if f"class='{look}" in body
    ]


def _bodies(app: AppTest) -> Iterator[str]:
    yield from (str(element.proto.body) for element in app.get("html"))
