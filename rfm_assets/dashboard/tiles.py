"""The tile map: a tile for each segment, value tiers as rows, engagement as columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from math import sqrt

import streamlit as st

from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.cards import growth_of
from rfm_assets.dashboard.figure import Data, figure
from rfm_assets.dashboard.palette import SEGMENT_COLOURS, themed

SIDE = 64
"""The side of the largest square, in pixels."""


@dataclass(frozen=True)
class Tile:
    """A segment: the area of its square is its customers, its number the revenue, its arrow the net movement."""

    segment: str
    customers: int
    share: float
    """Percent of all customers."""
    revenue: float
    to: str
    """The URL of its customers."""
    net: int | None = None
    """Customers who joined less those who left; None is unknown."""
    familiar: str = ""
    """A name that marketers know, such as Champions."""


def show_tiles(tiles: Sequence[Tile], *, key: str, alt: str) -> None:
    """Draws the tiles in order; `alt` describes them in words."""
    most = max((tile.customers for tile in tiles), default=0) or 1
    drawn = "".join(_tile(tile, tile.customers / most) for tile in tiles)
    with figure(key, alt, partial(_data, tiles)):
        st.html(f"<div class='rfm-map'><ul class='rfm-tiles' aria-label='{escape(alt)}'>{drawn}</ul></div>")


def _data(tiles: Sequence[Tile]) -> Data:
    columns = ("segment", "customers", "share", "revenue", "net", "familiar")
    titles = ("Segment", "Customers", "% of customers", "Lifetime revenue", "Net movement", "Familiar name")
    return {title: [getattr(tile, one) for tile in tiles] for title, one in zip(titles, columns, strict=True)}


def _tile(tile: Tile, share: float) -> str:
    tier, _, status = tile.segment.partition(" - ")
    side = max(SIDE * sqrt(share), 2)
    square = f"width:{side:.0f}px;height:{side:.0f}px;background:{themed(SEGMENT_COLOURS[tile.segment])}"
    familiar = f"<em>{escape(tile.familiar)}</em>" if tile.familiar else ""
    return (
        f"<li style='grid-area:{_place(tile.segment)}'><a href='{escape(tile.to)}' title='See these customers'>"
        f"<span><small>{escape(tier)}</small><b>{escape(status)}</b>"
        f"<strong>{escape(fmt.short_money(tile.revenue))}</strong>"
        f"<small>{escape(fmt.plural(tile.customers, 'customer'))} · {fmt.percent(tile.share)}</small>"
        f"{_net(tile)}{familiar}</span>"
        f"<i style='{square}'></i></a></li>"
    )


def _place(segment: str) -> str:
    row, column = divmod(list(SEGMENT_COLOURS).index(segment), 4)
    return f"{row + 1}/{column + 1}"


def _net(tile: Tile) -> str:
    """The net movement: the arrow shows the direction, the colour whether it is good news."""
    if tile.net is None:
        return ""
    if not tile.net:
        return "<small>— no net change</small>"
    is_good = (tile.net > 0) == (growth_of([tile.segment]) == "good")
    arrow = "▲" if tile.net > 0 else "▼"
    return f"<small class='rfm-{'good' if is_good else 'bad'}'>{arrow} {tile.net:+,} net</small>"
