"""Random draws by integers: a deck has each value as often as it is likely, and a random number picks a card.

Draws raw random bits only. Unlike numpy's distributions and floating-point functions, they are the same in every
version and on every processor.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Whole: TypeAlias = NDArray[np.int64]

DECK = 4_096
ROLL = 65_536
"""A roll is an integer below this."""


def random_rolls(key: Sequence[int], count: int) -> Whole:
    """Draws `count` rows of four independent rolls; the same key gives the same rows."""
    bits = np.random.PCG64(np.random.SeedSequence(key)).random_raw(count)
    return bits.astype("<u8", copy=False).view("<u2").reshape(count, 4).astype(np.int64)


def draw(deck: Whole, rolls: Whole) -> Whole:
    """Picks a card of a deck for each roll."""
    picked: Whole = deck[rolls * len(deck) // ROLL]
    return picked


def deck_of(weights: Mapping[int, int], size: int = DECK) -> Whole:
    """A deck with each value in proportion to its weight."""
    bounds = np.cumsum(list(weights.values()))
    cards = (2 * np.arange(size) + 1) * bounds[-1] // (2 * size)
    values: Whole = np.array(list(weights))
    deck: Whole = values[np.searchsorted(bounds, cards, side="right")]
    return deck


def deck_between(*corners: tuple[int, int], size: int = DECK) -> Whole:
    """A deck that rises linearly through corners of (percent of all cards, value)."""
    cards: list[int] = []
    for (low, smallest), (high, largest) in pairwise((percent * size // 100, value) for percent, value in corners):
        cards += [smallest + (largest - smallest) * (card - low) // (high - low) for card in range(low, high)]
    return np.array(cards)
