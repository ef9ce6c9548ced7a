"""Holds shut: the sample shop in each system's shape, landed by its preset, gives the gold of its clean orders.

To the cent and to the row: whatever else such an export holds, however it is cut into exports, in whichever order they
are read, and after orders were paid or refunded between them.
"""

import csv
import os
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from rfm_assets.config.shop_file import Rules
from rfm_assets.errors import ExportError
from rfm_assets.exports.presets import load_preset, preset_names
from rfm_assets.sample.shapes import SHAPES
from rfm_assets.sample.shapes.orders import CURRENCY, ZONE, Order, orders
from rfm_assets.sample.shapes.shape import Shape
from rfm_assets.sample.shop import Shop
from rfm_assets_tests.exports.landed import Landed, expected_lines, gold, read_back
from rfm_assets_tests.exports.variants import VARIANTS
from rfm_assets_tests.sample.canonical import refunds, renamed, sales

SAMPLE = Shop(days=30, lines_per_day=70)
FIRST, LAST = SAMPLE.date_of(0), SAMPLE.date_of(SAMPLE.days - 1)
ORDERS = tuple(orders(SAMPLE))
WINDOWS = ((0, 12), (8, 22), (5, 29))
"""The days of each export, both included; each is made at the end of its last one."""
each_shape = pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)


def rules_of(shape: Shape) -> Rules:
    """The rules that the shape's preset brings along, today's where it has none."""
    return load_preset(shape.name).rules or Rules()


def read(shape: Shape, landing: Path) -> Landed:
    """The daily files in the sample's ids."""
    return read_back(landing, renamed(shape, ORDERS), rules_of(shape))


def sums(landed: Landed) -> Counter[Any]:
    """The amounts of landed sales by order, customer and day."""
    amounts: Counter[Any] = Counter()
    for (number, customer, day, amount), lines in landed.sales.items():
        amounts[number, customer, day] += lines * amount  # type: ignore[assignment]
    return amounts


def expected_sums(shape: Shape, shown: Iterable[Order]) -> Counter[Any]:
    """The same from the orders alone."""
    amounts: Counter[Any] = Counter()
    for one in sales(shape, shown):
        amounts[one.invoice, one.customer, one.day] += one.amount  # type: ignore[assignment]
    return amounts


@cache
def clean_gold(grain: str, amount: str) -> dict[str, list[dict[str, Any]]]:
    """The gold of the clean sample at a grain, from its orders alone."""
    shape = next(one for one in SHAPES.values() if (one.grain, one.amount) == (grain, amount))
    return gold(expected_lines(sales(shape, ORDERS), {}), FIRST, LAST)
