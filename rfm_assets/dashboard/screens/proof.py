"""Proof: whether segments and scores foretold what customers then spent, with what is not claimed."""

import streamlit as st

from rfm_assets.dashboard import address
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.screens.proof_holdout import proof_holdout
from rfm_assets.dashboard.screens.proof_methods import proof_methods
from rfm_assets.dashboard.screens.proof_segments import proof_segments
from rfm_assets.dashboard.view import View

NOT_CLAIMED = (
    "**What this does not say.** That a segment spends more does not mean that a campaign to it earns more: only an "
    "experiment can say that, such as the holdout below. The past of one shop says nothing of another, and no season "
    "is accounted for. A small segment has a wide interval."
)


def page(view: View) -> None:
    """Draws the page."""
    _backtests(view)
    proof_holdout(view)


def _backtests(view: View) -> None:
    """How methods and segments did; that there is not enough history yet, where there is not."""
    horizons = {fmt.plural(row["days"], "day"): row for row in view.copy.rows("proof_horizons", as_of=view.as_of)}
    if not horizons:
        st.info(
            "Not enough history yet: the first figures come 30 days after the first month's end that has customers.",
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
