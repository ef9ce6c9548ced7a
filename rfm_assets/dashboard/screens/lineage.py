"""Lineage: which table is made from which, with links to the Dagster UI."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from urllib.parse import urlencode

import streamlit as st

from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard import html_tables
from rfm_assets.dashboard.figure import Data, figure
from rfm_assets.dashboard.figures.lineage import FILLS, LAYERS, graph
from rfm_assets.dashboard.legend import legend
from rfm_assets.dashboard.palette import themed
from rfm_assets.dashboard.view import View
from rfm_assets.errors import NothingToShowError
from rfm_assets.settings import settings


def page(view: View) -> None:
    """Draws the page.

    Raises:
        NothingToShowError: when the published copy is older than the table that it shows.
    """
    from rfm_assets.contracts.meta import LINEAGE

    if not view.copy.has(LINEAGE.address):
        raise NothingToShowError("this copy has no lineage yet; publish again, for instance with `rfm refresh`")
    reads = {row["made"]: row["reads"] or [] for row in view.copy.rows("lineage")}
    _graph(reads)
    _tables(reads, view.as_of)
    address = settings().dagster_url
    st.caption(f"The Dagster UI is at {address} (setting RFM_DAGSTER_URL); `make dev` starts it.")


def _graph(reads: Mapping[str, Sequence[str]]) -> None:
    st.caption(
        "An arrow leads from a table to one made from it. Click a table to open it in the Dagster UI, with its runs, "
        "checks and columns."
    )
    st.html("<style>.st-key-lineage_graph {overflow-x: auto} .st-key-lineage_graph svg {min-width: 900px}</style>")
    alt = "The tables from bronze to clusters, and what each reads."
    with figure("lineage", alt, partial(_edges, reads)):
        legend({f"{layer}: {meaning}": FILLS[layer] for layer, meaning in LAYERS.items()})
        with st.container(key="lineage_graph"):
            drawn = graph(reads, {table: link(table) for table in reads})
            st.graphviz_chart(themed(drawn), width="stretch", alt=alt)


def _tables(reads: Mapping[str, Sequence[str]], as_of: date) -> None:
    from rfm_assets.contracts import TABLES

    st.header(f"Every table, and how it was made for {fmt.day(as_of)}", anchor=False)
    grains = {table.address: table.grain for table in TABLES.values()}
    html_tables.show_table(
        {
            "Table": reads,
            "What it holds": (grains.get(table, LAYERS[table.split(".")[0]]) for table in reads),
            "Made from": (", ".join(sources) or "the daily files" for sources in reads.values()),
            "Dagster UI": (html_tables.Link("open", link(table, as_of)) for table in reads),
        },
        key="lineage_tables",
        alt="Every table, what it holds and what it is made from.",
    )


def _edges(reads: Mapping[str, Sequence[str]]) -> Data:
    pairs = [(source, table) for table, sources in reads.items() for source in sources]
    return {"Read": [source for source, _ in pairs], "Made": [table for _, table in pairs]}


def link(table: str, day: date | None = None) -> str:
    """The URL of a table in the Dagster UI, or of its partition of a day."""
    query = f"?{urlencode({'view': 'partitions', 'partition': day})}" if day else ""
    return f"{settings().dagster_url.rstrip('/')}/assets/{table.replace('.', '/')}{query}"
