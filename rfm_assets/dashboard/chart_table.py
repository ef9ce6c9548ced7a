"""The data of a chart as a table, for readers who cannot see it, or want the numbers."""

from collections.abc import Mapping
from typing import Any

Table = dict[str, list[str | None]]


def chart_table(option: Mapping[str, Any]) -> Table:
    """A line for each place on a chart's axis, a column for each of its series; empty for a chart without axes."""
    drawn = option.get("series", [{}])
    if links := drawn[0].get("links"):
        titles = {"source": "From", "target": "To", "value": "Customers"}
        return {title: [_text(link[key]) for link in links] for key, title in titles.items()}
    if "xAxis" not in option:
        return {}
    sideways = option["yAxis"].get("type") == "category"
    places: dict[str, dict[str, Any]] = {}
    names = [str(series.get("id") or series.get("name") or "Value") for series in drawn]
    for name, series in zip(names, drawn, strict=True):
        boxes = option["yAxis"]["data"] if series["type"] == "boxplot" else None
        for number, point in enumerate(series["data"]):
            value = point["value"] if isinstance(point, dict) else point
            if boxes:
                place, what = boxes[number], " / ".join(f"{one:,.6g}" for one in value)
            else:
                place, what = (value[1], value[0]) if sideways else (value[0], value[1])
            places.setdefault(str(place).replace("\n", " "), {})[name] = what
    columns = {name: [_text(values.get(name)) for values in places.values()] for name in names}
    axis = "Name" if sideways else "Date" if option["xAxis"]["type"] == "time" else "Category"
    return {axis: [*places], **columns}


def _text(value: object) -> str | None:
    if isinstance(value, float | int):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    return None if value is None else str(value)
