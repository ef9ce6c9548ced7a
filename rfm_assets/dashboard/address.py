"""The URL of a page: the day, which it always carries, and every choice that changes a number.

If the URL asks for something unknown, the page says so, and what it shows instead.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from rfm_assets.dashboard import format as fmt

DAY = "as_of"
"""The day's parameter in the URL, and the key of its picker."""
_WRITTEN = "as_of_in_the_address"
YES_OR_NO = ("true", "false")
"""The values of a switch in the URL."""

ONE_CLICK_ONE_ENTRY = """<script>
if (!window.rfmEntries) {
  window.rfmEntries = {push: history.pushState.bind(history), acted: false}
  for (const act of ['pointerdown', 'keydown']) window.addEventListener(act, () => {rfmEntries.acted = true}, true)
  history.pushState = (...entry) => {
    rfmEntries.acted ? rfmEntries.push(...entry) : history.replaceState(...entry)
    rfmEntries.acted = false
  }
}
</script>"""
"""Limits each user action to one entry in the browser's history, so that Back goes back.

Streamlit adds another entry whenever the server completes the URL, after a page is opened or changed.
"""


def day_asked_for(days: Sequence[date]) -> date:
    """The day to show: the URL's, else the newest. Says so if the URL asks for a day that is not published.

    The reader's choice stays until the URL differs from what was last written to it, as after a link or Back.
    """
    asked, chosen = st.query_params.get(DAY), st.session_state.get(DAY)
    is_new = chosen is None or asked != st.session_state.get(_WRITTEN)
    wanted = asked if asked is not None and is_new else str(chosen or days[-1])
    found = {str(day): day for day in days}.get(wanted)
    if found is None and not is_new:
        nearest = max((day for day in days if str(day) < wanted), default=days[0])
        _say(f"{wanted} is not a published day: showing {fmt.day(nearest)}.")
        return nearest
    if found is None:
        _say(f"The link asks for {wanted}, which is not a published day: showing {fmt.day(days[-1])}, the newest.")
    return found or days[-1]


def pin_day(day: date) -> None:
    """Writes the displayed day into the URL, so that tomorrow it still opens that day."""
    st.session_state[_WRITTEN] = str(day)
    if st.query_params.get(DAY) != str(day):
        st.query_params[DAY] = str(day)


def say_what_is_unknown(key: str, what: str, known: Collection[str], otherwise: str) -> None:
    """Names the unknown values of `key` in the URL. Call it before the widget corrects the URL.

    `otherwise` is what is shown if no value is known, with its verb.
    """
    asked = st.query_params.get_all(key)
    if unknown := [one for one in asked if one not in known]:
        left = [one for one in asked if one in known]
        shown = f"{' and '.join(left)} {'is' if len(left) == 1 else 'are'}" if left else otherwise
        _say(f"The address asks for the {what} {' and '.join(unknown)}, which does not exist: {shown} shown.")


def choice(title: str, options: Sequence[str], *, key: str, what: str, default: str, **look: Any) -> str:  # noqa: ANN401
    """One of a few options, side by side; the URL carries it unless it is the default.

    `what` names the option if the URL asks for an unknown one; `look` is passed to Streamlit.
    """
    say_what_is_unknown(key, what, options, f"{default} is")
    chosen: str = st.segmented_control(
        title,
        options,
        default=default,
        required=True,
        key=key,
        wrap=True,
        bind="query-params",
        persist_state="session",
        **look,
    )
    return chosen


def link(day: date, **query: object) -> str:
    """A URL of the same page and choices on the day, with `query` on top; () removes a parameter."""
    kept: Mapping[str, object] = {key: st.query_params.get_all(key) for key in st.query_params}
    return f"?{urlencode({**kept, DAY: day, **query}, doseq=True)}"


def page_link(page: str, day: date, **query: object) -> str:
    """A URL of another page on the day; a list gives a parameter several values."""
    return f"{page}?{urlencode({DAY: day, **query}, doseq=True)}"


def _say(what: str) -> None:
    st.info(fmt.md(what), icon=":material/info:")
