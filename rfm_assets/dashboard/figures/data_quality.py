"""The figures of the page Data quality."""

from typing import TYPE_CHECKING

from rfm_assets.dashboard import charts
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.charts import Option
from rfm_assets.dashboard.html_bars import Bar
from rfm_assets.delivered import MALFORMED_LINE

if TYPE_CHECKING:
    import pandas as pd

COLOURS = {"Accepted": charts.SERIES[0], "Rejected": charts.SERIES[1]}
FAILURES = {
    MALFORMED_LINE: "Malformed rows",
    "valid_invoice_no": "No valid invoice number",
    "valid_stock_code": "No product code",
    "valid_quantity": "Quantity not a whole number above zero",
    "valid_unit_price": "Price below zero or not a number",
    "valid_line_amount": "Line amount of the wrong sign or not a number",
    "valid_invoice_date": "No valid date",
    "not_after_its_file": "Dated after the file",
    "valid_customer_id": "Corrupted customer ID",
    "valid_currency": "Another currency",
    "not_delivered_before": "Delivered before",
}
"""What is wrong with lines that fail each rule."""


def lines(days: "pd.DataFrame") -> Option:
    """Each day's lines: accepted ones, with rejected ones stacked on top."""
    bars = (
        charts.day_bars(charts.points(days, "day", column), name=name, stack="all", color=COLOURS[name])
        for name, column in {"Accepted": "kept", "Rejected": "refused"}.items()
    )
    return charts.day_panel("Rows", days["day"], *bars)


def refused_share(days: "pd.DataFrame") -> Option:
    """The share of each day's lines that were rejected, in percent."""
    bars = charts.day_bars(charts.points(days, "day", "refused_share"), name="Rejected", color=COLOURS["Rejected"])
    return charts.day_panel("Rejection rate", days["day"], bars, write="%.2f%%", unit="%")


def failure(rule: str) -> str:
    """What is wrong with lines that fail a rule; the rule's name if it has no words."""
    return FAILURES.get(rule, rule)


def reasons(rules: "pd.DataFrame") -> list[Bar]:
    """A bar for each rule: the number of lines that fail it, labelled with what is wrong; the tooltip is the rule."""
    return [
        Bar(failure(rule), float(lines), fmt.count(lines), COLOURS["Rejected"], hint=f"{rule}: {asks}")
        for rule, asks, lines in zip(rules["rule"], rules["asks"], rules["lines"], strict=True)
    ]
