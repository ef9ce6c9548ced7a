"""How far two days' clusters agree on the customers they share, whatever the clusters are numbered."""

from dataclasses import dataclass

import pandas as pd
from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]
from sklearn.metrics import adjusted_rand_score


@dataclass(frozen=True)
class Agreement:
    """How alike two clusterings are; the two shares are None when no customer is in both.

    Attributes:
        customers_in_both: how many customers both days have.
        adjusted_rand_index: agreement on pairs of customers beyond chance; 1 for the same groups, about 0 for
            unrelated ones.
        matched_agreement: the share of customers in matching clusters, each cluster matched with at most one of the
            other day so that most customers stay.
    """

    customers_in_both: int
    adjusted_rand_index: float | None
    matched_agreement: float | None


def agreement(before: pd.DataFrame, after: pd.DataFrame) -> Agreement:
    """Compares the column Cluster of two days by CustomerID; outlier classes count as clusters."""
    both = before[["CustomerID", "Cluster"]].merge(after[["CustomerID", "Cluster"]], on="CustomerID")
    if both.empty:
        return Agreement(customers_in_both=0, adjusted_rand_index=None, matched_agreement=None)
    return Agreement(
        customers_in_both=len(both),
        adjusted_rand_index=float(adjusted_rand_score(both["Cluster_x"], both["Cluster_y"])),
        matched_agreement=matched_share(both["Cluster_x"], both["Cluster_y"]),
    )


def matched_share(before: "pd.Series[int]", after: "pd.Series[int]") -> float:
    """Returns the share of customers whose two labels belong together in the best one-to-one matching of labels."""
    counts = pd.crosstab(before, after).to_numpy()
    rows, columns = linear_sum_assignment(counts, maximize=True)
    return float(counts[rows, columns].sum() / len(before))
