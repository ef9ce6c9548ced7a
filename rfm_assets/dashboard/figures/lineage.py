"""The figure of the page Lineage, in Graphviz's DOT language."""

from collections.abc import Mapping, Sequence

from rfm_assets.dashboard import charts

LAYERS = {
    "bronze": "as delivered",
    "silver": "typed and valid",
    "quality": "how clean",
    "gold": "customers and segments",
    "proof": "does it predict",
    "ml": "clusters",
    "publishing": "for readers and campaigns",
}
"""What each layer holds, in flow order."""

FILLS = {
    "bronze": "#f6e3cf",
    "silver": "#e6eaf0",
    "quality": "#d9efe6",
    "gold": "#fbeeb8",
    "proof": "#f3e6d8",
    "ml": "#e7e0f3",
    "publishing": "#d5e6f5",
}


NEW_LINE = "\\n"
"""A line break in DOT."""


def graph(reads: Mapping[str, Sequence[str]], links: Mapping[str, str]) -> str:
    """Tables as boxes, a frame around each layer, an arrow for each table that another reads.

    Frames have no title, since arrows would cross it. Each box names its layer.
    """
    look = f'fontname="Source Sans, sans-serif", fontcolor="{charts.INK}"'
    lines = [
        "digraph {",
        'rankdir=LR; nodesep=0.16; ranksep=0.45; bgcolor="transparent"; ',
        f'node [shape=box, style="rounded,filled", color="#c9d1dc", height=0.38, fontsize=16, {look}];',
        f'edge [color="#8a97a8", arrowsize=0.6]; graph [{look}];',
    ]
    for layer in LAYERS:
        lines.append(f"subgraph cluster_{layer} {{")
        lines.append(f'style="rounded"; color="{charts.GRID}";')
        lines += [
            f'"{table}" [label="{table.replace(".", NEW_LINE)}", fillcolor="{FILLS[layer]}", URL="{links[table]}", '
            'target="_blank"];'
            for table in reads
            if table.split(".")[0] == layer
        ]
        lines.append("}")
    lines += [f'"{source}" -> "{table}";' for table, sources in reads.items() for source in sources]
    return "\n".join([*lines, "}"])
