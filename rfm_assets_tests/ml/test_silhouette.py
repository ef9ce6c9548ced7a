"""Silhouettes from shared distances equal scikit-learn's, for any block size and number of threads."""

import numpy as np
import pytest
from sklearn.metrics import silhouette_score

from rfm_assets.ml import silhouette
from rfm_assets.ml.silhouette import blocks_of, silhouette_scores
from rfm_assets.ml.threads import one_thread_each


def points_and_labels(count: int) -> tuple[np.ndarray, list[np.ndarray]]:
    draw = np.random.default_rng(3)
    points = draw.standard_normal((count, 3)) * (1, 5, 0.01)
    points[: count // 5] = points[-(count // 5) :]  # duplicates
    return points, [np.concatenate([np.arange(k), draw.integers(0, k, count - k)]).astype(np.int32) for k in (2, 5, 12)]


@pytest.mark.parametrize("block_bytes", [1, 8 * 203 * 7, 2**22])
def test_scores_equal_scikit_learn_in_blocks_of_any_size(monkeypatch: pytest.MonkeyPatch, block_bytes: int) -> None:
    monkeypatch.setattr(silhouette, "BLOCK_BYTES", block_bytes)
    points, labelings = points_and_labels(203)
    expected = [silhouette_score(points, labels) for labels in labelings]
    assert silhouette_scores(points, labelings) == pytest.approx(expected, abs=1e-9, rel=0)


def test_threads_do_not_change_a_digit() -> None:
    points, labelings = points_and_labels(1500)
    with one_thread_each(1) as each:
        alone = silhouette_scores(points, labelings, each=each)
    with one_thread_each(3) as each:
        assert silhouette_scores(points, labelings, each=each) == alone


def test_a_point_alone_in_its_cluster_counts_as_zero() -> None:
    points, labels = np.array([[0.0], [1.0], [10.0]]), np.array([0, 0, 1], dtype=np.int32)
    assert silhouette_scores(points, [labels]) == pytest.approx([(9 / 10 + 8 / 9 + 0) / 3])


def test_equal_points_in_two_clusters_are_not_apart_at_all() -> None:
    assert silhouette_scores(np.ones((4, 3)), [np.array([0, 0, 1, 1], dtype=np.int32)]) == [0.0]


def test_a_single_cluster_has_nothing_to_be_apart_from() -> None:
    assert silhouette_scores(np.eye(3), [np.zeros(3, dtype=np.int32)]) == [0.0]


def test_a_cluster_that_the_sample_missed_is_nobodys_neighbour() -> None:
    points, labels = np.array([[0.0], [1.0], [10.0], [12.0]]), np.array([0, 0, 2, 2], dtype=np.int32)
    assert silhouette_scores(points, [labels]) == pytest.approx([silhouette_score(points, labels)])


def test_blocks_cover_every_row_once_and_hold_a_bounded_number_of_distances() -> None:
    blocks = blocks_of(10_000)
    assert [row for block in blocks for row in range(10_000)[block]] == list(range(10_000))
    assert max(block.stop - block.start for block in blocks) * 10_000 * 8 <= silhouette.BLOCK_BYTES
