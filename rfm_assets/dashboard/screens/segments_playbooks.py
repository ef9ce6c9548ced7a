"""The playbooks of the page Segments: for each segment the channel, the offer, the timing, and how to measure it."""

from collections.abc import Sequence

import streamlit as st

from rfm_assets.config import in_force
from rfm_assets.config.segments import Cell
from rfm_assets.dashboard import html_tables
from rfm_assets.gold.playbooks import PLAYBOOKS
from rfm_assets.gold.segments import CELL_OF


def segments_playbooks(segments: Sequence[str]) -> None:
    """Draws the playbooks of the segments, in their order."""
    st.header("Playbooks", anchor=False)
    books = [PLAYBOOKS[segment] for segment in segments]
    owners = [in_force.segments().cells.get(CELL_OF[segment], Cell()).owner for segment in segments]
    html_tables.show_table(
        {
            "Segment": segments,
            "Aim": [book.aim for book in books],
            "Channel": [book.channel for book in books],
            "Offer": [book.offer for book in books],
            "Timing": [book.timing for book in books],
            "How to measure": [book.measure for book in books],
            **({"Owner": [owner or "nobody yet" for owner in owners]} if any(owners) else {}),
        },
        key="segments_playbooks",
        alt="What to do for each segment: aim, channel, offer, timing, and how to measure it.",
    )
    st.caption(
        "Change any of them in `[segments.cells]` of the shop file. Measure against a holdout if you can: *Proof* "
        "compares it."
    )
