"""Customers by the day of their first purchase, and what each month's or week's cohort bought later.

Pure functions over the rows of `queries/growth_customers.sql` and `queries/growth_cohorts.sql`.
"""

from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

MOST = 12
"""The most cohorts shown, and the most months or weeks that each is followed."""
MEASURED = ("customers", "revenue", "average", "per_customer")
"""For each month or week since: buyers, sales, average invoice, and cumulative sales per customer."""
UNITS = {"month": "M", "week": "W-SUN"}
"""The units of cohorts, by SQL name and pandas name."""


def by_day(customers: "pd.DataFrame", until: date) -> "pd.DataFrame":
    """New customers on each day, from the first purchase until a day, and the running total."""
    import pandas as pd

    new = customers.groupby("day")["customers"].sum()
    every_day = pd.date_range(new.index.min(), max(new.index.max(), pd.Timestamp(until)), name="day")
    days = new.reindex(every_day, fill_value=0).rename("new_customers").reset_index()
    return days.assign(customers=days["new_customers"].cumsum())


def cohorts(found: "pd.DataFrame", as_of: date, unit: str = "month") -> "pd.DataFrame":
    """A row for each cohort and each month or week later: buyers, sales then, and sales so far.

    A month or week that is not over is blank, since it would look like a fall. A cohort is complete if its own month or
    week was delivered in full.
    """
    import pandas as pd

    newest, tomorrow = (pd.Period(day, UNITS[unit]) for day in (as_of, as_of + timedelta(days=1)))
    last_over = newest if tomorrow != newest else newest - 1
    measured = found.set_index(["cohort", "age"])
    rows = []
    for start in sorted(set(found["cohort"])):
        cohort = pd.Period(start, UNITS[unit])
        is_complete = cohort <= last_over and start.date() >= found["first_delivery"].iloc[0].date()
        size, total = int(measured.loc[(start, 0), "customers"]), 0.0
        for age in range(MOST):
            is_over = cohort + age <= last_over
            here = measured.loc[(start, age)] if (start, age) in measured.index else {}
            customers, revenue, invoices = (here.get(name, 0) for name in ("customers", "revenue", "invoices"))
            total += float(revenue)
            row: dict[str, float | None] = {
                "customers": int(customers),
                "revenue": float(revenue),
                "average": float(revenue) / int(invoices) if invoices else None,
                "per_customer": total / size,
            }
            known = row if is_over else dict.fromkeys(row)
            rows.append({"cohort": start, "size": size, "complete": is_complete, "age": age, **known})
    return pd.DataFrame(rows, columns=["cohort", "size", "complete", "age", *MEASURED])
