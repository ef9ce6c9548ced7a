"""The sample's orders follow from its daily files, and each system's export has its headers and format.

The meaning of each export is tested in exports/test_presets.py, which reads every one of them back.
"""

import csv
from datetime import UTC, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from rfm_assets.commands.sample import sample
from rfm_assets.errors import SettingError
from rfm_assets.sample import Shop
from rfm_assets.sample.shapes import SHAPES
from rfm_assets.sample.shapes.orders import NOT_A_SALE, Order, State, orders
from rfm_assets.sample.shapes.shape import Shape
from rfm_assets.sample.writer import write_export
from rfm_assets_tests.exports.oracle import renamed, sales

SHOP = Shop(days=12, lines_per_day=150)
ORDERS = list(orders(SHOP))
each_shape = pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)


def records(shape: Shape, folder: Path, *, clean: bool = False) -> list[list[dict[str, str]]]:
    """The records of each file, read by a plain CSV reader with the shape's dialect."""
    quote = {"quoting": csv.QUOTE_NONE} if shape.quoting == csv.QUOTE_NONE else {}
    read = []
    for path in shape.write(ORDERS, folder, clean=clean):
        with path.open(encoding=shape.encoding, newline="") as file:
            read.append(list(csv.DictReader(file, delimiter=shape.delimiter, strict=True, **quote)))  # type: ignore[arg-type]
    return read


def test_orders_hold_the_clean_lines_of_the_daily_files() -> None:
    paid = [order for order in ORDERS if order.state is State.PAID]
    assert len({order.number for order in paid}) == len(paid) > 50
    assert {order.placed.date() for order in paid} == {SHOP.date_of(day) for day in range(SHOP.days)}
    assert all(line.quantity > 0 and line.price >= 0 for order in paid for line in order.lines)
    assert any(order.customer is None for order in paid)


def test_some_orders_are_of_another_day_in_utc() -> None:
    assert any(order.placed.date() != order.placed.astimezone(UTC).date() for order in ORDERS)


def test_a_clean_sample_is_the_sample_without_orders_that_are_no_sale() -> None:
    assert list(orders(SHOP, clean=True)) == [order for order in ORDERS if order.state is State.PAID]
    assert {order.state for order in ORDERS} == set(State)
    assert all((order.number > NOT_A_SALE) is (order.state is not State.PAID) for order in ORDERS)


def test_an_earlier_export_knows_less_of_an_order() -> None:
    order = next(order for order in ORDERS if order.refund)
    assert order.refund is not None
    assert order.as_of(order.placed - timedelta(seconds=1)) is None
    before = order.as_of(order.refund.at - timedelta(seconds=1))
    assert before is not None
    assert before.refund is None
    assert order.as_of(order.refund.at) == order


def test_every_fourth_order_is_paid_two_days_later() -> None:
    order = next(order for order in ORDERS if order.number % 4 == 0)

    def state(hours: int) -> State:
        seen = order.as_of(order.placed + timedelta(hours=hours))
        assert isinstance(seen, Order)
        return seen.state

    assert [state(0), state(47), state(48)] == [State.PENDING, State.PENDING, State.PAID]


@each_shape
def test_headers_have_no_name_twice_and_every_record_has_all_columns(shape: Shape, tmp_path: Path) -> None:
    for sheet, rows in zip(shape.sheets, records(shape, tmp_path), strict=True):
        assert len(set(sheet.header)) == len(sheet.header)
        assert rows
        assert all(None not in row and None not in row.values() for row in rows)


@each_shape
def test_a_clean_export_holds_only_sales_and_refunds(shape: Shape, tmp_path: Path) -> None:
    paid = [order for order in ORDERS if order.state is State.PAID]
    clean = sum(len(list(sheet.rows(order))) for sheet in shape.sheets for order in paid)
    everything = sum(map(len, records(shape, tmp_path)))
    paths = shape.write(paid, tmp_path, clean=True)
    assert len(paths) == len(shape.sheets)
    assert sum(map(len, records(shape, tmp_path, clean=True))) >= clean
    has_more = bool(shape.states) or any(list(sheet.traps(order)) for sheet in shape.sheets for order in paid)
    assert (everything > clean) is has_more


@each_shape
def test_ids_are_renamed_one_to_one(shape: Shape) -> None:
    numbers, customers = renamed(shape, ORDERS)
    assert len(numbers) > len(customers) > 1


@each_shape
def test_every_grain_comes_to_the_same_money(shape: Shape) -> None:
    paid = [order for order in ORDERS if order.state is State.PAID]
    expected = sum((order.goods if shape.amount == "goods" else order.total for order in paid), Decimal(0))
    assert sum(sold.amount for sold in sales(shape, ORDERS)) == expected


def test_shopify_exports_79_columns() -> None:
    assert len(SHAPES["shopify"].sheets[0].header) == 79


def test_square_exports_35_columns() -> None:
    assert len(SHAPES["square-items"].sheets[0].header) == 35


def test_the_command_writes_an_export_and_names_its_files(tmp_path: Path) -> None:
    arguments = ["--as", "olist", "--to", str(tmp_path), "--days", "2", "--lines-per-day", "60"]
    output = CliRunner().invoke(sample, arguments, catch_exceptions=False).output
    assert output.split() == [str(tmp_path / sheet.file) for sheet in SHAPES["olist"].sheets]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(sheet.file for sheet in SHAPES["olist"].sheets)


def test_an_export_that_is_there_already_is_kept(tmp_path: Path) -> None:
    (tmp_path / "orders_export.csv").write_text("mine")
    with pytest.raises(SettingError, match=r"orders_export\.csv already exists"):
        write_export("shopify", SHOP, tmp_path)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["mine"]


def test_a_shape_nobody_knows_is_named_beside_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"--as shopfy: .* choose one of online-retail-1, shopify"):
        write_export("shopfy", SHOP, tmp_path)
