"""Who comes: customers by the day of their first purchase, and how many of each month's bought again in later ones.

Pure functions over the rows of `queries/growth_customers.sql`, which reads every sale once for both.
"""

from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

MONTHS = 12
"""So many months are looked back on; the query has a bit for each."""


def by_day(customers: "pd.DataFrame", until: date) -> "pd.DataFrame":
    """How many were new on each day from the first purchase until a day, and how many there were by then."""
    import pandas as pd

    new = customers.groupby("day")["customers"].sum()
    every_day = pd.date_range(new.index.min(), max(new.index.max(), pd.Timestamp(until)), name="day")
    days = new.reindex(every_day, fill_value=0).rename("new_customers").reset_index()
    return days.assign(customers=days["new_customers"].cumsum())


def cohorts(customers: "pd.DataFrame", months: "pd.DataFrame", as_of: date) -> "pd.DataFrame":
    """A row for each month of first purchase and each number of months later, with how many bought then.

    Nothing is told of a month that is not over: it would look like a fall. A cohort is complete when its own month was
    delivered in full, as `months` says.
    """
    import numpy as np
    import pandas as pd

    cohort_of = customers["day"].dt.to_period("M").rename("cohort")
    sizes = customers["customers"].groupby(cohort_of).sum()
    bits = (customers["months"].to_numpy()[:, None] >> np.arange(MONTHS)) & 1
    bought = pd.DataFrame(bits * customers["customers"].to_numpy()[:, None]).groupby(cohort_of).sum()  # by months ago
    complete = dict(zip(months["month"].dt.to_period("M"), months["complete"], strict=True))
    newest, is_over = pd.Period(as_of, "M"), (as_of + timedelta(days=1)).day == 1
    rows = [
        {
            "cohort": cohort.to_timestamp(),
            "size": size,
            "complete": complete[cohort],
            "age": age,
            "customers": int(of_cohort[ago - age]) if ago > age or (ago == age and is_over) else None,
        }
        for cohort, size, of_cohort in zip(pd.PeriodIndex(sizes.index), sizes, bought.to_numpy(), strict=True)
        if 0 <= (ago := (newest - cohort).n) < MONTHS
        for age in range(MONTHS)
    ]
    return pd.DataFrame(rows, columns=["cohort", "size", "complete", "age", "customers"])
