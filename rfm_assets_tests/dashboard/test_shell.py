"""The shell passes day and filter on to the page, and reports problems with the data along with the way out."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from rfm_assets.contracts import TABLES, gold
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.app import PAGES
from rfm_assets.dashboard.date_bar import how_new, steps
from rfm_assets.publishing.publish import publish
from rfm_assets.publishing.source import StoredInFile
from rfm_assets.publishing.versions import COPY
from rfm_assets_tests.dashboard.conftest import Reads
from rfm_assets_tests.dashboard.shop import FIRST_DAY, LAST_DAY, changed, open_page, texts, version_in
from rfm_assets_tests.helpers.plain import new_database

pytestmark = pytest.mark.slow

every_page = pytest.mark.parametrize("page", [page.name for page in PAGES])


@pytest.mark.usefixtures("published")
def test_the_newest_day_is_shown_first() -> None:
    app = open_page("segments")
    assert not app.exception
    assert app.date_input(key="as_of").value == LAST_DAY
    assert app.multiselect(key="segment").value == []
    assert "run 01234567" in texts(app)


@pytest.mark.usefixtures("published")
def test_a_link_opens_a_day_and_segments() -> None:
    app = open_page("segments", as_of=str(FIRST_DAY), segment=["High Value - At Risk", "Base Value - Inactive"])
    assert app.date_input(key="as_of").value == FIRST_DAY
    assert app.multiselect(key="segment").value == ["High Value - At Risk", "Base Value - Inactive"]


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("day", ["1999-01-01", "yesterday", "'; DROP TABLE gold.segment_summary; --"])
def test_a_link_to_a_day_there_is_not_opens_the_newest(day: str) -> None:
    app = open_page("segments", as_of=day)
    assert not app.exception
    assert app.date_input(key="as_of").value == LAST_DAY
    assert fmt.md(f"asks for {day}, which is not a published day: showing {fmt.day(LAST_DAY)}, the newest.") in texts(
        app
    )
    assert app.query_params["as_of"] == str(LAST_DAY)


@pytest.mark.usefixtures("published")
def test_segments_there_are_not_are_named_with_what_is_shown_instead() -> None:
    one = open_page("segments", segment=["Whales", "High Value - At Risk"])
    assert fmt.md("asks for the segment Whales, which does not exist: High Value - At Risk is shown.") in texts(one)
    assert one.multiselect(key="segment").value == ["High Value - At Risk"]
    none = open_page("segments", segment="Whales")
    assert fmt.md("asks for the segment Whales, which does not exist: all segments are shown.") in texts(none)


@pytest.mark.usefixtures("published")
@every_page
def test_the_address_carries_the_day_that_is_shown_on_the_newest_day_too(page: str) -> None:
    app = open_page(page)
    assert app.query_params["as_of"] == str(LAST_DAY)
    app.date_input(key="as_of").set_value(FIRST_DAY).run()
    assert app.query_params["as_of"] == str(FIRST_DAY)


def test_a_link_from_before_a_new_day_still_opens_its_own_day(
    dashboard_reads: Reads, sample_snapshot: Path, tmp_path: Path
) -> None:
    fewer = [
        f"DELETE FROM gold.{table} WHERE as_of_date = DATE '{LAST_DAY}'"
        for table in ("customer_segments", "segment_summary", "segment_thresholds")
    ]
    dashboard_reads(changed(sample_snapshot, tmp_path, *fewer))
    shared = open_page("growth").query_params["as_of"]
    dashboard_reads(sample_snapshot)
    assert open_page("growth", as_of=shared).date_input(key="as_of").value == LAST_DAY - timedelta(days=1)


@pytest.mark.usefixtures("published")
@every_page
@pytest.mark.parametrize("day", [FIRST_DAY, LAST_DAY])
def test_every_page_opens_on_the_first_and_the_last_day(page: str, day: date) -> None:
    app = open_page(page, as_of=str(day))
    assert not app.exception
    assert not app.error


@every_page
def test_with_nothing_published_every_page_says_how_to_begin(page: str, dashboard_reads: Reads, tmp_path: Path) -> None:
    dashboard_reads(tmp_path)
    app = open_page(page)
    assert not app.exception
    assert "make demo" in texts(app)


@every_page
def test_empty_tables_are_explained(page: str, dashboard_reads: Reads, tmp_path: Path) -> None:
    with new_database() as empty:
        publish(StoredInFile(empty), tmp_path, run_id="a run")
    dashboard_reads(tmp_path)
    app = open_page(page)
    assert not app.exception
    assert "has no days yet" in texts(app)


@every_page
def test_a_file_that_is_no_database_is_explained(page: str, dashboard_reads: Reads, tmp_path: Path) -> None:
    version_in(tmp_path).write_bytes(b"not a database" * 1000)
    dashboard_reads(tmp_path)
    app = open_page(page)
    assert not app.exception
    assert "materialize publishing/snapshot" in texts(app)


def test_a_file_that_is_written_to_is_explained_and_read_once_it_is_free(
    dashboard_reads: Reads, sample_snapshot: Path, tmp_path: Path
) -> None:
    version = version_in(tmp_path)
    shutil.copy(sample_snapshot / COPY, version)
    dashboard_reads(tmp_path)
    with written_to(version):
        app = open_page("segments")
        assert not app.exception
        assert "open for writing in another program" in texts(app)
    assert not app.run().warning


@every_page
def test_tables_that_were_not_published_are_no_traceback(
    page: str, dashboard_reads: Reads, sample_snapshot: Path, tmp_path: Path
) -> None:
    others = [table.address for table in TABLES.values() if table != gold.SEGMENT_THRESHOLDS]
    drops = [f"DROP TABLE IF EXISTS {address}" for address in ("meta.published", *others)]
    dashboard_reads(changed(sample_snapshot, tmp_path, *drops))
    app = open_page(page)
    assert not app.exception
    assert page == "lineage" or "rfm refresh" in texts(app)


def test_a_copy_of_an_older_version_says_what_it_lacks_and_how_to_have_it(
    dashboard_reads: Reads, sample_snapshot: Path, tmp_path: Path
) -> None:
    dashboard_reads(changed(sample_snapshot, tmp_path, "ALTER TABLE gold.segment_migration DROP COLUMN aged"))
    app = open_page("movements")
    assert not app.exception
    assert '"aged" not found' in texts(app)
    assert "publishing/snapshot" in texts(app)


def test_a_new_copy_is_shown_without_a_restart(dashboard_reads: Reads, sample_snapshot: Path, tmp_path: Path) -> None:
    first = version_in(tmp_path)
    shutil.copy(sample_snapshot / COPY, first)
    dashboard_reads(tmp_path)
    app = open_page("segments")
    assert not app.warning
    second = version_in(tmp_path)
    shutil.copy(sample_snapshot / COPY, second)
    with duckdb.connect(str(second)) as connection:
        for table in ("customer_segments", "segment_summary", "segment_thresholds"):
            connection.execute(f"DELETE FROM gold.{table} WHERE as_of_date = ?", [LAST_DAY])
    app.run()
    assert not app.exception
    assert app.date_input(key="as_of").value < LAST_DAY


@contextmanager
def written_to(path: Path) -> Iterator[None]:
    """While the block lasts, another process holds the file open for writing."""
    program = f"import duckdb, sys; held = duckdb.connect({str(path)!r}); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline() == b"held\n"
        yield


CHOICES = {
    ("segments", "segments_period"): "3 days",
    ("segments", "segments_measure"): "Profit",
    ("movements", "movements_compared"): "3 days before",
    ("growth", "growth_others"): "perhaps",
    ("clusters", "clusters_outliers"): "perhaps",
    ("data_quality", "data_quality_period"): "90 days",
    ("data_quality", "data_quality_rule"): "bad luck",
    ("data_quality", "data_quality_day"): "1999-01-01",
}
"""Values that no page offers, by page and choice."""


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(("page", "key"), CHOICES)
def test_a_choice_there_is_not_is_named_with_what_is_shown_instead(page: str, key: str) -> None:
    app = open_page(page, **{key: CHOICES[page, key]})
    assert not app.exception
    (said,) = (note.value for note in app.info if "The address asks for" in note.value)
    assert fmt.md(f"{CHOICES[page, key]}, which does not exist: ") in said


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("day", ["yesterday", "1999-01-01", f"{LAST_DAY}"])
def test_a_date_to_compare_to_that_there_is_not_is_named_with_what_is_shown_instead(day: str) -> None:
    app = open_page("movements", compare_to=day)
    assert not app.exception
    assert fmt.md(f"asks for the earlier date {day}, which does not exist: no date to compare with is shown.") in texts(
        app
    )
    assert app.date_input(key="compare_to").value is None


@pytest.mark.usefixtures("published")
def test_each_step_leads_to_its_date_and_a_step_to_nowhere_is_disabled() -> None:
    app = open_page("growth", as_of="2025-08-20")
    for step, day in {
        "Previous": "2025-08-19",
        "Next": "2025-08-20",
        "Week ago": "2025-08-13",
        "Month end": "2025-07-31",
    }.items():
        app.button(key=f"date_{step}").click().run()
        assert app.query_params["as_of"] == day
    app.button(key="date_Latest").click().run()
    assert app.query_params["as_of"] == str(LAST_DAY)
    assert [app.button(key=f"date_{step}").disabled for step in ("Next", "Latest", "Previous")] == [True, True, False]


def test_steps_skip_days_that_were_not_published() -> None:
    days = [date(2025, 1, day) for day in (1, 2, 9, 20)]
    assert steps(days, days[2]) == {
        "Previous": days[1],
        "Next": days[3],
        "Latest": days[3],
        "Week ago": days[1],
        "Month end": None,
    }
    assert steps([date(2024, 12, 31), *days], days[2])["Month end"] == date(2024, 12, 31)


def test_a_page_of_an_earlier_day_says_so_and_so_do_old_data() -> None:
    newest = date(2026, 4, 28)
    assert how_new(newest, newest, date(2026, 5, 5)) == ""
    assert how_new(newest, newest, date(2026, 5, 6)) == "Nothing newer has arrived for 8 days."
    earlier = how_new(date(2026, 2, 28), newest, newest)
    assert earlier == "You are looking at 28 Feb 2026, not at the newest day, 28 Apr 2026."


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("page", "kind", "key", "choice"),
    [
        ("segments", "segmented_control", "segments_period", "30 days"),
        ("segments", "segmented_control", "segments_measure", "Share of customers"),
        ("movements", "segmented_control", "movements_compared", "30 days before"),
        ("growth", "toggle", "growth_others", "true"),
        ("clusters", "toggle", "clusters_outliers", "true"),
        ("data_quality", "segmented_control", "data_quality_period", "30 days"),
        ("data_quality", "selectbox", "data_quality_day", str(FIRST_DAY)),
    ],
)
def test_a_link_opens_every_choice_that_changes_a_number(page: str, kind: str, key: str, choice: str) -> None:
    app = open_page(page, **{key: choice})
    assert not app.info
    assert str(getattr(app, kind)(key=key).value).lower() == choice.lower()
