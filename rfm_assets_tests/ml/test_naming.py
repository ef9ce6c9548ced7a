"""Every combination of medians has exactly one of the 24 names, and every name has its advice."""

from itertools import product

import pytest

from rfm_assets.ml.naming import RECOMMENDATIONS, Medians, cluster_name

OVERALL = Medians(monetary=100.0, frequency=10.0, recency=30.0)
SPEND = {"Platinum": 401, "Gold": 400, "Silver": 200, "Bronze": 100}  # the last three just miss the next tier
ORDERS = {"Champions": 21, "Loyalists": 20, "Potentials": 10}
DORMANT = {"Champions": "At Risk", "Loyalists": "Slipping", "Potentials": "Dormant"}
BRONZE = {"Potentials": "New", "Dormant": "Hibernating"}


def expected_name(tier: str, habit: str, *, recent: bool) -> str:
    word = habit if recent else DORMANT[habit]
    return f"{tier} {BRONZE.get(word, word) if tier == 'Bronze' else word}"


@pytest.mark.parametrize(("tier", "habit", "recent"), list(product(SPEND, ORDERS, (True, False))))
def test_a_group_is_named_by_strict_multiples_of_the_overall_medians(tier: str, habit: str, *, recent: bool) -> None:
    group = Medians(SPEND[tier], ORDERS[habit], 29 if recent else 30)
    assert cluster_name(group, OVERALL) == expected_name(tier, habit, recent=recent)


def test_every_combination_has_one_name_and_every_name_has_advice() -> None:
    grid = product((0, 50, 100, 101, 200, 201, 400, 401, 9999), (0, 5, 10, 11, 20, 21, 99), (0, 29, 30, 31))
    assert {cluster_name(Medians(*point), OVERALL) for point in grid} == set(RECOMMENDATIONS)
    assert len(RECOMMENDATIONS) == 24


def test_each_advice_is_one_line_of_its_own() -> None:
    advice = list(RECOMMENDATIONS.values())
    assert len(set(advice)) == 24
    assert all(line.endswith(".") and "\n" not in line and len(line) <= 100 for line in advice)


def test_a_day_on_which_nobody_has_spent_still_has_names() -> None:
    nobody = Medians(0, 1, 0)
    assert cluster_name(nobody, nobody) == "Bronze Hibernating"


def test_a_group_that_kept_nothing_is_bronze_wherever_the_middle_is() -> None:
    losses = Medians(-5, 1, 0)
    assert cluster_name(Medians(-1, 1, 0), losses) == "Bronze Hibernating"
    assert cluster_name(Medians(1, 1, 0), losses) == "Platinum Dormant"
