"""Segments: who the customers are as of a day."""

import streamlit as st

from rfm_assets.dashboard.view import View


def page(view: View) -> None:
    """Draws the page."""
    st.dataframe(view.snapshot.frame("segments", as_of=view.as_of), hide_index=True)
