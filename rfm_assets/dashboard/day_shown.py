"""Dims a page while the date picker shows another day, until the new day is drawn completely.

The browser compares the picker's date with the page's, by a CSS rule that the page sends once it is drawn.
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
    """Marks what is drawn inside as belonging to a day.

    The page gets a new number each time that the day changes: while it is drawn it may show both days, even if the
    reader has gone back to the first. An interrupted run sends no rule, so the page stays dim.
    """
    number, before = st.session_state.get(_BEGUN, (0, None))
    if before != day:
        number += 1
        st.session_state[_BEGUN] = number, day
    with st.container(key=f"rfm_page_{number}"):
        yield
    st.html(_RULE.format(picker=DAY, day=day, number=number))
