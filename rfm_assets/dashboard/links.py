"""Links that open in the same tab; those of Markdown open another one."""

from collections.abc import Mapping
from html import escape

import streamlit as st


def anchor(text: str, to: str) -> str:
    """A link in HTML."""
    return f"<a href='{escape(to)}'>{escape(text)}</a>"


def show_links(links: Mapping[str, str], before: str = "") -> None:
    """Draws links beside each other, by what they say, behind a text."""
    said = " · ".join(([escape(before)] if before else []) + [anchor(text, to) for text, to in links.items()])
    st.html(f"<p class='rfm-links'>{said}</p>")
