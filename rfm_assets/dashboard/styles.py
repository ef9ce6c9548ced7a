"""How the dashboard looks beyond what Streamlit's theme says, at every width and in forced colours.

Panels stand side by side while each has the room it needs and below each other where it has not: no width of a screen
is named for them.
"""

from rfm_assets.dashboard import palette, print_style
from rfm_assets.dashboard.html_tables import BEHIND, LINE, TOP

TRACK = 120
"""The least width of the longest bar of a figure, in pixels."""
PANEL = 360
"""The least width of a panel with bars or a table: a name, a bar and its label."""
CHART = 260
"""The least width of a chart among others."""
MAP = 680
"""The least width of the tile map beside something else: four tiles."""
FIRST = 10
"""The least width of the first column of a narrow table, in rem: the longest name of a rule."""
SHORT = 520
"""Below this height of the screen, as at 400 % zoom, nothing is kept free above a page's title but the menu."""
ROOMY, COMPACT, PHONE = 1100, 760, 520
"""Below these widths of their place, tables of many columns wrap their titles, and their lines are cards; and those of
raw lines and of prose are cards."""
STACKED = 1250
"""Below this width of the screen, charts stand below each other."""

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
@container (max-width: 760px) {{.rfm-table tr > :first-child {{white-space: normal; overflow-wrap: anywhere}}
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
    """In a place narrower than `below` pixels, each line of a table is a card with its titles in it."""
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


_PANELS = f"""
[data-testid=stColumn]:has([data-testid=stEChartsChart]) {{min-width: min({CHART}px, 100%)}}
@media (max-width: {STACKED - 1}px) {{[data-testid=stColumn]:has([data-testid=stEChartsChart]) {{min-width: 100%}}}}
[data-testid=stColumn]:has(.rfm-bars, .rfm-shaded, .rfm-table) {{min-width: min({PANEL}px, 100%)}}
[data-testid=stColumn]:has(.rfm-tiles) {{min-width: min({MAP}px, 100%)}}
@media (max-width: 1289px) {{.rfm-bars {{padding-top: 0 !important}}}}
"""
_SHORT = f"@media (max-height: {SHORT}px) {{[data-testid=stMainBlockContainer] {{padding-top: 3.5rem}}}}"
_TILES = """
.rfm-map {container-type: inline-size}
.rfm-tiles {display: grid; grid-template-columns: repeat(4, 1fr); gap: 0.5rem; list-style: none;
  margin: 0 !important; padding: 0 !important}
.rfm-tiles li {margin: 0 !important; padding: 0; min-width: 0}
.rfm-tiles a {display: flex; justify-content: space-between; align-items: end; gap: 0.3rem; height: 100%;
  padding: 0.6rem 0.7rem; border: 1px solid var(--rfm-grid); border-radius: 0.5rem; text-decoration: none;
  color: var(--rfm-ink) !important; background: var(--rfm-little)}
.rfm-tiles a:hover {border-color: var(--rfm-muted)}
.rfm-tiles span {display: flex; flex-direction: column; min-width: 0; line-height: 1.35}
.rfm-tiles small {color: var(--rfm-muted); font-size: 0.8rem}
.rfm-tiles b {font-weight: 600; font-size: 0.87rem}
.rfm-tiles strong {font-size: 1.15rem; font-weight: 600}
.rfm-tiles em {font-size: 0.8rem; color: var(--rfm-ink)}
.rfm-tiles i {flex: none; border-radius: 3px; forced-color-adjust: none}
.rfm-tiles .rfm-good {color: var(--rfm-good)}
.rfm-tiles .rfm-bad {color: var(--rfm-bad)}
@container (max-width: 659px) {
.rfm-tiles {grid-template-columns: 1fr 1fr}
.rfm-tiles li {grid-area: auto !important}
}
@container (max-width: 299px) {.rfm-tiles {grid-template-columns: 1fr}}
"""
_SMALL_CARDS = """
.st-key-rfm_small_cards [data-testid=stMetricValue] {font-size: 1.05rem; line-height: 1.4}
.st-key-rfm_small_cards [data-testid=stMetricLabel] {color: var(--rfm-muted)}
.st-key-rfm_small_cards [data-testid=stMetric] {padding: 0}
:has(> [class*=st-key-rfm_card_]) {flex: 1 1 10.5rem !important; min-width: 10.5rem}
[data-testid=stMetric] :is([data-testid=stMetricDelta], [data-testid=stMetricDeltaDescription]) :is(div, p)
  {white-space: normal; overflow: visible; text-overflow: clip}
:has(> [data-testid=stMetricDelta]) {flex-wrap: wrap}
.rfm-weeks {display: flex; align-items: end; gap: 3px; height: 2.2rem; margin-top: 0.3rem}
.rfm-weeks i {flex: 1; background: var(--rfm-muted); opacity: 0.55; border-radius: 1px; forced-color-adjust: none}
.rfm-weeks i:last-child {opacity: 1}
"""
_SENTENCE = """
.st-key-rfm_sentence p {font-size: 1.35rem; font-weight: 600; line-height: 1.35}
.rfm-links {margin: 0; color: var(--rfm-ink)}
.rfm-links a {color: var(--rfm-link)}
"""
_FIELDS = """:is([data-testid=stTextInputRootElement], [data-testid=stNumberInputContainer],
  [data-testid=stDateInputField], :is([data-testid=stSelectbox], [data-testid=stMultiSelect]) [role=group]):focus-within
"""
"""What has the focus while one types or chooses in it."""
_READABLE = f"""
[data-testid=stCaptionContainer] {{opacity: 1; color: var(--rfm-muted)}}
[data-testid=stCaptionContainer] p {{color: var(--rfm-muted)}}
button[kind=primary], button[kind=primary] * {{color: var(--rfm-ground)}}
:is(a, button, summary, div[tabindex="0"]):focus-visible,
[data-testid=stSlider] div:has(> div > input:focus-visible)
  {{outline: 3px solid var(--rfm-ink) !important; outline-offset: 2px; border-radius: 4px}}
{_FIELDS} {{outline: 3px solid var(--rfm-ink); outline-offset: 2px; border-radius: 0.5rem}}
[data-testid=stTopNavLink]:focus-visible, .rfm-shaded:focus-visible, .rfm-table:focus-visible {{outline-offset: -3px}}
[data-testid=stMain]:focus-visible {{outline: 3px solid var(--rfm-ink); outline-offset: -3px}}
[data-testid=stSidebar][data-collapsed=true] {{visibility: hidden}}
"""
_FORCED_COLOURS = """
.rfm-swatch {vertical-align: -0.1em}
.rfm-bars i, .rfm-swatch, .rfm-shaded td[style] {forced-color-adjust: none}
@media (forced-colors: active) {
[data-testid=stEChartsChart], [data-testid=stGraphVizChart] {forced-color-adjust: none; background: var(--rfm-ground)}
.rfm-bars i {outline: 1px solid CanvasText}
[data-testid=stSlider] :is(div:has(> [data-testid=stSliderThumbValue]), [data-orientation] > div:empty),
[data-testid=stCheckbox] label > div:has(> div:empty), [data-testid=stCheckbox] label > div > div:empty
  {border: 2px solid ButtonText}
[data-testid=stTooltipIcon] svg {stroke: ButtonText !important}
button[aria-checked=true], button[aria-pressed=true] {outline: 3px solid Highlight; outline-offset: -3px}
}
"""
_TAKE = """
.rfm-take {display: flex; gap: 0.9rem}
.rfm-take button, .rfm-copy {border: 0; background: none; padding: 0.1rem 0; cursor: pointer; font: inherit;
  font-size: 0.8rem; color: var(--rfm-link); min-height: 24px; min-width: 24px}
.rfm-copy {min-height: 2.5rem; font-size: 0.9rem; white-space: nowrap}
:is(.rfm-take button, .rfm-copy):hover {text-decoration: underline}
[class*=st-key-rfm_take_] button {color: var(--rfm-link); min-height: 24px; padding: 0.1rem 0}
[class*=st-key-rfm_take_] button p {font-size: 0.8rem}
[class*=st-key-rfm_take_] {align-items: center; margin-top: -0.6rem}
"""


_RULES = "".join(
    (
        _BARS,
        _TABLES,
        _cards("many", COMPACT),
        _cards("prose", PHONE),
        _cards("raw", PHONE),
        _PANELS,
        _SHORT,
        _TILES,
        _SMALL_CARDS,
        _SENTENCE,
        _READABLE,
        _FORCED_COLOURS,
        _TAKE,
    )
)


def style() -> str:
    """The style sheet, in the reader's theme."""
    return f"<style>{palette.css()}{_RULES}{print_style.style()}</style>"
