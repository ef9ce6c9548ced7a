"""Silhouettes of several clusterings of the same points, from a single set of distances.

For each point, a is its mean distance to the others of its cluster and b the smallest mean distance to another cluster;
its silhouette is (b - a) / max(a, b), and 0 if it is alone. Distances do not depend on the clustering, so one pass over
blocks of rows serves all: the distances of a block to all points, times the one-hot labels of every clustering side by
side, are the sums behind all means. No n x n matrix is ever in memory.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from rfm_assets.ml.settings import FEWEST_CLUSTERS
from rfm_assets.ml.threads import Mapper

BLOCK_BYTES = 4 * 2**20  # of distances at a time, to stay in the processor's cache


def silhouette_scores(
    points: NDArray[np.float64], labelings: Sequence[NDArray[np.int32]], *, each: Mapper = map
) -> list[float]:
    """Returns the mean silhouette of each labelling, 0 for a single cluster.

    Equals scikit-learn's `silhouette_score` up to rounding. `each` maps over blocks, possibly on several threads.
    """
    one_hots = [np.eye(labels.max() + 1)[labels] for labels in labelings]
    sums = summed_distances(points, np.hstack(one_hots), each=each)
    sizes = [one_hot.sum(axis=0) for one_hot in one_hots]
    edges = np.cumsum([len(counts) for counts in sizes])[:-1]
    silhouettes = map(point_silhouettes, np.split(sums, edges, axis=1), labelings, sizes)
    return [float(of_points.mean()) for of_points in silhouettes]


def summed_distances(points: NDArray[np.float64], groups: NDArray[np.float64], *, each: Mapper) -> NDArray[np.float64]:
    """Returns each point's summed distance to the members of every group, a one-hot column each."""
    blocks = each(lambda rows: cdist(points[rows], points) @ groups, blocks_of(len(points)))
    return np.vstack(list(blocks))


def point_silhouettes(
    sums: NDArray[np.float64], labels: NDArray[np.int32], sizes: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Returns the silhouette of each point from its summed distances to every cluster.

    A cluster without points (none sampled) is never a neighbour.
    """
    if np.count_nonzero(sizes) < FEWEST_CLUSTERS:
        return np.zeros(len(labels))
    row = np.arange(len(labels))
    own_size = sizes[labels]
    within = sums[row, labels] / np.maximum(own_size - 1, 1)
    means = np.where(sizes > 0, sums / np.maximum(sizes, 1), np.inf)
    means[row, labels] = np.inf
    nearest = means.min(axis=1)
    larger = np.maximum(within, nearest)
    defined = (own_size > 1) & (larger > 0)
    silhouettes = np.zeros(len(labels))
    np.divide(nearest - within, larger, out=silhouettes, where=defined)
    return silhouettes


def blocks_of(count: int) -> list[slice]:
    """Cuts `count` rows into blocks whose distances to all rows stay within BLOCK_BYTES (one row at least)."""
    rows = max(1, BLOCK_BYTES // (8 * max(count, 1)))
    return [slice(start, start + rows) for start in range(0, count, rows)]
