"""Measures how far two days' clusters agree on shared customers, whatever their numbers."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import date, timedelta

import pandas as pd
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import adjusted_rand_score


@dataclass(frozen=True)
class Agreement:
    """The agreement of two clusterings; both measures are None without shared customers.

    Attributes:
        customers_in_both: the number of customers in both days.
        adjusted_rand_index: agreement on pairs of customers beyond chance; 1 for the same groups, about 0 for
            unrelated ones.
        matched_agreement: the share of customers in matching clusters, under the one-to-one matching in which most
            customers stay.
    """

    customers_in_both: int
    adjusted_rand_index: float | None
    matched_agreement: float | None


def agreement(before: pd.DataFrame, after: pd.DataFrame) -> Agreement:
    """Compares the column Cluster of two days by CustomerID; outlier classes count as clusters."""
    both = before[["CustomerID", "Cluster"]].merge(after[["CustomerID", "Cluster"]], on="CustomerID")
    return agreement_of(both["Cluster_x"], both["Cluster_y"])


def agreement_of(before: "pd.Series[int]", after: "pd.Series[int]") -> Agreement:
    """Compares two labels per shared customer."""
    if before.empty:
        return Agreement(customers_in_both=0, adjusted_rand_index=None, matched_agreement=None)
    return Agreement(
        customers_in_both=len(before),
        adjusted_rand_index=float(adjusted_rand_score(before, after)),
        matched_agreement=matched_share(before, after),
    )


def stability_of(moves: pd.DataFrame, chosen_k: Mapping[date, int]) -> pd.DataFrame:
    """Returns the rows of ml.cluster_stability.

    Takes the number of `customers` who went from cluster `before` to cluster `after` on each `as_of_date`, and each
    day's number of clusters, if any were chosen. A day without customers of the day before has no row.
    """
    rows = []
    for day, moved in moves.groupby("as_of_date"):
        as_of, customers = pd.Timestamp(str(day)).date(), moved.loc[moved.index.repeat(moved["customers"])]
        compared_to = as_of - timedelta(days=1)
        found = agreement_of(customers["before"], customers["after"])
        rows.append((as_of, compared_to, chosen_k.get(as_of), chosen_k.get(compared_to), *astuple(found)))
    types = dict.fromkeys(("as_of_date", "compared_to"), "datetime64[s]")
    types |= {"k": "Int64", "previous_k": "Int64", "customers_in_both": "int64"}
    types |= dict.fromkeys(("adjusted_rand_index", "matched_agreement"), "float64")
    return pd.DataFrame(rows, columns=list(types)).astype(types)


def matched_share(before: "pd.Series[int]", after: "pd.Series[int]") -> float:
    """Returns the share of customers whose two labels match under the best one-to-one matching of labels."""
    counts = pd.crosstab(before, after).to_numpy()
    rows, columns = linear_sum_assignment(counts, maximize=True)
    return float(counts[rows, columns].sum() / len(before))
