"""The data of a chart as a table, for readers who cannot see it, or want the numbers."""

from collections.abc import Iterator, Mapping
from typing import Any

from rfm_assets.dashboard.figure import Data

BOX = ("5%", "25%", "median", "75%", "95%")
"""The numbers of a box."""


def chart_data(option: Mapping[str, Any]) -> Data:
    """A line for each place on a chart's axis, a column for each of its series; empty for a chart without axes."""
    drawn = option.get("series", [{}])
    if links := drawn[0].get("links"):
        return {
            "From": [link["source"].removeprefix("from ") for link in links],
            "To": [link["target"].removeprefix("to ") for link in links],
            "Customers": [link["value"] for link in links],
        }
    if "xAxis" not in option:
        return {}
    places: dict[str, dict[str, Any]] = {}
    names: dict[str, None] = {}
    for place, name, value in _points(option):
        names[name] = None
        places.setdefault(str(place).replace("\n", " "), {})[name] = value
    columns = {name: [values.get(name) for values in places.values()] for name in names}
    axis = "Name" if _is_sideways(option) else "Date" if option["xAxis"]["type"] == "time" else "Category"
    return {axis: [*places], **columns}


def chart_text(value: object) -> str | None:
    """A value of a chart as its table has it."""
    if isinstance(value, float | int):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    return None if value is None else str(value)


def _points(option: Mapping[str, Any]) -> Iterator[tuple[object, str, object]]:
    """Each point's place on the axis, the column it belongs to, and its value."""
    for series in option["series"]:
        name = str(series.get("id") or series.get("name") or "Value")
        for number, point in enumerate(series["data"]):
            value = point["value"] if isinstance(point, dict) else point
            if series["type"] == "boxplot":
                yield from ((option["yAxis"]["data"][number], *one) for one in zip(BOX, value, strict=True))
            elif _is_sideways(option):
                yield value[1], name, value[0]
            else:
                yield value[0], name, value[1]


def _is_sideways(option: Mapping[str, Any]) -> bool:
    return bool(option["yAxis"].get("type") == "category")
