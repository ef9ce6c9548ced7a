"""The shop's customers: one-time buyers, occasional and loyal customers, wholesalers, and when each lapses.

Customers are numbered from 0 in order of arrival. Each block of 128 has the same mix, so that a customer's habits
follow from the number, and no table of customers is needed.
"""

import numpy as np
from numpy.typing import NDArray

from rfm_assets.sample.shop import Shop
from rfm_assets.sample.weighted_draws import ROLL, Whole, deck_of, draw
from rfm_assets.sample.words import COUNTRIES

BLOCK = 128
HABITS = (  # places in a block, weight of each place among repeat orders, days until they lapse
    (38, 0, 0),  # buy once, on the day they arrive
    (2, 9, 30),  # a brief phase
    (46, 2, 90),
    (24, 5, 240),
    (16, 13, 2_000),
    (2, 32, 10_000),  # wholesalers, in the last places
)
WHOLESALERS = HABITS[-1][0]
FIRST_ID = 12_346
HOME = 0
"""The shop's own country, an index into COUNTRIES."""

_HABIT_AT = np.repeat(np.arange(len(HABITS)), [places for places, _, _ in HABITS])
_RETURNING = deck_of({place: HABITS[habit][1] for place, habit in enumerate(_HABIT_AT.tolist())})
_COUNTRY_CODES = deck_of(dict(enumerate(COUNTRIES.values())))


def newcomers(shop: Shop, day: int, numbers: range, places: int) -> Whole:
    """The customers whose first purchase is on these invoices of a day, at most as many as there are places."""
    whole_day = shop.invoices_on(day)
    before = shop.customers_by(day - 1)
    coming = shop.customers_by(day) - before
    first, last = (before + coming * (n - whole_day.start) // len(whole_day) for n in (numbers.start, numbers.stop))
    count = min(last - first, places)
    return first + np.arange(count) * (last - first) // max(count, 1)


def returning(shop: Shop, day: int, rolls: Whole) -> Whole:
    """A customer who has not lapsed, for each row of rolls; early customers come more often."""
    place = draw(_RETURNING, rolls[:, 0])
    known = shop.customers_by(day)
    lapsed = np.array([shop.customers_by(day - days) for _, _, days in HABITS])[_HABIT_AT[place]]
    early = rolls[:, 1] * rolls[:, 1] // ROLL
    customer = lapsed + early * (known - lapsed) // ROLL
    customer += place - customer % BLOCK
    customer -= np.where(customer >= known, BLOCK, 0)
    return np.where(customer < 0, place % known, customer)


def is_wholesaler(customers: Whole) -> NDArray[np.bool_]:
    """Whether each customer is a wholesaler."""
    return customers % BLOCK >= BLOCK - WHOLESALERS


def country_of(customers: Whole) -> Whole:
    """Each customer's country, an index into COUNTRIES."""
    return draw(_COUNTRY_CODES, customers * 40_503 % ROLL)


def id_of(customers: Whole) -> Whole:
    """Each customer's id, which reveals nothing about habits."""
    return FIRST_ID + customers - customers % BLOCK + customers % BLOCK * 37 % BLOCK
