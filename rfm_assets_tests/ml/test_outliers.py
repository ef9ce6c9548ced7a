"""Outliers lie strictly beyond Tukey's fences, by linear quantiles, and fall into three classes."""

import numpy as np
import pytest

from rfm_assets.ml.outliers import beyond_fences, outlier_classes


def test_fences_stand_one_and_a_half_interquartile_ranges_beyond_linear_quartiles() -> None:
    # Quartiles of 1..4 and x are 2 and 4 for any x from 4: the upper fence is 4 + 1.5 * 2 = 7.
    assert not beyond_fences(np.array([1.0, 2, 3, 4, 7.0]), fence=1.5).any()
    assert beyond_fences(np.array([1.0, 2, 3, 4, 7.01]), fence=1.5).tolist() == [False] * 4 + [True]


def test_quartiles_between_two_values_are_interpolated() -> None:
    # Of 1, 2, 3 and x, Q1 is 1.75 and Q3 is 3 + (x - 3) / 4, so that x is on its own fence at 8. Midpoints or
    # neighbours would put the fence elsewhere.
    assert not beyond_fences(np.array([1.0, 2, 3, 8]), fence=1.5).any()
    assert beyond_fences(np.array([1.0, 2, 3, 8.01]), fence=1.5).tolist() == [False, False, False, True]


def test_what_is_far_below_is_an_outlier_too() -> None:
    assert beyond_fences(np.array([-100.0, 10, 11, 12, 13]), fence=1.5).tolist() == [True] + [False] * 4


def test_the_class_tells_which_measure_is_beyond_its_fence() -> None:
    ordinary = [1.0, 2, 3, 4, 5, 6, 7, 8, 9]
    monetary, frequency = np.array([*ordinary, 99, 5, 99]), np.array([*ordinary, 5, 99, 99])
    assert outlier_classes(monetary, frequency, fence=1.5).tolist() == [0] * 9 + [-1, -2, -3]


@pytest.mark.parametrize("values", [[], [5.0], [5.0] * 20])
def test_nobody_stands_out_among_none_one_or_equals(values: list[float]) -> None:
    same = np.array(values)
    assert outlier_classes(same, same, fence=1.5).tolist() == [0] * len(values)
