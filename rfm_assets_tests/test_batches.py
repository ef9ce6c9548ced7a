"""Batches stay within their size."""

import pytest

from rfm_assets.batches import batches


@pytest.mark.parametrize(
    ("sizes", "groups"),
    [
        ([], []),
        ([5], [[5]]),
        ([4, 4, 4], [[4, 4], [4]]),
        ([10, 1, 9, 1], [[10], [1, 9], [1]]),
        ([30, 1], [[30], [1]]),
        ([1, 30], [[1], [30]]),
    ],
)
def test_a_portion_is_as_large_as_may_be_and_a_larger_item_is_one_of_its_own(
    sizes: list[int], groups: list[list[int]]
) -> None:
    assert list(batches(sizes, size=int, most=10)) == groups
