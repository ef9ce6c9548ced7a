"""CSS on top of Streamlit's theme, for every width and for forced colours.

Panels are side by side if each has the width it needs, otherwise stacked; no screen width is set for them.
"""

from rfm_assets.dashboard import palette, print_style, table_style

PANEL = 360
"""Minimum width of a panel with bars or a table: a name, a bar and its label."""
CHART = 260
"""Minimum width of a chart beside others."""
MAP = 680
"""Minimum width of the tile map beside something else: four tiles."""
SHORT = 520
"""Below this screen height, as at 400 % zoom, only the menu takes space above a page's title."""
STACKED = 1250
"""Below this screen width, charts are stacked."""

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
"""Input fields that have the focus."""
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


_RULES = (
    table_style.style(),
    _PANELS,
    _SHORT,
    _TILES,
    _SMALL_CARDS,
    _SENTENCE,
    _READABLE,
    _FORCED_COLOURS,
    _TAKE,
)


def style() -> str:
    """The style sheet, in the reader's theme."""
    return f"<style>{palette.css()}{''.join(_RULES)}{print_style.style()}</style>"
