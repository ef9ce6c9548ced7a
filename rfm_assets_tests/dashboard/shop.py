"""A sample shop's published copy, filled without Dagster, and dashboard pages over it without a browser."""

import json
import re
import shutil
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import duckdb
from streamlit.testing.v1 import AppTest

from rfm_assets.contracts import gold, ml
from rfm_assets.landing.folder import FolderLandingZone
from rfm_assets.ml.assets import CUSTOMERS
from rfm_assets.ml.days import cluster_days
from rfm_assets.ml.settings import ClusterSettings
from rfm_assets.ml.stability import stability_of
from rfm_assets.publishing.publish import publish
from rfm_assets.publishing.source import StoredInFile
from rfm_assets.publishing.versions import COPY, Pointer
from rfm_assets.sample import write_sample
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.query import Query, sql
from rfm_assets_tests.helpers.plain import day, load, materialize, new_database, prove

DAYS, LINES_PER_DAY = 70, 250
CLUSTERED_DAYS = 4
FIRST_DAY, LAST_DAY = day(1), day(DAYS)


def publish_sample(folder: Path) -> Path:
    """Publishes every table of a sample shop; returns the published folder."""
    published, landing = folder / "published", folder / "landing"
    write_sample(landing, start=FIRST_DAY, days=DAYS, lines_per_day=LINES_PER_DAY, workers=1)
    with new_database(str(folder / "warehouse.duckdb")) as connection:
        load(connection, FolderLandingZone(folder=str(landing)), FIRST_DAY, LAST_DAY)
        materialize(connection, FIRST_DAY, LAST_DAY)
        prove(connection, FIRST_DAY, LAST_DAY)
        cluster(connection, [day(number) for number in range(DAYS - CLUSTERED_DAYS + 1, DAYS + 1)])
        publish(StoredInFile(connection), published, run_id="0123456789")
    return published


def cluster(connection: duckdb.DuckDBPyConnection, days: list[date]) -> None:
    """Fills the ml tables for some days in a row."""
    frames = [
        (one, connection.execute(f"SELECT {CUSTOMERS} FROM gold.customer_rfm WHERE as_of_date = ?", [one]).df())
        for one in days
    ]
    for one, found in cluster_days(frames, ClusterSettings(), workers=1):
        connection.register("label", found.customer_clusters[["as_of_date", "CustomerID", "Cluster"]])
        connection.register("selection", found.cluster_selection)
        connection.register("summary", found.cluster_summary)
        parts = {
            "customer_rfm": Days(gold.CUSTOMER_RFM, one, one).select(),
            "label": Query("SELECT * FROM label"),
            "summary": Query("SELECT * FROM summary"),
        }
        labelled = sql("rfm_assets.ml", "customer_clusters", **parts).sql()
        connection.execute(f"INSERT INTO {ml.CUSTOMER_CLUSTERS.address} BY NAME {labelled}")
        connection.execute(f"INSERT INTO {ml.CLUSTER_SELECTION.address} BY NAME SELECT * FROM selection")
        connection.execute(f"INSERT INTO {ml.CLUSTER_SUMMARY.address} BY NAME SELECT * FROM summary")
    stored = Query(f"SELECT * FROM {ml.CUSTOMER_CLUSTERS.address}")
    moves = connection.execute(sql("rfm_assets.ml", "transitions", customer_clusters=stored).sql()).df()
    chosen = connection.execute(f"SELECT as_of_date, k FROM {ml.CLUSTER_SELECTION.address} WHERE chosen").fetchall()
    connection.register("stability", stability_of(moves, dict(chosen)))
    connection.execute(f"INSERT INTO {ml.CLUSTER_STABILITY.address} BY NAME SELECT * FROM stability")


def _script(name: str) -> None:
    """What Streamlit runs in `open_page`: the whole shell with one entry in its menu."""
    from rfm_assets.dashboard.app import PAGES, main

    main([page for page in PAGES if page.name == name])


def open_page(name: str, **query: str | list[str]) -> AppTest:
    """Opens a page, as a link with `query` would, in the published copy that RFM_PUBLISHED names."""
    app = AppTest.from_function(_script, args=(name,), default_timeout=30)
    for key, value in query.items():
        app.query_params[key] = value
    return app.run()


def texts(app: AppTest) -> str:
    """All prose on a page: titles, captions, notes, warnings."""
    kinds = (app.title, app.header, app.subheader, app.caption, app.markdown, app.info, app.warning, app.error)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def cards(app: AppTest) -> dict[str, str]:
    """The values of a page's cards, by label."""
    return {card.label: str(card.value) for card in app.metric}


def tables(app: AppTest) -> list[dict[str, list[str]]]:
    """Every text table on a page: its columns by their titles."""
    found = []
    for drawn in (element.proto.body for element in app.get("html") if "class='rfm-table" in element.proto.body):
        titles, texts = (
            [
                unescape(text)
                for text in re.findall(rf"<{cell}[^>]*>(?:<[ai] [^>]*>)?([^<]*)(?:</[ai]>)?</{cell}>", drawn)
            ]
            for cell in ("th", "td")
        )
        found.append({title: texts[place :: len(titles)] for place, title in enumerate(titles)})
    return found


def charts(app: AppTest) -> list[dict[str, Any]]:
    """Every chart that a page shows, as it is sent to the browser."""
    return [json.loads(element.proto.spec) for element in app.get("echarts_chart")]


def stored(published: Path, select: str, parameters: object = None) -> list[tuple[Any, ...]]:
    """The rows of the warehouse from which the sample was published."""
    with duckdb.connect(str(published.parent / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(select, parameters).fetchall()


def version_in(folder: Path) -> Path:
    """An empty file at the place where readers of the folder look for a published copy."""
    pointer = Pointer(folder, COPY)
    version = pointer.new_version()
    version.touch()
    pointer.show(version)
    return version


def changed(published: Path, folder: Path, *statements: str) -> Path:
    """Copies a published copy and applies the statements to it; returns its folder."""
    version = version_in(folder)
    shutil.copy(published / COPY, version)
    with duckdb.connect(str(version)) as connection:
        for statement in statements:
            connection.execute(statement)
    return folder
