"""Holds the page Lineage to the asset graph, and its links to the Dagster UI."""

from html import unescape

import pytest

from rfm_assets.dashboard.figures.lineage import NEW_LINE, graph
from rfm_assets.dashboard.lineage import LAYERS, READS
from rfm_assets.definitions import defs
from rfm_assets_tests.dashboard.shop import FIRST_DAY, open_page, tables


def test_the_declared_edges_are_those_of_the_asset_graph() -> None:
    assets = defs.resolve_asset_graph()
    found = {
        key.to_user_string(): {parent.to_user_string() for parent in assets.get(key).parent_keys}
        for key in assets.materializable_asset_keys
    }
    assert {key: set(sources) for key, sources in READS.items()} == found


def test_every_layer_is_drawn_with_its_tables_and_links() -> None:
    drawn = graph({key: f"https://ui.example/{key}" for key in READS})
    assert all(f"subgraph cluster_{layer} " in drawn for layer in LAYERS)
    assert all(f'URL="https://ui.example/{key}"' in drawn for key in READS)
    assert drawn.count("->") == sum(map(len, READS.values()))


@pytest.mark.usefixtures("published")
def test_links_lead_to_the_day_that_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RFM_DAGSTER_URL", "https://dagster.shop.example/")
    app = open_page("lineage", as_of=str(FIRST_DAY))
    assert "gold.customer_segments" in tables(app)[0]["Table"]
    drawn = unescape("".join(element.proto.body for element in app.get("html")))
    address = f"https://dagster.shop.example/assets/gold/customer_segments?view=partitions&partition={FIRST_DAY}"
    assert f"<a href='{address}'>open</a>" in drawn


def test_no_frame_has_a_title_that_an_arrow_could_run_through_and_each_box_says_its_layer() -> None:
    drawn = graph(dict.fromkeys(READS, ""))
    assert "labeljust" not in drawn
    assert all(f'"{key}" [label="{key.replace("/", NEW_LINE)}"' in drawn for key in READS)
