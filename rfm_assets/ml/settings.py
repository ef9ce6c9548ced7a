"""The parameters of clustering, with the defaults that the data contract names."""

from dataclasses import dataclass
from math import inf
from typing import Literal

from rfm_assets.errors import SettingError

FEWEST_CLUSTERS = 2  # fewer would not divide anything


@dataclass(frozen=True, kw_only=True)
class ClusterSettings:
    """How customers are clustered; raises SettingError for a value that cannot work.

    Attributes:
        smallest_k: the fewest clusters tried.
        largest_k: the most clusters tried; one distinct customer more than that is needed to cluster at all.
        silhouette_weight: the weight of the silhouette in the choice of k, relative to `elbow_weight`.
        elbow_weight: the weight of the elbow in the choice of k, relative to `silhouette_weight`.
        fence: customers more than this many interquartile ranges beyond the quartiles are outliers.
        seed: seeds K-Means and the silhouette's sample, so that a day always gives the same clusters.
        n_init: starts of K-Means per k, as in scikit-learn ("auto" is one, by k-means++).
        max_iterations: the most rounds of one start of K-Means.
        exact_silhouette_limit: up to this many customers, silhouettes are measured on all; time grows quadratically.
        silhouette_sample: the size of the sample above that limit.
        refit: whether each day is clustered from scratch ("daily") or from the day before ("steady").
        follow: steady, the share of the way to the mean of its customers that a centre moves in a day.
        margin_to_win: steady, the share of its score by which another k must beat the one in use.
        days_to_win: steady, the consecutive days on which it must.
    """

    smallest_k: int = 2
    largest_k: int = 12
    silhouette_weight: float = 0.6
    elbow_weight: float = 0.4
    fence: float = 1.5
    seed: int = 42
    n_init: int | Literal["auto"] = "auto"
    max_iterations: int = 1000
    exact_silhouette_limit: int = 10_000
    silhouette_sample: int = 10_000
    refit: Literal["daily", "steady"] = "daily"
    follow: float = 0.4
    margin_to_win: float = 0.02
    days_to_win: int = 14

    def __post_init__(self) -> None:
        """Refuses values that cannot work, before any day is read."""
        weights = (self.silhouette_weight, self.elbow_weight)
        rules = {
            "smallest_k must be at least 2": self.smallest_k >= FEWEST_CLUSTERS,
            "largest_k must be greater than smallest_k": self.largest_k > self.smallest_k,
            "silhouette_weight and elbow_weight must be finite and not negative, nor both 0": (
                all(0 <= weight < inf for weight in weights) and any(weights)
            ),
            "fence must be finite and not negative": 0 <= self.fence < inf,
            "seed must be from 0 to 2**32 - 1": 0 <= self.seed < 2**32,
            'n_init must be "auto" or at least 1': self.n_init == "auto" or self.n_init >= 1,
            "max_iterations must be at least 1": self.max_iterations >= 1,
            "silhouette_sample must be greater than largest_k": self.silhouette_sample > self.largest_k,
            "exact_silhouette_limit must be at least silhouette_sample": (
                self.exact_silhouette_limit >= self.silhouette_sample
            ),
            'refit must be "daily" or "steady"': self.refit in {"daily", "steady"},
            "follow must be greater than 0 and at most 1": 0 < self.follow <= 1,
            "margin_to_win must be finite and greater than 0": 0 < self.margin_to_win < inf,
            "days_to_win must be at least 1": self.days_to_win >= 1,
        }
        broken = [rule for rule, holds in rules.items() if not holds]
        if broken:
            message = f"The cluster settings cannot work: {'; '.join(broken)}. Given: {self}."
            raise SettingError(message)

    @property
    def ks(self) -> range:
        """The numbers of clusters to try."""
        return range(self.smallest_k, self.largest_k + 1)

    @property
    def fewest_points(self) -> int:
        """The fewest distinct customers that can be clustered."""
        return self.largest_k + 1
