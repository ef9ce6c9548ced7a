"""Chooses the number of clusters: fits K-Means for every k, and scores separation and diminishing returns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial.distance import cdist
from sklearn.cluster import KMeans

from rfm_assets.ml.settings import ClusterSettings
from rfm_assets.ml.silhouette import silhouette_scores
from rfm_assets.ml.threads import Mapper

FIGURES = ("silhouette_score", "inertia", "elbow_distance", "combined_score")


Starts = Mapping[int, NDArray[np.float64]]
"""The initial centres of K-Means, by k."""

NO_STARTS: Starts = MappingProxyType({})


@dataclass(frozen=True)
class Fit:
    """One K-Means result: a label per point, the summed squared distances to the centres, and the centres."""

    labels: NDArray[np.int32]
    inertia: float
    centres: NDArray[np.float64]


@dataclass(frozen=True)
class Trials:
    """The scores of every k.

    Attributes:
        figures: a row of scores per k tried.
        fits: the K-Means result of every k.
        silhouette_customers: the number of points that the silhouettes were measured on.
    """

    figures: pd.DataFrame
    fits: Mapping[int, Fit]
    silhouette_customers: int

    @property
    def scores(self) -> Mapping[int, float]:
        """The score of every k, the smallest k first."""
        return dict(zip(self.fits, self.figures["combined_score"].tolist(), strict=True))

    def choosing(self, k: int) -> "Selection":
        """The selection of one of the tried k."""
        figures = self.figures.assign(chosen=self.figures["k"] == k)
        return Selection(figures, k, self.fits[k].labels, self.silhouette_customers)


@dataclass(frozen=True)
class Selection:
    """The chosen k, and why.

    Attributes:
        figures: a row per k tried, with its scores and whether it was chosen.
        k: the chosen k.
        labels: its K-Means labels, one per point.
        silhouette_customers: how many points the silhouettes were measured on.
    """

    figures: pd.DataFrame
    k: int
    labels: NDArray[np.int32]
    silhouette_customers: int

    @property
    def silhouette(self) -> float:
        """The silhouette of the chosen k."""
        return float(self.figures.loc[self.figures["chosen"], "silhouette_score"].item())


def select_k(points: NDArray[np.float64], settings: ClusterSettings, *, each: Mapper = map) -> Selection:
    """Clusters standardised points for every k of the settings and chooses the k with the highest score."""
    trials = try_every_k(points, settings, each=each)
    return trials.choosing(best_k(trials.scores))


def best_k(scores: Mapping[int, float]) -> int:
    """Returns the k with the highest score; in a tie, the smallest."""
    return max(sorted(scores), key=scores.__getitem__)


def try_every_k(
    points: NDArray[np.float64], settings: ClusterSettings, *, each: Mapper = map, starts: Starts = NO_STARTS
) -> Trials:
    """Clusters standardised points for every k of the settings and scores it against the others.

    The order of the points matters, since K-Means draws its starts by row, except for a k with given `starts`.
    """
    fits = fit_every_k(points, settings, each=each, starts=starts)
    rows = silhouette_rows(len(points), settings)
    measured = points[rows]
    silhouettes = silhouette_scores(measured, [fit.labels[rows] for fit in fits], each=each)
    inertias = [fit.inertia for fit in fits]
    elbows = elbow_distances(settings.ks, inertias)
    scores = combined_scores(silhouettes, elbows, settings)
    figures = figures_of(zip(settings.ks, silhouettes, inertias, elbows, scores, strict=True))
    return Trials(figures, dict(zip(settings.ks, fits, strict=True)), len(measured))


def figures_of(lines: Iterable[tuple[int, float, float, float, float]]) -> pd.DataFrame:
    """Rows of ml.cluster_selection without the day, none chosen yet; typed even if empty."""
    types = {"k": "int32"} | dict.fromkeys(FIGURES, "float64")
    return pd.DataFrame(lines, columns=list(types)).astype(types).assign(chosen=False)


def fit_every_k(
    points: NDArray[np.float64], settings: ClusterSettings, *, each: Mapper, starts: Starts = NO_STARTS
) -> list[Fit]:
    """Fits K-Means for every k; the longest fits start first, so that threads finish together."""

    def fit(k: int) -> Fit:
        if k in starts:
            return one_round(points, starts[k], share=settings.follow)
        model = KMeans(k, random_state=settings.seed, max_iter=settings.max_iterations, n_init=settings.n_init)
        model.fit(points)
        return Fit(model.labels_, float(model.inertia_), model.cluster_centers_)

    return list(each(fit, reversed(settings.ks)))[::-1]


def one_round(points: NDArray[np.float64], start: NDArray[np.float64], *, share: float) -> Fit:
    """Does one round of K-Means, in which centres move only a `share` of the way to the mean of their points.

    A centre without points stays where it is.
    """
    labels = cdist(points, start, "sqeuclidean").argmin(axis=1)
    sizes = np.bincount(labels, minlength=len(start))
    sums = np.stack([np.bincount(labels, of_measure, minlength=len(start)) for of_measure in points.T], axis=1)
    means = np.divide(sums, sizes[:, None], out=start.copy(), where=sizes[:, None] > 0)
    centres = start + share * (means - start)
    distances = cdist(points, centres, "sqeuclidean")
    return Fit(distances.argmin(axis=1).astype(np.int32), float(distances.min(axis=1).sum()), centres)


def silhouette_rows(count: int, settings: ClusterSettings) -> slice | NDArray[np.int64]:
    """Returns the rows to measure silhouettes on: all, or above the limit a seeded sample in row order."""
    if count <= settings.exact_silhouette_limit:
        return slice(None)
    drawn = np.random.default_rng(settings.seed).choice(count, settings.silhouette_sample, replace=False)
    return np.sort(drawn)


def elbow_distances(ks: range, inertias: list[float]) -> list[float]:
    """Returns each k's distance from the straight line between the first and the last point of the inertia curve.

    k and inertia are each scaled to 0..1 first. A flat curve has no elbow: 0 everywhere.
    """
    x, y = scaled(np.asarray(ks, dtype=float)), scaled(np.asarray(inertias, dtype=float))
    width, height = x[-1] - x[0], y[-1] - y[0]
    distances = np.abs(height * (x - x[0]) - width * (y - y[0])) / np.hypot(width, height)
    return [float(distance) for distance in distances]


def scaled(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scales values to 0..1; equal values all become 0."""
    span = values.max() - values.min()
    shares: NDArray[np.float64] = (values - values.min()) / (span or 1.0)
    return shares


def combined_scores(silhouettes: list[float], elbows: list[float], settings: ClusterSettings) -> list[float]:
    """Weights silhouette and elbow, each as a share of its best.

    A measure whose best is not positive is ignored, since shares of it mean nothing (a negative best would even
    reverse the order), and the other one decides.
    """
    shares = zip(shares_of_best(silhouettes), shares_of_best(elbows), strict=True)
    return [settings.silhouette_weight * silhouette + settings.elbow_weight * elbow for silhouette, elbow in shares]


def shares_of_best(values: list[float]) -> list[float]:
    """Divides values by their maximum; all 0 if that is not positive."""
    best = max(values)
    return [value / best for value in values] if best > 0 else [0.0] * len(values)
