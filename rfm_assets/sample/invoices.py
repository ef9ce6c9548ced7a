"""A day's invoices: kind, customer, and number of lines."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from rfm_assets.sample.catalogue import catalogue
from rfm_assets.sample.customers import HOME, country_of, is_wholesaler, newcomers, returning
from rfm_assets.sample.shop import Shop
from rfm_assets.sample.weighted_draws import DECK, ROLL, Whole, deck_between, deck_of, draw, random_rolls


class Kind(IntEnum):
    """Kinds of invoices; the value is the row in the tables of decks."""

    SALE = 0
    TRADE = 1
    WEB = 2
    """A day's web orders on one invoice, without a customer."""
    RETURN = 3
    WRITE_OFF = 4
    FEE = 5


NOBODY = NOTHING = -1
_KINDS = deck_of({Kind.SALE: 680, Kind.WEB: 31, Kind.RETURN: 163, Kind.WRITE_OFF: 131, Kind.FEE: 19})
_CORNERS = {  # number of lines: percent of invoices with at most this many
    Kind.SALE: ((0, 1), (5, 1), (10, 2), (25, 6), (50, 14), (75, 26), (90, 46), (95, 60), (99, 100), (100, 260)),
    Kind.TRADE: ((0, 1), (10, 8), (50, 26), (75, 42), (90, 70), (99, 160), (100, 320)),
    Kind.WEB: ((0, 4), (25, 20), (50, 75), (75, 180), (95, 400), (100, 670)),
    Kind.RETURN: ((0, 1), (70, 1), (85, 3), (97, 8), (99, 15), (100, 40)),
    Kind.WRITE_OFF: ((0, 1), (100, 1)),
    Kind.FEE: ((0, 1), (100, 1)),
}
_SIZES = np.array([deck_between(*_CORNERS[kind]) for kind in Kind])


@dataclass(frozen=True)
class Invoices:
    """Invoices of a day, one element each in every array."""

    numbers: range
    kinds: Whole
    customers: Whole
    """The customer's number in order of arrival, or NOBODY."""
    sizes: Whole
    specials: Whole
    """The non-product on the first line, an index into the catalogue, or NOTHING."""


def draw_invoices(shop: Shop, day: int, numbers: range) -> Invoices:
    """Draws the invoices of a day with these numbers."""
    count = len(numbers)
    rolls = random_rolls([shop.seed, shop.date_of(day).toordinal(), numbers.start], 2 * count)
    what, who = rolls[:count], rolls[count:]
    kinds = draw(_KINDS, what[:, 0])
    customers = np.where((kinds == Kind.SALE) | (kinds == Kind.RETURN), returning(shop, day, who), NOBODY)
    sales = np.flatnonzero(kinds == Kind.SALE)
    first_timers = newcomers(shop, day, numbers, len(sales) * 3 // 4)
    customers[sales[np.arange(len(first_timers)) * len(sales) // max(len(first_timers), 1)]] = first_timers
    kinds[(kinds == Kind.SALE) & is_wholesaler(customers)] = Kind.TRADE
    sizes = _SIZES[kinds, what[:, 1] * DECK // ROLL]
    return Invoices(numbers, kinds, customers, sizes, _specials(kinds, customers, what[:, 2], what[:, 3]))


def _specials(kinds: Whole, customers: Whole, luck: Whole, choice: Whole) -> Whole:
    """Postage on most foreign parcels and on web orders, a discount on some returns, and the item of a fee."""
    items = catalogue()
    abroad = (kinds <= Kind.TRADE) & (country_of(customers) != HOME)
    return np.select(
        [
            abroad & (luck < ROLL // 2),
            (kinds == Kind.WEB) & (luck < ROLL * 9 // 10),
            (kinds == Kind.RETURN) & (luck < ROLL // 50),
            kinds == Kind.FEE,
        ],
        [draw(deck, choice) for deck in (items.postage, items.web_postage, items.discounts, items.fees)],
        NOTHING,
    )
