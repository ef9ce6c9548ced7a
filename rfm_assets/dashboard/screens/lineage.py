"""Lineage: which table is made from which, each with its way into the Dagster UI."""

from datetime import date
from urllib.parse import urlencode

import streamlit as st

from rfm_assets.dashboard import charts, html_tables
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.figures.lineage import FILLS, graph
from rfm_assets.dashboard.lineage import LAYERS, READS
from rfm_assets.dashboard.view import View
from rfm_assets.settings import settings


def page(view: View) -> None:
    """Draws the page."""
    from rfm_assets.contracts import TABLES

    st.caption(
        "An arrow leads from what is read to what is made. A table opens in the Dagster UI: what was made, its checks, "
        "its columns."
    )
    charts.legend({f"{layer}: {meaning}": FILLS[layer] for layer, meaning in LAYERS.items()})
    with st.container(key="lineage_graph"):
        st.html("<style>.st-key-lineage_graph {overflow-x: auto} .st-key-lineage_graph svg {min-width: 900px}</style>")
        st.graphviz_chart(
            graph({key: link(key) for key in READS}),
            width="stretch",
            alt="The tables from bronze to clusters, and what each reads.",
        )
    st.subheader(f"Every table, and how it was made for {fmt.day(view.as_of)}", anchor=False)
    grains = {table.address.replace(".", "/"): table.grain for table in TABLES.values()}
    html_tables.show_table(
        {
            "Table": (key.replace("/", ".") for key in READS),
            "What it holds": (grains.get(key, LAYERS[key.split("/")[0]]) for key in READS),
            "Made from": (", ".join(one.replace("/", ".") for one in READS[key]) or "the daily files" for key in READS),
            "Dagster UI": (html_tables.Link("open", link(key, view.as_of)) for key in READS),
        },
        alt="Every table, what it holds and what it is made from.",
    )
    address = settings().dagster_url
    st.caption(f"The Dagster UI is at {address} (setting RFM_DAGSTER_URL); `make dev` starts it.")


def link(key: str, day: date | None = None) -> str:
    """Where the Dagster UI shows an asset, or what it holds for a day."""
    query = f"?{urlencode({'view': 'partitions', 'partition': day})}" if day else ""
    return f"{settings().dagster_url.rstrip('/')}/assets/{key}{query}"
