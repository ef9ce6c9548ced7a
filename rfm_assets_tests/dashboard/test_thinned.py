"""Every page stays correct over a thinned published copy, on thinned and on kept days."""

import csv
import io
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from rfm_assets.automation.thinning import thin
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.app import PAGES
from rfm_assets.dashboard.audience_download import audience_csv
from rfm_assets.dashboard.published_copy import current
from rfm_assets.publishing.audience import Audience
from rfm_assets.publishing.versions import COPY
from rfm_assets.warehouse.duckdb.engine import DuckDBEngine
from rfm_assets_tests.dashboard.conftest import Reads
from rfm_assets_tests.dashboard.shop import (
    FIRST_DAY,
    LAST_DAY,
    cards,
    changed,
    open_page,
    stored,
    tables,
    texts,
    version_in,
)

pytestmark = pytest.mark.slow

MONTH_ENDS = [date(2025, 6, 30), date(2025, 7, 31), date(2025, 8, 31)]
GONE = LAST_DAY - timedelta(days=1)
"""A day with clusters."""


@pytest.fixture(scope="session")
def thinned_snapshot(sample_snapshot: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample shop, with customers of month ends and the last day only; tests do not change it."""
    folder = tmp_path_factory.mktemp("thinned")
    version = version_in(folder)
    shutil.copy(sample_snapshot / COPY, version)
    warehouse = DuckDBEngine(database=str(version))
    assert GONE in thin(warehouse, daily_for_days=0).days
    warehouse.release()
    return folder


@pytest.fixture
def thinned(dashboard_reads: Reads, thinned_snapshot: Path) -> Path:
    """The dashboard reads the thinned shop."""
    dashboard_reads(thinned_snapshot)
    return thinned_snapshot


def not_stored(day: date) -> str:
    return f"the customers of {fmt.day(day)} are not stored"


@pytest.mark.usefixtures("thinned")
@pytest.mark.parametrize("page", [page.name for page in PAGES])
@pytest.mark.parametrize("day", [FIRST_DAY, MONTH_ENDS[0], MONTH_ENDS[-1], GONE, LAST_DAY])
def test_every_page_opens(page: str, day: date) -> None:
    app = open_page(page, as_of=str(day))
    assert not app.exception
    assert not app.error


@pytest.mark.usefixtures("thinned")
def test_the_segments_of_a_thinned_day_are_told_but_for_their_orders(sample_snapshot: Path) -> None:
    totals = "SELECT count(*), sum(Monetary) FROM gold.customer_segments WHERE as_of_date = ?"
    ((customers, revenue),) = stored(sample_snapshot, totals, [GONE])
    app = open_page("segments", as_of=str(GONE))
    assert {label: value for label, value in cards(app).items() if "in 7 days" not in label} == {
        "Customers": fmt.count(customers),
        "Active in 30 days": "not stored",
        "Lifetime revenue": fmt.short_money(revenue),
        "Lifetime orders": "not stored",
        "Lifetime AOV": "not stored",
        "Lifetime revenue per customer": fmt.money(revenue / customers),
    }
    assert f"cannot be shown: {not_stored(GONE)}" in texts(app)


@pytest.mark.usefixtures("thinned")
@pytest.mark.parametrize("page", ["segments", "growth"])
@pytest.mark.parametrize("day", [GONE, LAST_DAY])
def test_what_everybody_bought_in_a_period_outlasts_the_customers(
    page: str, day: date, dashboard_reads: Reads, sample_snapshot: Path
) -> None:
    told = changes(page, day)
    assert len(told) > 3
    dashboard_reads(sample_snapshot)
    assert changes(page, day) == told


def changes(page: str, day: date) -> list[tuple[str, str, str]]:
    """The cards that compare periods, with both numbers."""
    return [
        (card.label, str(card.value), card.proto.delta_description)
        for card in open_page(page, as_of=str(day)).metric
        if card.proto.delta_description
    ]


@pytest.mark.usefixtures("thinned")
def test_what_chosen_segments_bought_is_told_where_it_is_known_and_else_what_is_missing() -> None:
    chosen = ["High Value - Active & Engaged"]
    gone = open_page("segments", as_of=str(GONE), segment=chosen)
    assert cards(gone)["Revenue in 7 days"] == "not stored"
    assert f"cannot be shown: {not_stored(GONE)}" in texts(gone)
    last = open_page("segments", as_of=str(LAST_DAY), segment=chosen)
    assert cards(last)["Revenue in 7 days"] != "not stored"
    assert [card.label for card in last.metric if card.delta] == ["Customers"]
    assert f"cannot be compared: {not_stored(LAST_DAY - timedelta(days=7))}" in texts(last)


@pytest.mark.usefixtures("thinned")
def test_the_customers_of_a_thinned_day_are_not_there_and_how_to_have_them_back_is() -> None:
    app = open_page("customers", as_of=str(GONE))
    assert not_stored(GONE) in texts(app)
    assert fmt.md("materialize the job `rebuild_segments`") in texts(app)
    assert not tables(app)
    assert not app.subheader


@pytest.mark.usefixtures("thinned")
def test_who_entered_a_segment_is_told_since_a_day_whose_customers_are_stored() -> None:
    kinds = open_page("customers", as_of=str(LAST_DAY)).selectbox(key="customers_audience_kind").options
    since = MONTH_ENDS[1]
    assert kinds == ["Everyone in it", f"Joined since {fmt.day(since)}", f"Left since {fmt.day(since)}"]
    entered = audience_csv(current(), LAST_DAY, since, Audience("High Value - At Risk", "entered")).decode()
    origins = {row["from_segment"] for row in csv.DictReader(io.StringIO(entered))}
    assert origins - {"New customer"}
    first = open_page("customers", as_of=str(MONTH_ENDS[0])).selectbox(key="customers_audience_kind").options
    assert first == ["Everyone in it"]


@pytest.mark.usefixtures("thinned")
def test_the_stays_of_a_customer_count_the_days_between_stored_ones(sample_snapshot: Path) -> None:
    ((customer,),) = stored(
        sample_snapshot,
        "SELECT min(CustomerID) FROM gold.customer_segments WHERE as_of_date = ?",
        [MONTH_ENDS[0]],
    )
    spells = current().rows("customers_spells", as_of=LAST_DAY, customer=customer)
    assert spells[0]["first_day"] == MONTH_ENDS[0]
    assert all(spell["days"] == (spell["last_day"] - spell["first_day"]).days + 1 for spell in spells)
    said = texts(open_page("customers", as_of=str(LAST_DAY), customer=customer))
    known = (LAST_DAY - MONTH_ENDS[0]).days + 1
    assert f"Customers of {known - 4} of these {known} days are not stored" in said


@pytest.mark.usefixtures("thinned")
@pytest.mark.parametrize("day", [GONE, LAST_DAY])
def test_stored_movements_outlast_the_customers(day: date) -> None:
    app = open_page("movements", as_of=str(day))
    assert f"{fmt.day(day - timedelta(days=7))} to {fmt.day(day)}" in texts(app)
    assert cards(app)["Customers"] == cards(open_page("segments", as_of=str(day)))["Customers"]


@pytest.mark.usefixtures("thinned")
def test_another_day_is_the_newest_that_can_be_compared_with() -> None:
    app = open_page("movements", compare_to="2025-07-20")
    assert "The customers of 20 Jul 2025 are no longer stored" in texts(app)
    assert f"{fmt.day(MONTH_ENDS[0])} to {fmt.day(LAST_DAY)}" in texts(app)
    assert cards(app)["Customers"] == cards(open_page("segments"))["Customers"]


def test_days_that_were_never_compared_and_are_thinned_are_said(
    thinned: Path, dashboard_reads: Reads, tmp_path: Path
) -> None:
    dashboard_reads(changed(thinned, tmp_path, "DELETE FROM gold.segment_migration"))
    app = open_page("movements", as_of=str(GONE))
    assert not_stored(GONE) in texts(app)
    assert not app.metric
    first = open_page("movements", as_of=str(MONTH_ENDS[0]), movements_compared="1 day before")
    assert not_stored(MONTH_ENDS[0] - timedelta(days=1)) in texts(first)
    other = open_page("movements", as_of=str(GONE), compare_to=str(FIRST_DAY + timedelta(days=1)))
    assert not other.exception
    assert not_stored(GONE) in texts(other)


@pytest.mark.usefixtures("thinned")
def test_the_clusters_of_a_thinned_day_are_summed_up_and_no_customer_is_drawn() -> None:
    app = open_page("clusters", as_of=str(GONE))
    assert "Only summaries are left" in texts(app)
    assert not_stored(GONE) in texts(app)
    assert "at most" not in "".join(str(one.value) for one in app.caption)
    (table,) = tables(app)
    assert len(table["Name"]) > 1
    assert "Why 4 clusters" in texts(app)
    assert "Only summaries" not in texts(open_page("clusters", as_of=str(LAST_DAY)))


@pytest.mark.usefixtures("thinned")
@pytest.mark.parametrize("page", ["growth", "data_quality", "lineage"])
def test_what_is_no_customers_page_tells_the_same_as_before(
    page: str, dashboard_reads: Reads, sample_snapshot: Path
) -> None:
    told = texts(open_page(page, as_of=str(GONE))), cards(open_page(page, as_of=str(GONE)))
    dashboard_reads(sample_snapshot)
    assert told == (texts(open_page(page, as_of=str(GONE))), cards(open_page(page, as_of=str(GONE))))
