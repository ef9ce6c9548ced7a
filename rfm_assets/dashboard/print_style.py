"""The print style: white paper, without controls that only work on a screen."""

from rfm_assets.dashboard.palette import is_dark

_ON_PAPER = """
@page {size: A4; margin: 12mm}
* {print-color-adjust: exact; scrollbar-width: none}
body {zoom: 0.62}
:is(header, [data-testid=stSidebar], [data-testid=stToolbar], [data-testid=stElementToolbar], [data-testid=stExpander],
  [data-testid=stTooltipIcon], [data-testid=stDownloadButton]),
[class*=st-key-rfm_take_], .rfm-copy, .rfm-hint, [class*=st-key-date_] {display: none !important}
html, body, #root, .stApp, [data-testid=stAppViewContainer], [data-testid=stMain]
  {position: static !important; height: auto !important; overflow: visible !important; display: block !important}
[data-testid=stMainBlockContainer] {padding: 0 1rem 0 0 !important; max-width: none}
[data-testid=stEChartsChart] :is(div, svg) {max-width: 100%}
[data-testid=stEChartsChart] svg {height: auto}
[class*=st-key-rfm_figure_], .rfm-table tr, [data-testid=stMetric], .rfm-tiles li {break-inside: avoid}
:is(h1, h2, h3) {break-after: avoid}
.rfm-table, .rfm-shaded {overflow: visible !important; max-height: none !important}
"""
_DARK_ON_PAPER = """
html, body {background: white !important}
.stApp {--rfm-ground: black; background: black !important; filter: invert(1) hue-rotate(180deg)}
"""
"""Inverts light and dark, and keeps every hue."""


def style() -> str:
    """The style sheet for paper, in the reader's theme."""
    return f"@media print {{{_ON_PAPER}{_DARK_ON_PAPER if is_dark() else ''}}}"
