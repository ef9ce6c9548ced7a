"""Holdout comparisons equal published figures and arithmetic, and have the stated error rate."""

from math import sqrt

import numpy as np
import pytest

from rfm_assets.proof.holdout import Side, can_be_compared, more_bought, more_spent, wilson


def side(customers: int, buyers: int) -> Side:
    return Side(customers, buyers, 0.0, 0.0)


@pytest.mark.parametrize(
    ("reached", "held_out", "interval"),
    [
        (side(70, 56), side(80, 48), (0.0524, 0.3339)),
        (side(10, 9), side(10, 3), (0.1705, 0.8090)),
        (side(10, 10), side(10, 0), (0.6075, 1.0)),
        (side(56, 5), side(29, 0), (-0.0381, 0.1926)),
    ],
)
def test_the_interval_of_the_share_who_bought_is_that_of_newcombe_s_paper(
    reached: Side, held_out: Side, interval: tuple[float, float]
) -> None:
    found = more_bought(reached, held_out)
    assert found.value == pytest.approx(reached.rate - held_out.rate)
    assert (found.low, found.high) == pytest.approx(interval, abs=0.00006)


def test_the_interval_of_a_share_stays_within_nobody_and_everybody() -> None:
    assert wilson(side(100, 0))[0] == 0
    assert wilson(side(100, 100))[1] == 1
    assert wilson(side(263, 81)) == pytest.approx((0.2553, 0.3662), abs=0.00006)


def test_the_interval_of_revenue_follows_from_both_variances() -> None:
    found = more_spent(Side(400, 90, 8_000.0, 900.0), Side(100, 20, 1_500.0, 400.0))
    half = 1.959964 * sqrt(900 / 400 + 400 / 100)
    assert tuple(found) == pytest.approx((5.0, 5.0 - half, 5.0 + half))
    assert found.is_clear is (half < 5)


def test_a_campaign_without_effect_is_called_clear_once_in_twenty_times() -> None:
    random, tries = np.random.default_rng(18), 2_000

    def drawn(customers: int) -> Side:
        spent = random.binomial(1, 0.2, customers) * random.gamma(2.0, 30.0, customers)
        return Side(customers, int((spent > 0).sum()), float(spent.sum()), float(spent.var(ddof=1)))

    pairs = [(drawn(900), drawn(100)) for _ in range(tries)]
    for difference in (more_bought, more_spent):
        wrong = sum(difference(*pair).is_clear for pair in pairs) / tries
        assert 0.03 < wrong < 0.07


@pytest.mark.parametrize(("reached", "held_out"), [(900, 99), (99, 900)])
def test_nothing_is_said_below_a_hundred_on_either_side(reached: int, held_out: int) -> None:
    assert not can_be_compared(side(reached, 1), side(held_out, 1))
    assert can_be_compared(side(reached + 1, 1), side(held_out + 1, 1))
