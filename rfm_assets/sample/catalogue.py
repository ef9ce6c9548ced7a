"""The shop's catalogue: some 4,000 products, and codes that are not products, as text ready for a line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rfm_assets.sample.weighted_draws import DECK, ROLL, Whole, deck_of
from rfm_assets.sample.words import COLOURS, DISCOUNTS, EXTRAS, FEES, FORMS, POSTAGE, STYLES, THINGS, WEB_POSTAGE

Texts: TypeAlias = NDArray[Any]
"""An array of byte strings, each a piece of a line with the comma or line end after it."""

FAMILIES = 2_900
CHEAP, DEAR = 85, 425
"""Products up to the first price are bought by the dozen, those above the second singly."""
WEIGHT_OF_EXTRAS = 70
"""Scales the weights of non-products to the products' weights, some 4.6 million in total."""


class Tier(IntEnum):
    """Price tiers; the value is the row of prices."""

    TRADE = 0
    SHOP = 1
    WEB = 2
    WORTHLESS = 3


_PERCENT_OF_PRICE = {Tier.TRADE: 85, Tier.SHOP: 100, Tier.WEB: 174, Tier.WORTHLESS: 0}


class Item(NamedTuple):
    """A line of the price list."""

    code: str
    description: str
    pence: int
    weight: int
    is_product: bool = True


@dataclass(frozen=True)
class Catalogue:
    """The price list, and decks of positions in it for each occasion."""

    texts: Texts
    """Stock code and description."""
    prices: Texts
    """One row of texts for each tier."""
    bands: Whole
    """0 cheap, 1 middling, 2 dear."""
    is_owed: NDArray[np.bool_]
    """Whether the price is negative, a write-off."""
    popular: Whole
    postage: Whole
    web_postage: Whole
    discounts: Whole
    fees: Whole


@cache
def catalogue() -> Catalogue:
    """Makes the price list, the same for every seed."""
    items: list[Item] = []

    def deck(more: Iterable[Item], size: int = DECK) -> Whole:
        first = len(items)
        items.extend(more)
        return deck_of({place: items[place].weight for place in range(first, len(items))}, size)

    decks = {
        "popular": deck([*_products(), *_extras(EXTRAS)], ROLL),
        "postage": deck(_extras(POSTAGE)),
        "web_postage": deck(_extras(WEB_POSTAGE)),
        "discounts": deck(_extras(DISCOUNTS)),
        "fees": deck(_extras(FEES)),
    }
    pence = np.array([item.pence for item in items])
    return Catalogue(
        texts=np.array([f"{field(item.code)},{field(item.description)},".encode() for item in items], object),
        prices=np.array([[price_text(item, tier) for item in items] for tier in Tier], object),
        bands=np.searchsorted([CHEAP + 1, DEAR + 1], np.abs(pence), side="right"),
        is_owed=pence < 0,
        **decks,
    )


def field(text: str) -> str:
    """A CSV field, quoted only if necessary."""
    return '"' + text.replace('"', '""') + '"' if '"' in text or "," in text else text


def price_text(item: Item, tier: Tier) -> bytes:
    """An item's price at a tier as the source writes it: `2.1`, `6.95`, `18.0`."""
    percent = _PERCENT_OF_PRICE[tier] if item.is_product or tier is Tier.WORTHLESS else 100
    return f"{item.pence * percent // 100 / 100},".encode()


def _products() -> Iterator[Item]:
    """The products, most popular first; a sixth of the families comes in colours, one suffix each."""
    things, styles = list(THINGS), len(STYLES)
    forms = [form for form, share in FORMS.items() for _ in range(share)]
    for family in range(FAMILIES):
        thing, style = things[family * 27 % len(things)], STYLES[family // len(things) * 7 % styles]
        name = forms[family * 37 % len(forms)].format(thing=thing, style=style, n=family % 8 + 3)
        code, weight = family * 37_123 % 90_000 + 10_000, 1_000_000 // (family + 30)
        if family % 6:
            yield Item(str(code), name, THINGS[thing], weight)
            continue
        for colour in COLOURS[: family // 6 % 5 + 2]:
            yield Item(f"{code}{colour[0]}", f"{name} {colour}", THINGS[thing], weight // 3)


def _extras(group: Iterable[tuple[str, str, int, tuple[int, ...]]]) -> Iterator[Item]:
    """Non-products, one item per price."""
    for code, description, weight, prices in group:
        for pence in prices:
            yield Item(code, description, pence, weight * WEIGHT_OF_EXTRAS // len(prices), is_product=False)
