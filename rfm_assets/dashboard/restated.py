"""A day's customers by the thresholds of another day: the segments if no median had changed."""

from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from rfm_assets.dashboard import address
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.view import View
from rfm_assets.gold.segments import RECOMMENDATIONS, placed
from rfm_assets.warehouse.query import Query, sql

if TYPE_CHECKING:
    import pandas as pd

KEY = "segments_thresholds_of"
"""The day's parameter in the URL of Segments, and the key of its picker."""


def choose_thresholds(view: View) -> date | None:
    """Draws the picker of the day whose thresholds divide the customers; None if the reader chose none.

    Draws nothing on a day whose customers are not stored, since they cannot be divided again.
    """
    if not view.has_customers:
        return None
    known = [str(day) for day in view.days]
    address.say_what_is_unknown(KEY, "thresholds of", known, "those of the day itself are")
    found: date | None = st.date_input(
        "Thresholds as of",
        None,
        min_value=view.days[0],
        max_value=view.last_day,
        key=KEY,
        bind="query-params",
        persist_state="session",
        format="YYYY-MM-DD",
        help="Optional: divide this day's customers by the thresholds of another day. The map, the medians and the "
        "performance table follow.",
        width=190,
    )
    return found if str(found) in known and found != view.as_of else None


def restated(as_of: date, thresholds_of: date) -> Query:
    """The customers of a day, with their segment by the thresholds of another day."""
    customers = Query(
        "SELECT as_of_date, CustomerID, Recency, Frequency, Monetary FROM gold.customer_segments "
        f"WHERE as_of_date = DATE '{as_of}'"
    )
    thresholds = Query(
        f"SELECT * REPLACE (DATE '{as_of}' AS as_of_date) FROM gold.segment_thresholds "
        f"WHERE as_of_date = DATE '{thresholds_of}'"
    )
    return placed(customers, thresholds)


def restated_summary(view: View, thresholds_of: date) -> "pd.DataFrame":
    """The result of `queries/segments.sql`, by the thresholds of another day."""
    customers = Query("SELECT *, '' AS recommendation FROM restated", {"restated": restated(view.as_of, thresholds_of)})
    rows = view.copy.frame(sql("rfm_assets.gold", "segment_summary", customer_segments=customers))
    for share, of in {"Pct_of_Customers": "Customer_Count", "Pct_of_Revenue": "Total_Revenue"}.items():
        rows[share] = 100 * rows[of] / (rows[of].sum() or 1)
    rows["recommendation"] = rows["Segment"].map(RECOMMENDATIONS)
    return rows[rows["Segment"].isin(view.segments)]


def what_differs(view: View, thresholds_of: date) -> str:
    """How many customers change segment under the other thresholds."""
    query = Query(
        "SELECT count(*) AS customers, count(*) FILTER (restated.segment <> own.segment) AS others "
        "FROM gold.customer_segments AS own JOIN restated USING (CustomerID) "
        f"WHERE own.as_of_date = DATE '{view.as_of}'",
        {"restated": restated(view.as_of, thresholds_of)},
    )
    ((row),) = view.copy.rows(query)
    return (
        f"The customers of {fmt.day(view.as_of)} by the thresholds of {fmt.day(thresholds_of)}: "
        f"{fmt.count(row['others'])} of {fmt.count(row['customers'])} would be in another segment."
    )
