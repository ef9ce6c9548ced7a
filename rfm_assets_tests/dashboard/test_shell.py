"""Holds the shell: the day and the filter reach the page, and what is wrong with the data is told with the way out."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from rfm_assets.dashboard.app import PAGES
from rfm_assets_tests.dashboard.conftest import Publish
from rfm_assets_tests.dashboard.shop import FIRST_DAY, LAST_DAY, open_page, texts
from rfm_assets_tests.plain import new_database


@pytest.mark.usefixtures("published")
def test_the_newest_day_is_shown_first() -> None:
    app = open_page("segments")
    assert not app.exception
    assert app.select_slider(key="as_of").value == LAST_DAY
    assert app.multiselect(key="segment").value == []


@pytest.mark.usefixtures("published")
def test_a_link_opens_a_day_and_segments() -> None:
    app = open_page("segments", as_of=str(FIRST_DAY), segment=["High Value - At Risk", "Base Value - Inactive"])
    assert app.select_slider(key="as_of").value == FIRST_DAY
    assert app.multiselect(key="segment").value == ["High Value - At Risk", "Base Value - Inactive"]


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("day", ["1999-01-01", "yesterday", "'; DROP TABLE gold.segment_summary; --"])
def test_a_link_to_a_day_there_is_not_opens_the_newest(day: str) -> None:
    app = open_page("segments", as_of=day)
    assert not app.exception
    assert app.select_slider(key="as_of").value == LAST_DAY


@pytest.mark.parametrize("page", [page.name for page in PAGES])
def test_with_nothing_published_every_page_says_how_to_begin(page: str, publish: Publish, tmp_path: Path) -> None:
    publish(tmp_path)
    app = open_page(page)
    assert not app.exception
    assert "make demo" in texts(app)


@pytest.mark.parametrize("page", [page.name for page in PAGES])
def test_empty_tables_are_explained(page: str, publish: Publish, tmp_path: Path) -> None:
    new_database(str(tmp_path / "rfm.duckdb")).close()
    publish(tmp_path)
    app = open_page(page)
    assert not app.exception
    assert "holds no day yet" in texts(app)


@pytest.mark.parametrize("page", [page.name for page in PAGES])
def test_a_file_that_is_no_database_is_explained(page: str, publish: Publish, tmp_path: Path) -> None:
    (tmp_path / "rfm.duckdb").write_bytes(b"not a database" * 1000)
    publish(tmp_path)
    app = open_page(page)
    assert not app.exception
    assert "publish it anew" in texts(app)


def test_a_file_that_is_written_to_is_explained(publish: Publish, sample_snapshot: Path, tmp_path: Path) -> None:
    shutil.copy(sample_snapshot / "rfm.duckdb", tmp_path / "rfm.duckdb")
    publish(tmp_path)
    with written_to(tmp_path / "rfm.duckdb"):
        app = open_page("segments")
    assert not app.exception
    assert "RFM\\_PUBLISHED" in texts(app)
    assert not open_page("segments").warning


@contextmanager
def written_to(path: Path) -> Iterator[None]:
    """While the block lasts, another process holds the file open for writing."""
    import subprocess
    import sys

    program = f"import duckdb, sys; held = duckdb.connect({str(path)!r}); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline() == b"held\n"
        yield


@pytest.mark.parametrize("page", [page.name for page in PAGES])
def test_a_table_that_was_not_published_is_named(
    page: str, publish: Publish, sample_snapshot: Path, tmp_path: Path
) -> None:
    shutil.copy(sample_snapshot / "rfm.duckdb", tmp_path / "rfm.duckdb")
    with duckdb.connect(str(tmp_path / "rfm.duckdb")) as connection:
        keep = {"gold.segment_thresholds"}
        for schema, table in connection.execute(
            "SELECT table_schema, table_name FROM information_schema.tables"
        ).fetchall():
            if f"{schema}.{table}" not in keep:
                connection.execute(f"DROP TABLE {schema}.{table}")
    publish(tmp_path)
    app = open_page(page)
    assert not app.exception


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("page", [page.name for page in PAGES])
@pytest.mark.parametrize("day", [FIRST_DAY, LAST_DAY])
def test_every_page_opens_on_the_first_and_the_last_day(page: str, day: object) -> None:
    app = open_page(page, as_of=str(day))
    assert not app.exception
    assert not app.error
