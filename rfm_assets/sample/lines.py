"""Generates a day's lines as bytes: each line joins five ready-made pieces, picked by position."""

from collections.abc import Iterator
from functools import cache

import numpy as np

from rfm_assets.sample.catalogue import Texts, Tier, catalogue, field
from rfm_assets.sample.customers import HOME, country_of, id_of
from rfm_assets.sample.defects import Piece, make_slips
from rfm_assets.sample.invoices import NOBODY, NOTHING, Invoices, Kind, draw_invoices
from rfm_assets.sample.shop import Shop
from rfm_assets.sample.weighted_draws import DECK, ROLL, Whole, deck_of, draw, random_rolls
from rfm_assets.sample.words import COUNTRIES, NOTES

HEADER = b"Invoice,StockCode,Description,Quantity,Price,Customer ID,Country,InvoiceDate\n"
MILLION = 1_000_000
INVOICES_AT_A_TIME = 2_048
"""Some 37,000 lines, the most in memory, however large the day."""

# Quantities of cheap, medium and expensive products, for each kind of invoice.
_SHOP = (
    {1: 60, 2: 60, 3: 30, 4: 40, 6: 70, 8: 40, 10: 90, 12: 280, 16: 30, 20: 30, 24: 170, 25: 60, 36: 20, 48: 40, 72: 9},
    {1: 200, 2: 170, 3: 90, 4: 110, 5: 25, 6: 150, 8: 60, 10: 50, 12: 150, 18: 8, 24: 40, 36: 5, 48: 6},
    {1: 340, 2: 220, 3: 100, 4: 130, 6: 100, 8: 40, 12: 35, 16: 6, 24: 4},
)
_CRATES = (
    {12: 90, 24: 160, 48: 180, 72: 100, 96: 90, 120: 60, 144: 120, 200: 40, 288: 60, 576: 20, 1440: 4, 4800: 1},
    {6: 90, 12: 200, 24: 200, 36: 100, 48: 120, 72: 60, 96: 40, 144: 40, 192: 10, 432: 3, 1200: 1},
    {2: 60, 4: 160, 6: 160, 8: 140, 12: 120, 16: 60, 24: 60, 36: 16, 48: 8, 120: 2},
)
_PARCELS = {1: 740, 2: 140, 3: 50, 4: 30, 5: 12, 6: 12, 10: 8, 12: 4, 24: 2}
_RETURNS = {-1: 460, -2: 155, -3: 70, -4: 55, -5: 25, -6: 75, -8: 20, -10: 20, -12: 75, -24: 30, -48: 10, -144: 4}
_LOSSES = {-1: 90, -3: 60, -7: 60, -12: 60, -24: 60, -60: 50, -144: 40, -600: 10, 1: 60, 10: 60, 30: 50, 120: 30}
_ONCE = {1: 940, -1: 60}
_BOUGHT = {
    Kind.SALE: _SHOP,
    Kind.TRADE: _CRATES,
    Kind.WEB: (_PARCELS,) * 3,
    Kind.RETURN: (_RETURNS,) * 3,
    Kind.WRITE_OFF: (_LOSSES,) * 3,
    Kind.FEE: (_ONCE,) * 3,
}
_QUANTITIES = np.array([[deck_of(weights) for weights in _BOUGHT[kind]] for kind in Kind])
_PAID = {Kind.TRADE: Tier.TRADE, Kind.WEB: Tier.WEB, Kind.WRITE_OFF: Tier.WORTHLESS}
_TIERS = np.array([_PAID.get(kind, Tier.SHOP) for kind in Kind])
_COUNTRIES = [f",{country},".encode() for country in COUNTRIES]
_NOTES = [f"{field(note)},".encode() for note in NOTES]


def daily_file(shop: Shop, day: int) -> Iterator[bytes]:
    """Yields the bytes of a day's file, in pieces of whole lines."""
    yield HEADER
    numbers = shop.invoices_on(day)
    for first in range(0, len(numbers), INVOICES_AT_A_TIME):
        yield _lines(shop, day, draw_invoices(shop, day, numbers[first : first + INVOICES_AT_A_TIME]))


def _lines(shop: Shop, day: int, invoices: Invoices) -> bytes:
    date = shop.date_of(day)
    invoice = np.repeat(np.arange(len(invoices.sizes)), invoices.sizes)
    rolls = random_rolls([shop.seed, date.toordinal(), invoices.numbers.start, 1], len(invoice))
    items, kinds = catalogue(), invoices.kinds[invoice]
    item = _items(invoices, rolls[:, 0])
    quantity = _QUANTITIES[kinds, items.bands[item], rolls[:, 1] * DECK // ROLL]

    pieces = np.empty((len(invoice), len(Piece)), object)
    pieces[:, Piece.INVOICE] = _number_texts(invoices)[invoice]
    pieces[:, Piece.ITEM] = items.texts[item]
    pieces[:, Piece.QUANTITY] = _quantity_texts()[quantity]
    pieces[:, Piece.PRICE] = items.prices[_TIERS[kinds], item]
    pieces[:, Piece.REST] = _rests(invoices, f"{date}\n".encode())[invoice]
    _annotate(pieces, kinds, rolls[:, 0])
    make_slips(pieces, invoice, rolls[:, 2], rolls[:, 3])
    return b"".join(pieces.ravel().tolist())


def _items(invoices: Invoices, rolls: Whole) -> Whole:
    """The item of each line: by popularity, except the first line of an invoice with a special item."""
    item = draw(catalogue().popular, rolls)
    first_lines = np.cumsum(invoices.sizes) - invoices.sizes
    special = invoices.specials != NOTHING
    item[first_lines[special]] = invoices.specials[special]
    return item


def _number_texts(invoices: Invoices) -> Texts:
    """Six or seven digits, wrapping around within seven; returns are `C` and six digits, bad debts `A` and six."""
    given_up = (invoices.kinds == Kind.FEE) & catalogue().is_owed[invoices.specials]
    letters = np.select([invoices.kinds == Kind.RETURN, given_up], [ord("C"), ord("A")], 0)
    texts = [
        b"%c%06d," % (letter, number % MILLION)
        if letter
        else b"%d," % (number if number < MILLION else (number - MILLION) % (9 * MILLION) + MILLION)
        for letter, number in zip(letters.tolist(), invoices.numbers, strict=True)
    ]
    return np.array(texts, object)


def _rests(invoices: Invoices, date_end: bytes) -> Texts:
    """Customer, country and date."""
    named = invoices.customers != NOBODY
    ids = np.where(named, id_of(invoices.customers), 0)
    countries = np.where(named, country_of(invoices.customers), HOME)
    texts = [
        (b"%d.0" % number if number else b"") + _COUNTRIES[country] + date_end
        for number, country in zip(ids.tolist(), countries.tolist(), strict=True)
    ]
    return np.array(texts, object)


def _annotate(pieces: Texts, kinds: Whole, rolls: Whole) -> None:
    """Replaces the description of write-offs by the storekeeper's note."""
    for row in np.flatnonzero(kinds == Kind.WRITE_OFF).tolist():
        code = pieces[row, Piece.ITEM].partition(b",")[0]
        pieces[row, Piece.ITEM] = code + b"," + _NOTES[rolls[row] % len(_NOTES)]


@cache
def _quantity_texts() -> Texts:
    """Each quantity's text, indexed by the quantity; negative ones count from the end."""
    largest = int(np.abs(_QUANTITIES).max())
    return np.array([b"%d," % quantity for quantity in (*range(largest + 1), *range(-largest, 0))], object)
