"""Who comes: customers by the day of their first purchase, and what each month's or week's bought in later ones.

Pure functions over the rows of `queries/growth_customers.sql` and `queries/growth_cohorts.sql`.
"""

from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

MOST = 12
"""How many cohorts there are at most, and how many months or weeks each is followed."""
MEASURED = ("customers", "revenue", "average", "per_customer")
"""Of each month or week since: who bought, their sales, their average invoice, and all sales so far per customer."""
UNITS = {"month": "M", "week": "W-SUN"}
"""What cohorts may be of, as SQL and as pandas name it."""


def by_day(customers: "pd.DataFrame", until: date) -> "pd.DataFrame":
    """How many were new on each day from the first purchase until a day, and how many there were by then."""
    import pandas as pd

    new = customers.groupby("day")["customers"].sum()
    every_day = pd.date_range(new.index.min(), max(new.index.max(), pd.Timestamp(until)), name="day")
    days = new.reindex(every_day, fill_value=0).rename("new_customers").reset_index()
    return days.assign(customers=days["new_customers"].cumsum())


def cohorts(found: "pd.DataFrame", as_of: date, unit: str = "month") -> "pd.DataFrame":
    """A row for each cohort and each number of months or weeks later: who bought then, for how much, and in all so far.

    All of a month or week that is not over is blank: it would look like a fall. A cohort is complete when its own was
    delivered in full.
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
