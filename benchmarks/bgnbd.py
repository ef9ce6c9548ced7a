"""BG/NBD x Gamma-Gamma: the model of the literature that Value_Score is compared with, fitted by maximum likelihood.

BG/NBD is how often customers will buy: Fader, Hardie and Lee, "Counting Your Customers" the Easy Way (2005).
Gamma-Gamma is how much each time: Fader and Hardie, The Gamma-Gamma Model of Monetary Value (2013).

A customer is what the two papers call x (repeat purchases: the first is not counted), t_x (when the last one was) and T
(how long the customer is known), both times from the first purchase on and in one unit; and z, the mean amount of the
repeat purchases. All are arrays, one entry a customer.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln, hyp2f1

# Where a logarithm is searched. A handful of customers would send it to where rounding drowns the likelihood.
SHAPE = (-7.0, 7.0)
SHAPE_ABOVE_ONE = (1e-3, 7.0)
SCALE = (-20.0, 20.0)


class Purchases(NamedTuple):
    """BG/NBD: purchase rates vary as a gamma (r, alpha), chances to leave after a purchase as a beta (a, b)."""

    r: float
    alpha: float
    a: float
    b: float

    def log_likelihoods(self, x: np.ndarray, t_x: np.ndarray, T: np.ndarray) -> np.ndarray:  # noqa: N803 - the paper's
        """Of each customer; A1 to A4 are the paper's."""
        r, alpha, a, b = self
        repeats = np.maximum(x, 1)  # where there are none, A4 does not count
        ln_a1 = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        ln_a2 = gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
        ln_a3 = -(r + x) * np.log(alpha + T)
        ln_a4 = np.log(a) - np.log(b + repeats - 1) - (r + x) * np.log(alpha + t_x)
        return ln_a1 + ln_a2 + np.logaddexp(ln_a3, np.where(x > 0, ln_a4, -np.inf))

    def expected(self, t: float, x: np.ndarray, t_x: np.ndarray, T: np.ndarray) -> np.ndarray:  # noqa: N803 - the paper's
        """Purchases that each customer is expected to make within the next `t`."""
        r, alpha, a, b = self
        z = t / (alpha + T + t)
        # By Euler's transformation of the paper's 2F1, whose parameters grow with x and overflow.
        stays = (1 - z) ** (a - 1) * hyp2f1(a + b - 1 - r, a - 1, a + b + x - 1, z)
        left = np.where(x > 0, a / (b + np.maximum(x, 1) - 1) * ((alpha + T) / (alpha + t_x)) ** (r + x), 0)
        return (a + b + x - 1) / (a - 1) * (1 - stays) / (1 + left)


class Amounts(NamedTuple):
    """Gamma-Gamma: a customer's amounts vary as a gamma of shape p, the scales of customers as a gamma (q, v)."""

    p: float
    q: float
    v: float

    def log_likelihoods(self, x: np.ndarray, z: np.ndarray) -> np.ndarray:
        """Of each customer, who has come back."""
        p, q, v = self
        beta = gammaln(p * x + q) - gammaln(p * x) - gammaln(q)
        return beta + q * np.log(v) + (p * x - 1) * np.log(z) + p * x * np.log(x) - (p * x + q) * np.log(x * z + v)

    def expected(self, x: np.ndarray, z: np.ndarray) -> np.ndarray:
        """The mean amount of each customer: that of all without a repeat purchase, and ever more their own."""
        p, q, v = self
        return p * (v + x * z) / (p * x + q - 1)


def fit_purchases(x: np.ndarray, t_x: np.ndarray, T: np.ndarray) -> Purchases:  # noqa: N803 - the paper's
    """The most likely BG/NBD."""
    start = Purchases(1, float(np.mean(T)), 0.5, 2)
    bounds = [SHAPE, SCALE, SHAPE, SHAPE]
    return Purchases(*most_likely(lambda tried: Purchases(*tried).log_likelihoods(x, t_x, T), start, bounds))


def fit_amounts(x: np.ndarray, z: np.ndarray) -> Amounts:
    """The most likely Gamma-Gamma whose mean is finite (q above 1), of those who have come back."""
    back = x > 0
    x, z = x[back], z[back]
    start = Amounts(2, 2, float(np.mean(z)))
    bounds = [SHAPE, SHAPE_ABOVE_ONE, SCALE]
    return Amounts(*most_likely(lambda tried: Amounts(*tried).log_likelihoods(x, z), start, bounds))


def most_likely(
    log_likelihoods: Callable[[np.ndarray], np.ndarray], start: Sequence[float], bounds: Sequence[tuple[float, float]]
) -> Sequence[float]:
    """The parameters that make customers most likely. All are above zero: the search, and `bounds`, are of logarithms.

    Raises:
        ValueError: when the search fails, which a handful of customers can cause.
    """
    found = minimize(
        lambda logs: -np.mean(log_likelihoods(np.exp(logs))),
        np.log(start),
        method="L-BFGS-B",
        bounds=bounds,
        jac="3-point",
        options={"ftol": 1e-12, "gtol": 1e-7},
    )
    if not found.success:
        raise ValueError(f"no most likely parameters found: {found.message}")
    return [float(value) for value in np.exp(found.x)]


def expected_spending(t: float, x: np.ndarray, t_x: np.ndarray, T: np.ndarray, z: np.ndarray) -> np.ndarray:  # noqa: N803
    """What each customer is expected to spend within the next `t`, by models fitted to these customers."""
    return fit_purchases(x, t_x, T).expected(t, x, t_x, T) * fit_amounts(x, z).expected(x, z)
