"""Finds the customers to set apart before clustering: a few very large ones would pull every centre towards them."""

import numpy as np
from numpy.typing import NDArray

MONETARY_OUTLIER, FREQUENCY_OUTLIER = -1, -2  # an outlier in both is the sum, -3


def outlier_classes(
    monetary: NDArray[np.float64], frequency: NDArray[np.float64], *, fence: float
) -> NDArray[np.int32]:
    """Classifies every customer: -1 an outlier in Monetary only, -2 in Frequency only, -3 in both, 0 in neither."""
    in_monetary, in_frequency = beyond_fences(monetary, fence=fence), beyond_fences(frequency, fence=fence)
    return (MONETARY_OUTLIER * in_monetary + FREQUENCY_OUTLIER * in_frequency).astype(np.int32)


def beyond_fences(values: NDArray[np.float64], *, fence: float) -> NDArray[np.bool_]:
    """Marks values strictly outside Tukey's fences, by linearly interpolated quartiles."""
    if not len(values):
        return np.zeros(0, dtype=np.bool_)
    low, high = np.quantile(values, (0.25, 0.75))
    margin = fence * (high - low)
    outside: NDArray[np.bool_] = (values < low - margin) | (values > high + margin)
    return outside
