"""CSS of bars and tables at every container width: all titles on one line, or a card for each row."""

from rfm_assets.dashboard.html_bars import BEHIND
from rfm_assets.dashboard.html_tables import LINE, TOP

TRACK = 120
"""Minimum width of a figure's longest bar, in pixels."""
FIRST = 10
"""Minimum width of a narrow table's first column, in rem: the longest rule name."""
ROOMY = 1100
"""In a container narrower than this, tables with many columns wrap their titles."""
COMPACT = 760
"""In a container narrower than this, their rows are cards."""
PHONE = 520
"""In a container narrower than this, rows of prose and raw lines are cards."""

_BARS = f"""
.rfm-bars {{display: grid; grid-template-columns: fit-content(50%) minmax(calc({TRACK + 1}px + {BEHIND}), 1fr);
  column-gap: 0.6rem; align-items: center; grid-auto-rows: minmax({LINE}px, auto); font-size: 0.87rem;
  color: var(--rfm-ink)}}
.rfm-bars > span {{text-align: right; line-height: 1.25; padding: 0.2rem 0; overflow-wrap: anywhere}}
.rfm-bars a, .rfm-shaded th a {{color: var(--rfm-link)}}
.rfm-bars small {{display: block; color: var(--rfm-muted)}}
.rfm-bars > div {{display: flex; align-items: center; gap: 0.4rem; white-space: nowrap;
  border-left: 1px solid var(--rfm-grid); height: 100%}}
.rfm-bars i {{height: {LINE - 9}px; flex: none; display: block}}
.rfm-bars > div > a {{flex: none}}
"""
_TABLES = f"""
.rfm-shaded, .rfm-table {{overflow: auto; container-type: inline-size}}
.rfm-shaded table, .rfm-table table {{width: 100%; border-spacing: 0; font-size: 0.87rem; color: var(--rfm-ink)}}
.rfm-shaded::-webkit-scrollbar, .rfm-table::-webkit-scrollbar {{height: 10px; width: 10px}}
.rfm-shaded::-webkit-scrollbar-thumb, .rfm-table::-webkit-scrollbar-thumb
  {{background: var(--rfm-muted); border-radius: 5px}}
.rfm-shaded::-webkit-scrollbar-track, .rfm-table::-webkit-scrollbar-track
  {{background: var(--rfm-grid); border-radius: 5px}}
.rfm-shaded th {{font-weight: normal; line-height: 1.2; padding: 0 0.5rem; background: var(--rfm-ground)}}
.rfm-shaded thead th {{height: {TOP}px; vertical-align: bottom; padding: 0 0.2rem 0.3rem}}
.rfm-shaded th:first-child {{text-align: right; white-space: nowrap; width: 1%; position: sticky; left: 0}}
.rfm-shaded small {{display: block; color: var(--rfm-muted); font-size: inherit}}
.rfm-shaded td {{height: {LINE}px; text-align: center; box-shadow: inset 0 0 0 1px var(--rfm-ground)}}
.rfm-shaded td a {{color: inherit !important; display: block}}
.rfm-shaded td.apart {{font-style: italic}}
.rfm-lines table {{width: max-content}}
.rfm-table th, .rfm-table td {{padding: 0.45rem 0.8rem; text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--rfm-grid); max-width: 40rem; overflow-wrap: break-word}}
.rfm-table th {{font-weight: normal; color: var(--rfm-muted); position: sticky; top: 0; z-index: 1;
  background: var(--rfm-ground)}}
.rfm-table tr > :first-child {{white-space: nowrap; position: sticky; left: 0; background: var(--rfm-ground)}}
.rfm-table th:first-child {{z-index: 2}}
@container (max-width: {COMPACT - 1}px) {{.rfm-table tr > :first-child {{white-space: normal; overflow-wrap: anywhere}}
.rfm-table .prose th:first-child {{min-width: {FIRST}rem}}}}
.rfm-table i {{color: var(--rfm-muted)}}
.rfm-table a {{color: var(--rfm-link)}}
.rfm-table tr:has(> td:first-child > a) {{position: relative}}
.rfm-table tr:has(> td:first-child > a):hover > td {{background: var(--rfm-grid)}}
.rfm-table td:first-child:has(> a) {{position: static !important}}
.rfm-table td:first-child > a::after {{content: ""; position: absolute; inset: 0}}
.rfm-lines td {{white-space: pre-wrap}}
.rfm-wide {{container-type: inline-size}}
.rfm-hint {{margin: 0; overflow: hidden; line-height: 1.8; font-size: 0.8rem; color: var(--rfm-muted)}}
@container (max-width: {ROOMY - 1}px) {{
.rfm-table .many :is(th, td) {{padding: 0.45rem; white-space: normal}}
.rfm-table .many td.number {{white-space: nowrap}}
.rfm-table .many th {{vertical-align: bottom}}
}}
@container (max-width: {PHONE - 1}px) {{
.rfm-lines .raw {{width: 100%}}
.rfm-hint:has(+ .rfm-lines > .raw) {{display: none}}
}}
.rfm-table .number {{white-space: nowrap; text-align: right; font-variant-numeric: tabular-nums}}
"""


def _cards(look: str, below: int) -> str:
    """In a container narrower than `below` pixels, each row of a table is a card that repeats the titles."""
    return f"""@container (max-width: {below - 1}px) {{
.rfm-table .{look} thead {{display: none}}
.rfm-table .{look} tr {{display: grid; grid-template-columns: repeat(auto-fit, minmax(7rem, 1fr)); padding: 0.4rem 0;
  border-bottom: 1px solid var(--rfm-grid)}}
.rfm-table .{look} td {{border: 0; padding: 0.2rem 0.4rem; text-align: left; position: static}}
.rfm-table .{look} td::before {{content: attr(data-title); display: block; color: var(--rfm-muted); font-size: 0.8rem;
  white-space: normal}}
.rfm-table .{look} td.number {{display: grid; grid-row: span 2; grid-template-rows: subgrid; white-space: normal}}
.rfm-table .{look} td.number::before {{align-self: end}}
.rfm-table .{look} td:not(.number) {{grid-column: 1 / -1; max-width: none; white-space: normal}}
.rfm-table .{look} td:first-child {{font-weight: 600}}
.rfm-table .{look} td:first-child::before {{display: none}}
}}
"""


def style() -> str:
    """The CSS of bars and tables."""
    return "".join((_BARS, _TABLES, _cards("many", COMPACT), _cards("prose", PHONE), _cards("raw", PHONE)))
