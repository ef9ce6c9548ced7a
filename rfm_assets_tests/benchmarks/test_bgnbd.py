"""BG/NBD x Gamma-Gamma against the results its authors published for CDNOW's customers."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.bgnbd import expected_spending, fit_amounts, fit_purchases

x, t_x, known, z = np.loadtxt(Path(__file__).with_name("cdnow.csv"), delimiter=",", skiprows=3, unpack=True)


def test_purchases_are_those_of_the_paper() -> None:
    found = fit_purchases(x, t_x, known)
    assert len(x) == 2357
    assert found == pytest.approx((0.243, 4.414, 0.793, 2.426), abs=5e-4)
    assert found.log_likelihoods(x, t_x, known).sum() == pytest.approx(-9582.4, abs=0.05)
    one = found.expected(39, np.array([2.0]), np.array([30.43]), np.array([38.86]))
    assert one == pytest.approx([1.226], abs=5e-4)


def test_amounts_are_those_of_the_paper() -> None:
    found = fit_amounts(x, z)
    assert (x > 0).sum() == 946
    assert found == pytest.approx((6.25, 3.74, 15.44), abs=1e-2)
    assert found.expected(x, z)[:6] == pytest.approx([24.66, 18.91, 35.17, 35.17, 35.17, 71.46], abs=5e-3)


def test_a_very_frequent_customer_is_expected_to_go_on() -> None:
    found = fit_purchases(x, t_x, known)
    rate = found.expected(1, np.array([2000.0]), np.array([100.0]), np.array([100.0]))
    assert rate == pytest.approx([2000 / 100], rel=0.05)


def test_the_unit_of_time_does_not_matter() -> None:
    in_weeks = expected_spending(39, x, t_x, known, z)
    in_days = expected_spending(273, x, 7 * t_x, 7 * known, z)
    assert in_days == pytest.approx(in_weeks, rel=1e-3)
