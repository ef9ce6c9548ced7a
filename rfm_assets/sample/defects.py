"""Errors of the tills: dirty values for every silver rule, malformed lines, and lines sent twice."""

from collections.abc import Callable
from datetime import date, timedelta
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from rfm_assets.sample.catalogue import Texts
from rfm_assets.sample.weighted_draws import ROLL, Whole


class Piece(IntEnum):
    """The five pieces of a line, each with the comma or line end that follows it."""

    INVOICE = 0
    ITEM = 1
    """Stock code and description."""
    QUANTITY = 2
    PRICE = 3
    REST = 4
    """Customer, country and date."""


class Slip(NamedTuple):
    """A way to spoil a piece of a line."""

    often: int
    """Its frequency, in lines out of 65,536."""
    piece: Piece
    spoil: Callable[[bytes, int], bytes]
    """Takes the piece and a random integer."""


def _one_of(*texts: bytes) -> Callable[[bytes, int], bytes]:
    return lambda _piece, choice: texts[choice % len(texts)]


def _dated(*texts: bytes) -> Callable[[bytes, int], bytes]:
    return lambda rest, choice: rest[:-_DATE_END] + texts[choice % len(texts)] + b"\n"


def _earlier(rest: bytes, choice: int) -> bytes:
    day = date.fromisoformat(rest[-_DATE_END:-1].decode()) - timedelta(days=1 + choice % 5)
    return rest[:-_DATE_END] + f"{day}\n".encode()


def _lower_suffix(item: bytes, _choice: int) -> bytes:
    code, comma, description = item.partition(b",")
    return code.lower() + comma + description if code[:5].isdigit() else item


_DATE_END = len("YYYY-MM-DD\n")
_DOUBLED = 300
"""How often the previous line is sent again, in lines out of 65,536."""
SLIPS = (
    Slip(1_300, Piece.ITEM, _lower_suffix),
    Slip(40, Piece.REST, _earlier),
    Slip(16, Piece.INVOICE, _one_of(b"5001,", b",", b"INV-500123,", b"50012345,")),
    Slip(16, Piece.ITEM, lambda item, _: b"," + item.partition(b",")[2]),
    Slip(32, Piece.QUANTITY, _one_of(b"0,", b",", b"0,", b"a dozen,", b"0,", b"6 pcs,")),
    Slip(10, Piece.PRICE, lambda price, _: b"-" + price),
    Slip(12, Piece.PRICE, _one_of(b"free,", b",", b"n/a,", b'"2,95",')),
    Slip(16, Piece.REST, _dated(b"", b"2025-02-30", b"n/a", b"0000-00-00")),
    Slip(1, Piece.REST, _one_of(b"\n")),
    Slip(1, Piece.REST, lambda rest, _: rest[:-1] + b",till 4,checked\n"),
    Slip(1, Piece.ITEM, lambda item, _: item.replace(b'"', b"").replace(b",", b',"', 1)),
)
_SLIP_AT = [slip for slip in SLIPS for _ in range(slip.often)]


def make_slips(pieces: Texts, invoice: Whole, luck: Whole, choice: Whole) -> None:
    """Spoils some lines in place; `pieces` has a row for each line, `invoice` groups lines."""
    rows = np.flatnonzero(luck < len(_SLIP_AT))
    for row, at, number in zip(rows.tolist(), luck[rows].tolist(), choice[rows].tolist(), strict=True):
        slip = _SLIP_AT[at]
        pieces[row, slip.piece] = slip.spoil(pieces[row, slip.piece], number)
    again = 1 + np.flatnonzero((luck[1:] >= ROLL - _DOUBLED) & (invoice[1:] == invoice[:-1]))
    pieces[again] = pieces[again - 1]
