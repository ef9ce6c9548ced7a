"""The digest as an HTML e-mail and as plain text: only tables and inline styles, since mail clients know little else.

No scripts, no pictures, nothing to fetch; bars are coloured cells.
"""

from collections.abc import Iterator
from html import escape

from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.palette import GRID, GROUND, INK, LINK, LITTLE, MUTED
from rfm_assets.dashboard.screens.today import EXPECTED_MEANS, expected_in_words
from rfm_assets.dashboard.today_actions import Action
from rfm_assets.digest.content import Chart, Digest, Line

_WIDTH = 640
_LONGEST = 68
"""The longest bar, in percent of its cell; the rest is for the label."""
_FONT = "font-family:Arial,Helvetica,sans-serif"
_LAYOUT = "role='presentation' width='100%' cellpadding='0' cellspacing='0' border='0'"


def html(digest: Digest, dashboard: str | None = None) -> str:
    """The e-mail in HTML; cards link to the dashboard if its address is known."""
    parts = [
        f"<h1 style='margin:0 0 4px;font-size:22px;line-height:1.3'>{escape(digest.shop)}</h1>",
        f"<p style='margin:0 0 16px;color:{MUTED}'>Week to {escape(fmt.day(digest.day))}</p>",
        f"<p style='margin:0 0 20px;font-size:18px;line-height:1.45'><b>{escape(digest.sentence)}</b></p>",
        *(_card(action, dashboard) for action in digest.actions),
        *(() if digest.actions else ("<p style='margin:0 0 20px'>Nothing needs your attention today.</p>",)),
        *map(_chart, digest.charts),
        *(f"<p style='margin:0 0 8px;font-size:13px;color:{MUTED}'>{escape(note)}</p>" for note in _notes(digest)),
    ]
    return (
        "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width,initial-scale=1'>"
        f"<meta name='color-scheme' content='light'><title>{escape(digest.title)}</title></head>"
        f"<body style='margin:0;padding:0;background:{LITTLE}'><table {_LAYOUT} bgcolor='{LITTLE}'><tr>"
        f"<td align='center' style='padding:16px 8px'><table {_LAYOUT} bgcolor='{GROUND}' style='max-width:{_WIDTH}px'>"
        f"<tr><td style='padding:24px 20px;{_FONT};font-size:15px;line-height:1.5;color:{INK};text-align:left'>"
        f"{''.join(parts)}</td></tr></table></td></tr></table></body></html>\n"
    )


def text(digest: Digest) -> str:
    """The e-mail in plain text, for clients that show no HTML."""
    lines = [digest.title, "", digest.sentence]
    for action in digest.actions:
        lines += ["", action.title, f"{action.number}, {action.value}"]
        lines += [line for line in (expected_in_words(action), action.why) if line]
    if not digest.actions:
        lines += ["", "Nothing needs your attention today."]
    for chart in digest.charts:
        lines += ["", chart.title, *(f"  {line.name}: {line.label}" for line in chart.lines)]
    return "\n".join([*lines, "", *_notes(digest)]) + "\n"


def _notes(digest: Digest) -> Iterator[str]:
    if any(action.expected for action in digest.actions):
        yield EXPECTED_MEANS
    yield from digest.notes


def _card(action: Action, dashboard: str | None) -> str:
    """A card of Today: customers and money, the reason, and the link to its list."""
    expected = expected_in_words(action)
    way = f"{dashboard.rstrip('/')}/{action.to}" if dashboard else ""
    lines = [
        f"<h2 style='margin:0 0 6px;font-size:16px;line-height:1.35'>{escape(action.title)}</h2>",
        f"<p style='margin:0 0 4px'><b>{escape(action.number)}</b>, {escape(action.value)}</p>",
        f"<p style='margin:0 0 4px'>{escape(expected)}</p>" if expected else "",
        f"<p style='margin:0;color:{MUTED}'>{escape(action.why)}</p>",
        f"<p style='margin:6px 0 0'><a href='{escape(way)}' style='color:{LINK}'>See customers</a></p>"
        if way and action.group
        else "",
    ]
    return (
        f"<table {_LAYOUT} style='margin:0 0 12px'><tr><td style='padding:14px 16px;border:1px solid {GRID};"
        f"border-left:4px solid {LINK}'>{''.join(lines)}</td></tr></table>"
    )


def _chart(chart: Chart) -> str:
    most = max((line.number for line in chart.lines), default=0) or 1
    bars = "".join(_bar(line, line.number / most) for line in chart.lines)
    return (
        f"<h2 style='margin:24px 0 8px;font-size:16px;line-height:1.35'>{escape(chart.title)}</h2>"
        f"<table width='100%' cellpadding='0' cellspacing='0' border='0' aria-label='{escape(chart.title)}' "
        f"style='margin:0 0 12px'>{bars}</table>"
    )


def _bar(line: Line, share: float) -> str:
    width = round(_LONGEST * max(share, 0))
    drawn = (
        f"<td width='{width}%' bgcolor='{line.colour}' style='height:14px;font-size:1px;line-height:14px'>&nbsp;</td>"
        if width
        else ""
    )
    return (
        f"<tr><th scope='row' width='38%' style='padding:4px 8px 4px 0;font-size:13px;line-height:1.3;"
        f"font-weight:normal;text-align:left'>{escape(line.name)}</th><td style='padding:4px 0'>"
        f"<table {_LAYOUT}><tr>{drawn}<td style='padding-left:6px;font-size:13px;line-height:14px;white-space:nowrap'>"
        f"{escape(line.label)}</td></tr></table></td></tr>"
    )
