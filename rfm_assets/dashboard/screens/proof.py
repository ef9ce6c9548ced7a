"""Proof: whether segments and scores predicted what customers then spent, and what that does not prove."""

import streamlit as st

from rfm_assets.dashboard import address
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.screens.proof_holdout import proof_holdout
from rfm_assets.dashboard.screens.proof_methods import proof_methods
from rfm_assets.dashboard.screens.proof_segments import proof_segments
from rfm_assets.dashboard.view import View

NOT_CLAIMED = (
    "**What this does not prove.** A segment that spends more does not make a campaign to it earn more: only an "
    "experiment can show that, such as the holdout below. One shop's past says nothing about another's, and "
    "seasons are not accounted for. A small segment has a wide interval."
)


def page(view: View) -> None:
    """Draws the page."""
    _backtests(view)
    proof_holdout(view)


def _backtests(view: View) -> None:
    """Draws how methods and segments did, or that there is not enough history yet."""
    horizons = {fmt.plural(row["days"], "day"): row for row in view.copy.rows("proof_horizons", as_of=view.as_of)}
    if not horizons:
        st.info(
            "Not enough history yet: the first figures come 30 days after the first month's end with customers.",
            icon=":material/info:",
        )
        return
    chosen = address.choice(
        "Looking ahead", list(horizons), key="proof_horizon", what="horizon", default=next(iter(horizons))
    )
    days = horizons[chosen]["days"]
    proof_methods(view, days)
    proof_segments(view, days)
    st.markdown(NOT_CLAIMED)
