"""What the address of a page asks for: the day, which it always carries, and every choice that changes a number.

What an address asks for in vain is named on the page, with what is shown instead.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from rfm_assets.dashboard import format as fmt

DAY = "as_of"
"""The day's name in the address, and the key of its picker."""
_WRITTEN = "as_of_in_the_address"
YES_OR_NO = ("true", "false")
"""What an address may say of a switch."""

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
"""Lets each act of the reader add one entry at most to the browser's history, so that Back goes back.

Streamlit adds one whenever the server completes an address: once a page has been opened or another one chosen.
"""


def day_asked_for(days: Sequence[date]) -> date:
    """The day to show, the newest where nothing else is asked for; says so where another one is asked for in vain.

    What the reader chose stays until the address says something else than was last written to it: a link, or Back.
    """
    asked, chosen = st.query_params.get(DAY), st.session_state.get(DAY)
    is_new = chosen is None or asked != st.session_state.get(_WRITTEN)
    wanted = asked if asked is not None and is_new else str(chosen or days[-1])
    found = {str(day): day for day in days}.get(wanted)
    if found is None and not is_new:
        nearest = max((day for day in days if str(day) < wanted), default=days[0])
        _say(f"{wanted} is not a published day: {fmt.day(nearest)} is shown.")
        return nearest
    if found is None:
        _say(f"The address asks for {wanted}, which is not a published day: {fmt.day(days[-1])}, the newest, is shown.")
    return found or days[-1]


def pin_day(day: date) -> None:
    """Has the address carry the day that is shown, so that tomorrow it still opens that day."""
    st.session_state[_WRITTEN] = str(day)
    if st.query_params.get(DAY) != str(day):
        st.query_params[DAY] = str(day)


def say_what_is_unknown(key: str, what: str, known: Collection[str], otherwise: str) -> None:
    """Says which values of `key` in the address there are not; to be called before its widget corrects the address.

    `otherwise` is what is shown where none of them is known, with its verb.
    """
    asked = st.query_params.get_all(key)
    if unknown := [one for one in asked if one not in known]:
        left = [one for one in asked if one in known]
        shown = f"{' and '.join(left)} {'is' if len(left) == 1 else 'are'}" if left else otherwise
        _say(f"The address asks for the {what} {' and '.join(unknown)}, which does not exist: {shown} shown.")


def choice(title: str, options: Sequence[str], *, key: str, what: str, default: str, **look: Any) -> str:  # noqa: ANN401
    """One of a few options, side by side; the address carries it where it is not the default.

    `what` names it where the address asks for one that does not exist; `look` is for Streamlit.
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
    """An address of the same page on the day, which keeps what this one says but for what is given; () leaves out."""
    kept: Mapping[str, object] = {key: st.query_params.get_all(key) for key in st.query_params}
    return f"?{urlencode({**kept, DAY: day, **query}, doseq=True)}"


def page_link(page: str, day: date, **query: object) -> str:
    """An address of another page on the day; a list gives a key several values."""
    return f"{page}?{urlencode({DAY: day, **query}, doseq=True)}"


def _say(what: str) -> None:
    st.info(fmt.md(what), icon=":material/info:")
