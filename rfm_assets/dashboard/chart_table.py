"""The data of a chart as a table, for readers who cannot see the chart, or want the numbers."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from rfm_assets.dashboard.figure import Data

MEDIAN = "median"
BOX = ("5%", "25%", MEDIAN, "75%", "95%")
"""The numbers of a box."""
FROM, TO = "From", "To"
"""The ends of a flow."""


def chart_data(option: Mapping[str, Any]) -> Data:
    """A row for each place on the chart's axis, a column for each series; empty for a chart without axes."""
    drawn = option.get("series", [{}])
    if links := drawn[0].get("links"):
        return {
            FROM: [link["source"].removeprefix("from ") for link in links],
            TO: [link["target"].removeprefix("to ") for link in links],
            "Customers": [link["value"] for link in links],
        }
    if "xAxis" not in option:
        return {}
    places: dict[str, dict[str, Any]] = {}
    names: dict[str, None] = {}
    for place, name, value in _points(option):
        names[name] = None
        places.setdefault(place, {})[name] = value
    columns = {name: [values.get(name) for values in places.values()] for name in names}
    axis = "Name" if _is_sideways(option) else "Date" if option["xAxis"]["type"] == "time" else "Category"
    return {axis: [*places], **columns}


def chart_text(value: object) -> str | None:
    """A value of a chart, as text for its table."""
    if isinstance(value, float | int | Decimal):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    return None if value is None else str(value)


def point_of(option: Mapping[str, Any], series: Mapping[str, Any], number: int) -> tuple[str, str, object]:
    """A point's place on the axis, its column of the table, and its value; for a box, the median."""
    point = series["data"][number]
    if series["type"] == "boxplot":
        return _in_a_line(option["yAxis"]["data"][number]), MEDIAN, point["value"][BOX.index(MEDIAN)]
    value = point["value"] if isinstance(point, dict) else point
    place, what = (value[1], value[0]) if _is_sideways(option) else (value[0], value[1])
    return _in_a_line(place), str(series.get("id") or series.get("name") or "Value"), what


def _points(option: Mapping[str, Any]) -> Iterator[tuple[str, str, object]]:
    for series in option["series"]:
        for number, point in enumerate(series["data"]):
            if series["type"] == "boxplot":
                place = _in_a_line(option["yAxis"]["data"][number])
                yield from ((place, *one) for one in zip(BOX, point["value"], strict=True))
            else:
                yield point_of(option, series, number)


def _in_a_line(place: object) -> str:
    return str(place).replace("\n", " ")


def _is_sideways(option: Mapping[str, Any]) -> bool:
    return bool(option["yAxis"].get("type") == "category")
