"""Agreement compares the grouping of shared customers, not the numbers of the groups."""

from datetime import date

import pandas as pd
import pytest

from rfm_assets.ml.stability import Agreement, agreement, stability_of


def day(**clusters: int) -> pd.DataFrame:
    return pd.DataFrame({"CustomerID": list(clusters), "Cluster": list(clusters.values())})


def test_the_same_groups_under_other_numbers_agree_fully() -> None:
    before, after = day(a=0, b=0, c=1, d=1), day(d=0, c=0, b=2, a=2)
    assert agreement(before, after) == Agreement(customers_in_both=4, adjusted_rand_index=1, matched_agreement=1)


def test_only_customers_of_both_days_count() -> None:
    assert agreement(day(a=0, b=1, gone=0), day(a=0, b=1, new=1, newer=1)).customers_in_both == 2


def test_a_customer_who_moved_is_the_share_that_disagrees() -> None:
    found = agreement(day(a=0, b=0, c=1, d=1, e=1), day(a=5, b=6, c=6, d=6, e=6))
    assert found.matched_agreement == pytest.approx(4 / 5)
    assert 0 < found.adjusted_rand_index < 1


def test_a_cluster_is_matched_with_one_other_at_most() -> None:
    # All were one cluster and are two now: the larger one inherits it, the other is new.
    assert agreement(day(a=0, b=0, c=0), day(a=0, b=0, c=1)).matched_agreement == pytest.approx(2 / 3)


def test_the_matching_is_the_best_one_and_not_the_first_good_one() -> None:
    # Matching 0 with 0 first (3 customers) would leave 1 with 1 (none): 3. The best crosses over: 2 + 2.
    before = day(a=0, b=0, c=0, d=0, e=0, f=1, g=1)
    after = day(a=0, b=0, c=0, d=1, e=1, f=0, g=0)
    assert agreement(before, after).matched_agreement == pytest.approx(4 / 7)


def test_unrelated_groups_agree_no_better_than_chance() -> None:
    before = day(**{f"c{n}": n % 2 for n in range(40)})
    after = day(**{f"c{n}": n // 2 % 2 for n in range(40)})
    assert agreement(before, after).adjusted_rand_index == pytest.approx(0, abs=0.05)


def test_one_group_on_both_days_agrees_fully() -> None:
    assert agreement(day(a=0, b=0), day(a=3, b=3)).adjusted_rand_index == 1


def test_days_without_a_shared_customer_have_no_agreement_to_tell() -> None:
    assert agreement(day(a=0), day(b=0)) == Agreement(0, None, None)
    assert agreement(day(), day(b=0)) == Agreement(0, None, None)


def moves(*rows: tuple[str, int, int, int]) -> pd.DataFrame:
    columns = ["as_of_date", "before", "after", "customers"]
    return pd.DataFrame(rows, columns=columns).astype({"as_of_date": "datetime64[us]"})


def test_counted_moves_agree_as_the_customers_themselves_do() -> None:
    table = stability_of(moves(("2026-02-01", 0, 5, 1), ("2026-02-01", 0, 6, 1), ("2026-02-01", 1, 6, 3)), {})
    alone = agreement(day(a=0, b=0, c=1, d=1, e=1), day(a=5, b=6, c=6, d=6, e=6))
    found = table.loc[0, ["customers_in_both", "adjusted_rand_index", "matched_agreement"]]
    assert Agreement(*found) == alone


def test_a_day_names_the_day_before_and_both_numbers_of_clusters_where_there_are_any() -> None:
    days = moves(("2026-02-01", 0, 0, 2), ("2026-02-02", 0, 0, 2))
    table = stability_of(days, {date(2026, 1, 31): 4, date(2026, 2, 1): 5})
    assert table["compared_to"].dt.strftime("%m-%d").tolist() == ["01-31", "02-01"]
    assert table[["k", "previous_k"]].to_numpy(dtype=object).tolist() == [[5, 4], [pd.NA, 5]]


def test_no_moves_are_an_empty_table_of_the_same_types() -> None:
    some = stability_of(moves(("2026-02-01", 0, 0, 2)), {})
    none = stability_of(moves(), {})
    assert none.empty
    assert none.dtypes.to_dict() == some.dtypes.to_dict()
