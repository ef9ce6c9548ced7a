"""The Lineage page shows the asset graph and links to the Dagster UI."""

from html import unescape
from pathlib import Path

import pytest

from rfm_assets.dashboard.figures.lineage import LAYERS, NEW_LINE, graph
from rfm_assets.definitions import defs
from rfm_assets.publishing.lineage import edges
from rfm_assets_tests.dashboard.conftest import Reads
from rfm_assets_tests.dashboard.shop import FIRST_DAY, changed, open_page, tables, texts

READS = edges()


def test_the_published_edges_are_those_of_the_asset_graph() -> None:
    assets = defs.resolve_asset_graph()
    found = {
        ".".join(key.path): {".".join(parent.path) for parent in assets.get(key).parent_keys}
        for key in assets.materializable_asset_keys
        if key.path[0] != "landing"  # exports are files, not tables
    }
    assert {made: set(sources) for made, sources in READS.items()} == found


def test_every_layer_is_drawn_with_its_tables_and_links() -> None:
    drawn = graph(READS, {table: f"https://ui.example/{table}" for table in READS})
    assert all(f"subgraph cluster_{layer} " in drawn for layer in LAYERS)
    assert all(f'URL="https://ui.example/{table}"' in drawn for table in READS)
    assert drawn.count("->") == sum(map(len, READS.values()))


@pytest.mark.usefixtures("published")
def test_every_table_is_listed_with_what_it_is_made_from() -> None:
    listed = tables(open_page("lineage"))[0]
    found = dict(zip(listed["Table"], listed["Made from"], strict=True))
    assert found == {table: ", ".join(sorted(sources)) or "the daily files" for table, sources in READS.items()}


def test_a_copy_that_was_published_before_there_was_a_lineage_says_when_it_comes(
    dashboard_reads: Reads, sample_snapshot: Path, tmp_path: Path
) -> None:
    dashboard_reads(changed(sample_snapshot, tmp_path, "DROP TABLE meta.lineage"))
    app = open_page("lineage")
    assert not app.exception
    assert "this copy has no lineage yet" in texts(app)


@pytest.mark.usefixtures("published")
def test_links_lead_to_the_day_that_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RFM_DAGSTER_URL", "https://dagster.shop.example/")
    app = open_page("lineage", as_of=str(FIRST_DAY))
    assert "gold.customer_segments" in tables(app)[0]["Table"]
    drawn = unescape("".join(element.proto.body for element in app.get("html")))
    address = f"https://dagster.shop.example/assets/gold/customer_segments?view=partitions&partition={FIRST_DAY}"
    assert f"<a href='{address}'>open</a>" in drawn


def test_no_frame_has_a_title_that_an_arrow_could_run_through_and_each_box_says_its_layer() -> None:
    drawn = graph(READS, dict.fromkeys(READS, ""))
    assert "labeljust" not in drawn
    assert all(f'"{table}" [label="{table.replace(".", NEW_LINE)}"' in drawn for table in READS)
