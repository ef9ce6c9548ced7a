"""The score of each k follows the contract, even where shares of the best are undefined."""

import math

import numpy as np
import pytest
from sklearn.metrics import silhouette_score

from rfm_assets.ml.selection import combined_scores, elbow_distances, select_k, silhouette_rows
from rfm_assets.ml.settings import ClusterSettings
from rfm_assets.ml.threads import one_thread_each

DEFAULTS = ClusterSettings()
SAMPLED = ClusterSettings(exact_silhouette_limit=100, silhouette_sample=100)


def blobs(count: int, centres: int) -> np.ndarray:
    """Points around a number of centres far apart."""
    draw = np.random.default_rng(5)
    return 30 * np.eye(3)[np.arange(count) % centres] + draw.standard_normal((count, 3))


def test_the_elbow_is_the_distance_from_the_line_between_the_ends() -> None:
    # Scaled: (0, 1), (0.5, 0.25), (1, 0). The middle lies 0.25 below the line x + y = 1, so 0.25 / sqrt(2) from it.
    assert elbow_distances(range(2, 5), [9.0, 3.0, 1.0]) == pytest.approx([0, 0.25 / math.sqrt(2), 0])


def test_the_elbow_line_ends_at_the_last_point_even_where_inertia_rose_again() -> None:
    # Scaled: (0, 1), (0.5, 0), (1, 0.2). The line falls by 0.8 and stands at 0.6 in the middle.
    assert elbow_distances(range(2, 5), [11.0, 1.0, 3.0]) == pytest.approx([0, 0.6 / math.hypot(1, 0.8), 0])


def test_a_flat_curve_has_no_elbow() -> None:
    assert elbow_distances(range(2, 5), [7.0, 7.0, 7.0]) == [0, 0, 0]


def test_scores_weigh_silhouette_and_elbow_as_shares_of_their_best() -> None:
    assert combined_scores([0.5, 0.4, 0.25], [0, 0.2, 0.1], DEFAULTS) == pytest.approx([0.6, 0.88, 0.5])


def test_silhouettes_that_are_all_bad_leave_the_choice_to_the_elbow() -> None:
    assert combined_scores([-0.2, -0.1, -0.4], [0, 0.1, 0.2], DEFAULTS) == pytest.approx([0, 0.2, 0.4])
    assert combined_scores([0.0, 0.0, -0.4], [0, 0.1, 0.2], DEFAULTS) == pytest.approx([0, 0.2, 0.4])


def test_a_curve_without_elbow_leaves_the_choice_to_the_silhouette() -> None:
    assert combined_scores([0.1, 0.4, 0.2], [0, 0, 0], DEFAULTS) == pytest.approx([0.15, 0.6, 0.3])


@pytest.mark.parametrize("centres", [2, 3])
def test_blobs_that_are_far_apart_are_found(centres: int) -> None:
    with one_thread_each(1):
        selection = select_k(blobs(120, centres), ClusterSettings(silhouette_weight=1, elbow_weight=0))
    figures = selection.figures.set_index("k")
    assert figures.index[figures["chosen"]].tolist() == [centres]
    assert len({tuple(selection.labels[first::centres]) for first in range(centres)}) == centres


def test_of_equal_scores_the_smallest_k_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rfm_assets.ml.selection.combined_scores", lambda *_: [0.5] * 11)
    with one_thread_each(1):
        figures = select_k(blobs(60, 3), DEFAULTS).figures
    assert figures.loc[figures["chosen"], "k"].tolist() == [2]


def test_up_to_the_limit_silhouettes_are_measured_on_all() -> None:
    assert silhouette_rows(100, SAMPLED) == slice(None)


def test_beyond_the_limit_a_seeded_sample_in_order_stands_for_all() -> None:
    rows = silhouette_rows(101, SAMPLED)
    assert len(set(rows)) == 100
    assert np.array_equal(rows, np.sort(rows))
    assert np.array_equal(rows, silhouette_rows(101, SAMPLED))
    another = ClusterSettings(exact_silhouette_limit=100, silhouette_sample=100, seed=1)
    assert not np.array_equal(silhouette_rows(1000, SAMPLED), silhouette_rows(1000, another))


def test_a_sample_measures_each_k_on_the_same_points() -> None:
    points = blobs(400, 3)
    with one_thread_each(1):
        selection = select_k(points, SAMPLED)
    rows = silhouette_rows(400, SAMPLED)
    chosen = selection.figures.loc[selection.figures["chosen"], "silhouette_score"].item()
    assert chosen == pytest.approx(silhouette_score(points[rows], selection.labels[rows]), abs=1e-9)
    assert selection.silhouette_customers == 100
