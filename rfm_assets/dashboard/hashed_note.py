"""The note that downloads have hashed ids, for pages that show others."""

import streamlit as st

from rfm_assets.dashboard.audience_download import hashes_ids
from rfm_assets.dashboard.view import View

HASHED_DOWNLOADS = "Exports have hashed IDs (HMAC-SHA256 with RFM_AUDIENCE_KEY) in place of those on this page."


def show_hashed_note(view: View) -> None:
    """Draws the note if downloads have other ids than the page."""
    if hashes_ids() and not view.copy.has_hashed_ids():
        st.caption(HASHED_DOWNLOADS)
