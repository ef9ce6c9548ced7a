"""How the dashboard looks beyond what Streamlit's theme says, at every width and in forced colours.

Panels stand side by side while each has the room it needs and below each other where it has not: no width of a screen
is named for them.
"""

from rfm_assets.dashboard.charts import GRID, INK, MUTED
from rfm_assets.dashboard.html_tables import BEHIND, LINE, TOP

TRACK = 120
"""The least width of the longest bar of a figure, in pixels."""
PANEL = 360
"""The least width of a panel with bars or a table: a name, a bar and its label."""
CHART = 260
"""The least width of a chart among others."""

_BARS = f"""
.rfm-bars {{display: grid; grid-template-columns: fit-content(50%) minmax(calc({TRACK + 1}px + {BEHIND}), 1fr);
  column-gap: 0.6rem; align-items: center; grid-auto-rows: minmax({LINE}px, auto); font-size: 0.87rem; color: {INK}}}
.rfm-bars > span {{text-align: right; line-height: 1.25; padding: 0.2rem 0; overflow-wrap: anywhere}}
.rfm-bars small {{display: block; color: {MUTED}}}
.rfm-bars > div {{display: flex; align-items: center; gap: 0.4rem; white-space: nowrap; border-left: 1px solid {GRID};
  height: 100%}}
.rfm-bars i {{height: {LINE - 9}px; flex: none}}
"""
_TABLES = f"""
.rfm-shaded, .rfm-table {{overflow: auto; container-type: inline-size}}
.rfm-shaded table, .rfm-table table {{width: 100%; border-spacing: 0; font-size: 0.87rem; color: {INK}}}
.rfm-shaded::-webkit-scrollbar, .rfm-table::-webkit-scrollbar {{height: 10px; width: 10px}}
.rfm-shaded::-webkit-scrollbar-thumb, .rfm-table::-webkit-scrollbar-thumb {{background: {MUTED}; border-radius: 5px}}
.rfm-shaded::-webkit-scrollbar-track, .rfm-table::-webkit-scrollbar-track {{background: {GRID}; border-radius: 5px}}
.rfm-shaded th {{font-weight: normal; line-height: 1.2; padding: 0 0.5rem; background: white}}
.rfm-shaded thead th {{height: {TOP}px; vertical-align: bottom; padding: 0 0.2rem 0.3rem}}
.rfm-shaded th:first-child {{text-align: right; white-space: nowrap; width: 1%; position: sticky; left: 0}}
.rfm-shaded small {{display: block; color: {MUTED}; font-size: inherit}}
.rfm-shaded td {{height: {LINE}px; text-align: center; box-shadow: inset 0 0 0 1px white}}
.rfm-shaded td.apart {{font-style: italic}}
.rfm-lines table {{width: max-content}}
.rfm-table th, .rfm-table td {{padding: 0.45rem 0.8rem; text-align: left; vertical-align: top;
  border-bottom: 1px solid {GRID}; max-width: 40rem; overflow-wrap: break-word}}
.rfm-table th {{font-weight: normal; color: {MUTED}; position: sticky; top: 0; z-index: 1; background: white}}
.rfm-table tr > :first-child {{white-space: nowrap; position: sticky; left: 0; background: white}}
.rfm-table th:first-child {{z-index: 2}}
.rfm-table i {{color: {MUTED}}}
.rfm-table a {{color: #2a6db0}}
.rfm-table tr:has(> td:first-child > a) {{position: relative}}
.rfm-table tr:has(> td:first-child > a):hover > td {{background: {GRID}}}
.rfm-table td:first-child:has(> a) {{position: static !important}}
.rfm-table td:first-child > a::after {{content: ""; position: absolute; inset: 0}}
.rfm-lines td {{white-space: pre-wrap}}
.rfm-table .number {{white-space: nowrap; text-align: right; font-variant-numeric: tabular-nums}}
"""


def _cards(look: str, below: int) -> str:
    """In a place narrower than `below` pixels, each line of a table is a card with its titles in it."""
    return f"""@container (max-width: {below - 1}px) {{
.rfm-table .{look} thead {{display: none}}
.rfm-table .{look} tr {{display: grid; grid-template-columns: repeat(auto-fill, minmax(7rem, 1fr)); padding: 0.4rem 0;
  border-bottom: 1px solid {GRID}}}
.rfm-table .{look} td {{border: 0; padding: 0.2rem 0.4rem; text-align: left; position: static}}
.rfm-table .{look} td::before {{content: attr(data-title); display: block; color: {MUTED}; font-size: 0.8rem;
  white-space: normal}}
.rfm-table .{look} td.number {{display: flex; flex-direction: column; justify-content: end}}
.rfm-table .{look} td:not(.number) {{grid-column: 1 / -1; max-width: none; white-space: normal}}
.rfm-table .{look} td:first-child {{font-weight: 600}}
.rfm-table .{look} td:first-child::before {{display: none}}
}}
"""


_PANELS = f"""
[data-testid=stColumn]:has([data-testid=stEChartsChart]) {{min-width: min({CHART}px, 100%)}}
[data-testid=stColumn]:has(.rfm-bars, .rfm-shaded, .rfm-table) {{min-width: min({PANEL}px, 100%)}}
@media (max-width: 1289px) {{.rfm-bars {{padding-top: 0 !important}}}}
"""
_FIELDS = """:is([data-testid=stTextInputRootElement], [data-testid=stNumberInputContainer],
  [data-testid=stDateInputField], :is([data-testid=stSelectbox], [data-testid=stMultiSelect]) [role=group]):focus-within
"""
"""What has the focus while one types or chooses in it."""
_READABLE = f"""
[data-testid=stCaptionContainer] {{opacity: 1; color: {MUTED}}}
[data-testid=stCaptionContainer] p {{color: {MUTED}}}
:is(a, button, summary, div[tabindex="0"]):focus-visible,
[data-testid=stSlider] div:has(> div > input:focus-visible)
  {{outline: 3px solid {INK} !important; outline-offset: 2px; border-radius: 4px}}
{_FIELDS} {{outline: 3px solid {INK}; outline-offset: 2px; border-radius: 0.5rem}}
[data-testid=stTopNavLink]:focus-visible, .rfm-shaded:focus-visible, .rfm-table:focus-visible {{outline-offset: -3px}}
[data-testid=stMain]:focus-visible {{outline: 3px solid {INK}; outline-offset: -3px}}
[data-testid=stSidebar][data-collapsed=true] {{visibility: hidden}}
"""
_FORCED_COLOURS = f"""
.rfm-swatch {{display: inline-block; width: 0.7em; height: 0.7em; border: 1px solid {MUTED}}}
.rfm-bars i, .rfm-swatch, .rfm-shaded td[style] {{forced-color-adjust: none}}
@media (forced-colors: active) {{
[data-testid=stEChartsChart], [data-testid=stGraphVizChart] {{forced-color-adjust: none; background: white}}
.rfm-bars i {{outline: 1px solid CanvasText}}
[data-testid=stSlider] :is(div:has(> [data-testid=stSliderThumbValue]), [data-orientation] > div:empty),
[data-testid=stCheckbox] label > div:has(> div:empty), [data-testid=stCheckbox] label > div > div:empty
  {{border: 2px solid ButtonText}}
[data-testid=stTooltipIcon] svg {{stroke: ButtonText !important}}
button[aria-checked=true], button[aria-pressed=true] {{outline: 3px solid Highlight; outline-offset: -3px}}
}}
"""

STYLE = "<style>{}</style>".format(
    "".join((_BARS, _TABLES, _cards("many", 900), _cards("prose", 520), _PANELS, _READABLE, _FORCED_COLOURS))
)
