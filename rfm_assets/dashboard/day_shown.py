"""Dims what a page shows while the date picker says another day, until the new day is all there.

The browser itself compares the picker's date with that of the page, by a rule that a page sends once it is drawn.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import streamlit as st

from rfm_assets.dashboard.address import DAY

_BEGUN = "_rfm_day_begun"
_RULE = """<style>
[class*="st-key-rfm_page_"] {{opacity: 0.2}}
body:not(:has(.st-key-{picker} input[type=date]:not([value="{day}"]))) .st-key-rfm_page_{number} {{opacity: 1}}
</style>"""


@contextmanager
def shown_as_of(day: date) -> Iterator[None]:
    """What is drawn in it belongs to a day.

    Each time that the day changes, the page gets another number: what stands there while it is drawn may be of both
    days, even if the reader went back to the first meanwhile. A run that is broken off sends no rule, so it stays dim.
    """
    number, before = st.session_state.get(_BEGUN, (0, None))
    if before != day:
        number += 1
        st.session_state[_BEGUN] = number, day
    with st.container(key=f"rfm_page_{number}"):
        yield
    st.html(_RULE.format(picker=DAY, day=day, number=number))
