"""Draws the asset graph, one box per layer: `make docs`, or `python -m docs.draw_asset_graph > ASSET_GRAPH.svg`.

An arrow runs from a layer to one that reads it. It is left out where a longer way already leads there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from html import escape
from itertools import groupby

import click

from rfm_assets.definitions import defs

MEANINGS = {
    "landing": "exports of a shop become daily files",
    "bronze": "as delivered, every line once",
    "silver": "typed and valid, or refused with the reasons",
    "quality": "how clean the files were",
    "gold": "customers and segments, as of each day",
    "proof": "whether segments predict anything",
    "ml": "clusters that the data suggest",
    "publishing": "what readers open",
}

WIDTH, MARGIN = 830, 24  # as wide as a README; long arrows run in the margins
COLUMN, LINE, HEAD, GAP = 190, 20, 34, 34  # pixels: a table's name, its height, a box's title, between rows and boxes
STYLE = """
    text { font: 13px system-ui, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2a37 }
    .ground { fill: #ffffff } .box { fill: #f7fafd; stroke: #2f74b5 }
    .name { font-weight: 600; font-size: 15px } .meaning { fill: #5b6878 }
    .arrow { fill: none; stroke: #5b6878; stroke-width: 1.5; marker-end: url(#tip) } #tip path { fill: #5b6878 }
    @media (prefers-color-scheme: dark) {
        text { fill: #e6edf5 } .ground { fill: #0f1722 } .box { fill: #16202e; stroke: #6fb0ea }
        .meaning { fill: #a9b6c6 } .arrow { stroke: #a9b6c6 } #tip path { fill: #a9b6c6 }
    }"""

TIP = (
    '<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<path d="M0 0 L8 4 L0 8 z"/></marker>'
)


@dataclass(frozen=True)
class Box:
    """A layer in the picture."""

    layer: str
    tables: Sequence[str]
    row: int
    left: float
    top: float
    width: float

    @property
    def columns(self) -> int:
        """How many tables stand side by side."""
        return int(self.width // COLUMN)

    @property
    def height(self) -> int:
        """The title, and the tables in as many lines as they take."""
        return HEAD + LINE * -(-len(self.tables) // self.columns) + 10

    @property
    def middle(self) -> float:
        """Where arrows arrive and leave."""
        return self.left + self.width / 2


def picture() -> str:
    """The graph as SVG."""
    parents = shown_parents(layers_read())
    boxes = placed(parents)
    height = max(box.top + box.height for box in boxes.values()) + MARGIN / 2
    arrows = (arrow(boxes[parent], boxes[layer]) for layer in parents for parent in sorted(parents[layer]))
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}">',
            f"<style>{STYLE}\n</style>",
            TIP,
            f'<rect class="ground" width="{WIDTH}" height="{height:g}"/>',
            *(part for box in boxes.values() for part in drawn(box)),
            *arrows,
            "</svg>\n",
        ]
    )


def layers_read() -> Mapping[str, set[str]]:
    """The layers that each layer reads."""
    graph = defs.resolve_asset_graph()
    reads: dict[str, set[str]] = {key.path[0]: set() for key in graph.materializable_asset_keys}
    for key in graph.materializable_asset_keys:
        reads[key.path[0]] |= {parent.path[0] for parent in graph.get(key).parent_keys} - {key.path[0]}
    return reads


def shown_parents(reads: Mapping[str, set[str]]) -> Mapping[str, set[str]]:
    """The same without the layers that are read on a longer way too, each layer after those it reads."""
    above: dict[str, set[str]] = {}
    for layer in TopologicalSorter({layer: sorted(reads[layer]) for layer in sorted(reads)}).static_order():
        above[layer] = reads[layer].union(*(above[parent] for parent in reads[layer]))
    return {layer: reads[layer] - set().union(*(above[parent] for parent in reads[layer])) for layer in above}


def placed(parents: Mapping[str, set[str]]) -> Mapping[str, Box]:
    """Each layer's box: below all that it reads, and on the left where an arrow passes the next row or none leaves."""
    rows: dict[str, int] = {}
    for layer in parents:
        rows[layer] = 1 + max((rows[parent] for parent in parents[layer]), default=-1)
    passing = {one for layer in parents for one in parents[layer] if rows[layer] > rows[one] + 1}
    read = set().union(*parents.values())
    order = sorted(parents, key=lambda layer: (rows[layer], layer not in passing, layer in read, layer))
    tables = sorted(key.path for key in defs.resolve_asset_graph().materializable_asset_keys)
    boxes, top = {}, MARGIN / 2
    for row, members in groupby(order, key=rows.__getitem__):
        layers = list(members)
        width = (WIDTH - 2 * MARGIN - GAP * (len(layers) - 1)) / len(layers)
        for place, layer in enumerate(layers):
            names = [path[-1] for path in tables if path[0] == layer]
            boxes[layer] = Box(layer, names, row, MARGIN + place * (width + GAP), top, width)
        top += max(boxes[layer].height for layer in layers) + GAP
    return boxes


def drawn(box: Box) -> Iterator[str]:
    """A box with its title and its tables, column by column."""
    yield (
        f'<rect class="box" x="{box.left:g}" y="{box.top:g}" width="{box.width:g}" height="{box.height}" rx="6"/>'
        f'<text x="{box.left + 12:g}" y="{box.top + 22:g}"><tspan class="name">{box.layer}</tspan>'
        f'<tspan class="meaning" dx="10">{escape(MEANINGS[box.layer])}</tspan></text>'
    )
    for place, name in enumerate(box.tables):
        line, column = divmod(place, box.columns)
        yield f'<text x="{box.left + 12 + column * COLUMN:g}" y="{box.top + HEAD + 14 + line * LINE:g}">{name}</text>'


def arrow(parent: Box, child: Box) -> str:
    """From the bottom of one box to the top of another; past a row, through the margin."""
    if child.row > parent.row + 1:
        from_, to = parent.top + parent.height / 2, child.top + child.height / 2
        path = f"M{parent.left:g} {from_:g} H{MARGIN / 3:g} V{to:g} H{child.left - 1:g}"
    else:
        from_, to = parent.top + parent.height, child.top - 1
        half = (from_ + to) / 2
        bend = f"{parent.middle:g} {half:g} {child.middle:g} {half:g}"
        path = f"M{parent.middle:g} {from_:g} C{bend} {child.middle:g} {to:g}"
    return f'<path class="arrow" d="{path}"/>'


if __name__ == "__main__":
    click.echo(picture(), nl=False)
