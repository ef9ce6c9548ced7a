"""Every number on a customer's page and in the list equals SQL over the published copy, on twenty days."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.screens.customer_outlook import due_in_words
from rfm_assets.dashboard.threshold_jumps import said
from rfm_assets_tests.dashboard.numbers import JUMPS, MEDIANS, TWENTY_DAYS, Asked, metrics, numbers, prose
from rfm_assets_tests.dashboard.shop import FIRST_DAY, charts, open_page, tables

pytestmark = pytest.mark.slow

CUSTOMER = """
    SELECT CustomerID AS id FROM gold.customer_money WHERE as_of_date = $first
    ORDER BY Orders DESC, Returned DESC, CustomerID LIMIT 1
"""
VALUES = """
    SELECT * FROM gold.customer_segments JOIN gold.customer_scores USING (as_of_date, CustomerID)
    JOIN gold.customer_money USING (as_of_date, CustomerID)
    LEFT JOIN (SELECT as_of_date, segment, CAST(expected_revenue AS DOUBLE) / customers AS expected,
        CAST(expected_low AS DOUBLE) / customers AS low, CAST(expected_high AS DOUBLE) / customers AS high
        FROM proof.expected_revenue) USING (as_of_date, segment)
    WHERE as_of_date = $day AND CustomerID = $customer
"""
ORDERED = """
    SELECT InvoiceDate AS day, sum(ProductAmount) AS money, count(DISTINCT InvoiceNo) AS invoices FROM silver.invoices
    WHERE CustomerID = $customer AND ProductAmount IS NOT NULL AND processing_date <= $day
    GROUP BY InvoiceDate ORDER BY 1
"""
SENT_BACK = """
    SELECT InvoiceDate AS day, sum(Amount) AS money FROM silver.returns
    WHERE CustomerID = $customer AND CountsForCustomer AND processing_date <= $day GROUP BY InvoiceDate ORDER BY 1
"""
LISTED = """
    SELECT CustomerID, segment, Recency, Frequency, Monetary FROM gold.customer_segments
    WHERE as_of_date = $day ORDER BY Monetary DESC, CustomerID LIMIT 25
"""


def test_every_number_of_a_customer_and_of_the_list_is_that_of_sql(asked: Asked) -> None:
    customer = asked.row(CUSTOMER, first=TWENTY_DAYS[0])["id"]
    app = open_page("customers", as_of=str(asked.day), customer=customer)
    value = asked.row(VALUES, customer=customer)
    median = asked.row(f"SELECT * FROM ({MEDIANS}) WHERE day = $day")
    assert metrics(app) == _cards(asked, value, median)
    ordered, sent_back = (asked.rows(select, customer=customer) for select in (ORDERED, SENT_BACK))
    timeline, _ = charts(app)
    for series, rows, sign in zip(timeline["series"], (ordered, sent_back), (1, -1), strict=True):
        assert series["data"] == [[str(row["day"]), sign * float(row["money"])] for row in rows]
    products, listed = tables(app)
    bought = asked.rows(
        "SELECT * FROM meta.customer_products WHERE CustomerID = $customer ORDER BY Place", customer=customer
    )
    assert list(zip(*products.values(), strict=True)) == [
        (
            f"{row['Description']} · {row['StockCode']}",
            fmt.exact_money(row["Gross"]),
            fmt.count(row["Units"]),
            fmt.count(row["Orders"]),
            fmt.day(row["Last_Bought"]),
        )
        for row in bought
    ]
    writes = (str, str, fmt.count, fmt.count, fmt.exact_money)
    assert list(zip(*listed.values(), strict=True)) == [
        tuple(write(cell) for write, cell in zip(writes, row.values(), strict=True)) for row in asked.rows(LISTED)
    ]
    everybody = median["customers"]
    assert app.header[1].value == f"{fmt.plural(everybody, 'customer')} in all segments"
    (ways,) = (
        str(text.value) for text in app.markdown if "without an order" in text.value or "more order" in text.value
    )
    told = numbers(prose(app)) - numbers(ways)
    orders = sum(row["invoices"] for row in ordered)
    high = [] if value["value_tier"] == "Base Value" else [2 * Decimal(str(median["monetary"]))]
    assert told == {
        fmt.count(orders),
        fmt.exact_money(sum(row["money"] for row in ordered) / orders),
        *(fmt.exact_money(money) for money in (value["Monetary"], median["monetary"], *high)),
        *(fmt.count(number) for number in (value["Frequency"], median["frequency"], median["recency"])),
        *numbers(fmt.ago(value["Recency"])),
        *("1", fmt.count(-(-everybody // 25))),
        *numbers("; ".join(said(jump) for jump in asked.rows(JUMPS) if jump["day"] > FIRST_DAY)),
    } - numbers(ways)
    _ways_lead_there(ways.replace("\\", ""), value, median)


def _cards(asked: Asked, value: dict[str, Any], median: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    gap, due = value["Typical_Gap_Days"], value["Next_Order_Due"]
    money = [fmt.exact_money(value[name]) for name in ("Net", "Gross", "Returned")]
    rank = int(100 * value["Value_Rank"])
    expected = [None if value[name] is None else fmt.money(value[name]) for name in ("expected", "low", "high")]
    cards = {
        "Last order": (fmt.ago(value["Recency"]), f"median {fmt.plural(median['recency'], 'day')}"),
        "Orders": (fmt.plural(value["Frequency"], "order"), f"median {fmt.plural(median['frequency'], 'order')}"),
        "Lifetime spend, gross": (fmt.exact_money(value["Monetary"]), f"median {fmt.exact_money(median['monetary'])}"),
        "Rhythm": (
            f"every {fmt.plural(round(gap), 'day')}" if gap else "not known yet",
            f"last order on {fmt.day(asked.day - timedelta(days=value['Recency']))}"
            + ("" if value["Frequency"] > 3 else "; few orders yet, so the shop's rhythm counts, too"),
        ),
        "Next order due": (
            fmt.day(due) if due else "not known yet",
            due_in_words(due, asked.day, overdue=value["Overdue"]),
        ),
        "Known elsewhere as": (
            value["RFM_Name"],
            f"R{value['R_Score']} F{value['F_Score']} M{value['M_Score']} · value above {rank}% of customers",
        ),
        "Net of returns": (
            money[0],
            f"{money[1]} gross less {money[2]} returned ({fmt.percent(100 * value['Return_Rate'])})",
        ),
        "Expected in 30 days": (expected[0], f"{expected[1]} to {expected[2]}, the mean of their segment")
        if expected[0]
        else ("not known yet", "not enough history"),
    }
    return [(title, number, beneath, "") for title, (number, beneath) in cards.items()]


def _ways_lead_there(ways: str, value: dict[str, Any], median: dict[str, Any]) -> None:
    """Each suggested move leads to the segment it names, by the rule and the day's medians."""
    for line in ways.splitlines():
        what, _, segment = line.removeprefix("- ").rstrip("*").partition(": **")
        if days := re.match(r"([\d,]+) more days? without", what):
            waited = value["Recency"] + int(days[1].replace(",", ""))
            assert _segment(waited, value["Frequency"], value["Monetary"], median) == segment
            assert _segment(waited - 1, value["Frequency"], value["Monetary"], median) == value["segment"]
            continue
        orders = re.match(r"(One|\d+) more orders?(?: of £([\d,.]+))?", what)
        assert orders
        more = 1 if orders[1] == "One" else int(orders[1])
        spent = value["Monetary"] + Decimal((orders[2] or "0").replace(",", ""))
        assert _segment(0, value["Frequency"] + more, spent, median) == segment


def _segment(recency: int, frequency: int, monetary: Decimal, median: dict[str, Any]) -> str:
    half = Decimal(median["monetary"])
    tier = "High" if monetary > 2 * half else "Growing" if monetary > half else "Base"
    frequent, recent = frequency > median["frequency"], recency < median["recency"]
    status = ("Active & Engaged" if recent else "At Risk") if frequent else "Developing" if recent else "Inactive"
    return f"{tier} Value - {status}"
