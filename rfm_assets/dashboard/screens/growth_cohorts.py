"""The cohorts of the page Growth: what the new customers of each month or week bought later."""

from functools import partial

import streamlit as st

from rfm_assets.dashboard import address, html_tables
from rfm_assets.dashboard.cohorts import MOST, cohorts
from rfm_assets.dashboard.customer_links import cohort_link
from rfm_assets.dashboard.figures.cohorts import MEASURES, cohort_data, cohort_table
from rfm_assets.dashboard.view import View

UNIT_NAMES = {"Monthly": "month", "Weekly": "week"}


def growth_cohorts(view: View) -> None:
    """Draws what the new customers of each month or week bought later."""
    with st.container():
        st.header("Cohort retention", anchor=False)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            unit = UNIT_NAMES[
                address.choice("Cohorts", list(UNIT_NAMES), key="growth_unit", what="cohorts", default="Monthly")
            ]
            measure = address.choice(
                "Measure", list(MEASURES), key="growth_measure", what="measure", default="Bought again"
            )
    rows = view.copy.frame("growth_cohorts", as_of=view.as_of, unit=unit, most=MOST)
    found = cohorts(rows, view.as_of, unit)
    if found["customers"].isna().all():
        st.caption(f"No {unit} is over yet.")
        return
    what = "the percentage who bought again" if measure == "Bought again" else measure.lower()
    st.caption(
        f"Customers by the {unit} of their first purchase (how many in brackets), and {what} in each later {unit}. "
        f"Blank: that {unit} is not over. \\*: a partial {unit}. Customers of the first {unit} may have bought before "
        f"the data begins. Columns are {unit}s since the first purchase."
    )
    link = partial(cohort_link, view.as_of) if view.has_customers else None
    alt = f"{measure} by {unit} of first purchase."
    at_least = 620 if measure == "Bought again" else 900
    data = partial(cohort_data, found, measure)
    table = cohort_table(found, measure, unit, link)
    html_tables.show_shaded(table, key="growth_cohorts", alt=alt, data=data, at_least=at_least)
