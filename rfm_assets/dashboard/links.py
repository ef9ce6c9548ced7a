"""Links that open in the same tab; Streamlit's Markdown links open a new one."""

from collections.abc import Mapping
from html import escape

import streamlit as st


def anchor(text: str, to: str) -> str:
    """An HTML link."""
    return f"<a href='{escape(to)}'>{escape(text)}</a>"


def show_links(links: Mapping[str, str], before: str = "") -> None:
    """Draws links side by side, by their text, after `before`."""
    said = " · ".join(([escape(before)] if before else []) + [anchor(text, to) for text, to in links.items()])
    st.html(f"<p class='rfm-links'>{said}</p>")
