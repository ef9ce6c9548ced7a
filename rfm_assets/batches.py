"""Splits work into batches of a bounded size, so that any amount fits in memory or on disk."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def batches(items: Iterable[T], *, size: Callable[[T], int], most: int) -> Iterator[Sequence[T]]:
    """Groups items, in order, by a total size of at most `most`; a larger item is a group of its own."""
    some: list[T] = []
    total = 0
    for item in items:
        if some and total + size(item) > most:
            yield some
            some, total = [], 0
        some.append(item)
        total += size(item)
    if some:
        yield some
