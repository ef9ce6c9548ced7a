"""Links of a chart's points: a click on a point, or on its number in the chart's table, opens its customers."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from rfm_assets.dashboard.chart_table import FROM, TO, point_of
from rfm_assets.dashboard.figure import Data

Leads = Callable[[str, str], str]
"""The URL of the customers behind a point, by its place on the axis and its series, as named in the chart's table.

A flow is named by its source and target, an end of a flow with the other one empty, a point of a dataset by the first
cell of its row. An empty URL is no link.
"""


def with_choices(option: Mapping[str, Any]) -> dict[str, Any]:
    """The chart with clickable points."""
    if "baseOption" in option:
        return {**option, "baseOption": with_choices(option["baseOption"])}
    return {**option, "series": [{"selectedMode": "single", **series} for series in option["series"]]}


def table_links(table: Data, leads: Leads) -> dict[str, list[str]]:
    """The links of the numbers in the chart's table, by column."""
    first, *columns = table
    if first == FROM:
        return {"Customers": [leads(str(one), str(other)) for one, other in zip(table[FROM], table[TO], strict=True)]}
    return {column: [leads(str(place), column) for place in table[first]] for column in columns}


def follow(option: Mapping[str, Any], selected: Sequence[Mapping[str, Any]], leads: Leads) -> None:
    """Opens the customers behind the point that was clicked, if any."""
    if to := address_of(option, selected, leads):
        script = f"<script>location.assign({json.dumps(to)})</script>"
        st.html(script, unsafe_allow_javascript=True)


def address_of(option: Mapping[str, Any], selected: Sequence[Mapping[str, Any]], leads: Leads) -> str:
    """The link of the chosen point; `selected` is Streamlit's selection."""
    option = option.get("baseOption", option)
    for group in selected:
        series, number = option["series"][group["series_index"]], group["data_indices"][0]
        if group["data_type"] == "edge":
            link = series["links"][number]
            return leads(link["source"].removeprefix("from "), link["target"].removeprefix("to "))
        if "links" in series:
            side, _, name = series["data"][number]["name"].partition(" ")
            return leads(name, "") if side == "from" else leads("", name)
        if "datasetIndex" in series:
            return leads(option["dataset"][series["datasetIndex"]]["source"][number][0], series["name"])
        place, name, _ = point_of(option, series, number)
        return leads(place, name)
    return ""
