"""The cohort tables of the page Growth: a row for each cohort, a column for each month or week since."""

from collections.abc import Callable, Hashable, Mapping
from math import isnan
from typing import Any

import pandas as pd

from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.figure import Data
from rfm_assets.dashboard.html_tables import Cell, Shaded

MEASURES = {
    "Bought again": "customers",
    "Sales": "revenue",
    "Average invoice": "average",
    "Cumulative sales per customer": "per_customer",
}
"""The measures of a cohort, by the name shown."""
Link = Callable[[str, str], str]


def cohort_table(
    found: pd.DataFrame, measure: str = "Bought again", unit: str = "month", link: Link | None = None
) -> Shaded:
    """A measure of each cohort, shaded up to its maximum; blank while a month or week is not over.

    `link` gives a cell's URL, from the month or week of the cohort and that of the cell.
    """
    numbers = found.assign(number=_numbers(found, MEASURES[measure]).astype(float))
    told = numbers[numbers["age"] > 0] if measure == "Bought again" else numbers
    most = told["number"].max()
    most = most if most > 0 else 1.0

    def cell(row: Mapping[Hashable, Any]) -> Cell:
        if isnan(row["number"]):  # not over, or nothing to average
            return Cell("", None)
        number = row["number"]
        text = f"{number:.0f}" if measure == "Bought again" else fmt.short_money(number)
        to = link(*(_start(row["cohort"], age, unit) for age in (0, row["age"]))) if link and row["customers"] else ""
        return Cell(text, max(min(number / most, 1), 0), _hint(row, measure, unit), to=to)

    return Shaded(
        [(str(age), "") for age in sorted(numbers["age"].unique())],
        [
            (_name(cohort, of_cohort, unit), [cell(row) for row in of_cohort.sort_values("age").to_dict("records")])
            for cohort, of_cohort in numbers.groupby("cohort")
        ],
    )


def cohort_data(found: pd.DataFrame, measure: str) -> Data:
    """The numbers of that table, a row for each cell."""
    return {
        "Cohort": [f"{cohort:%Y-%m-%d}" for cohort in found["cohort"]],
        "Customers in the cohort": found["size"].tolist(),
        "Later": found["age"].tolist(),
        "Customers who bought": found["customers"].tolist(),
        "% who bought again" if measure == "Bought again" else measure: _numbers(found, MEASURES[measure]).tolist(),
    }


def _start(cohort: Any, age: int, unit: str) -> str:  # noqa: ANN401 - what pandas groups by
    """The month, or the first day of the week, in which a cohort reaches an age."""
    if unit == "month":
        return f"{pd.Period(cohort, 'M') + age}"
    return f"{cohort + pd.Timedelta(weeks=age):%Y-%m-%d}"


def _numbers(found: pd.DataFrame, column: str) -> "pd.Series[float]":
    values = found[column].astype(float)
    return 100 * values / found["size"] if column == "customers" else values


def _name(cohort: Any, of_cohort: pd.DataFrame, unit: str) -> str:  # noqa: ANN401 - what pandas groups by
    when = f"{cohort:%b %y}" if unit == "month" else f"{cohort.day} {cohort:%b %y}"
    return f"{when}{'' if of_cohort['complete'].iloc[0] else '*'} ({fmt.count(of_cohort['size'].iloc[0])})"


def _hint(row: Mapping[Hashable, Any], measure: str, unit: str) -> str:
    first = f"{row['cohort']:%B %Y}" if unit == "month" else f"the week of {fmt.day(row['cohort'])}"
    said = f"{fmt.count(row['customers'])} of them bought, {fmt.percent(100 * row['customers'] / row['size'])}"
    if measure != "Bought again":
        said = f"{measure.lower()} {fmt.money(row['number'])}"
    return f"First bought in {first}: {fmt.plural(row['age'], unit)} later {said}"
