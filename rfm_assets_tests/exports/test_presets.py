"""The sample shop in each system's format, landed by its preset, gives the gold of its clean orders.

To the cent and to the row: whatever else an export holds, however the history is split into exports, in whichever
order they are read, and after orders were paid or refunded between them.
"""

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from rfm_assets.config.shop_file import Rules
from rfm_assets.errors import ExportError
from rfm_assets.exports.found import files_at
from rfm_assets.exports.land import land
from rfm_assets.exports.manifest import Manifest, Manifests
from rfm_assets.exports.presets import load_preset, preset_names
from rfm_assets.exports.session import choose
from rfm_assets.exports.target import FolderTarget
from rfm_assets.exports.terms import Terms
from rfm_assets.exports.work import Limits
from rfm_assets.sample.shapes import SHAPES
from rfm_assets.sample.shapes.orders import CURRENCY, ZONE, Order, State, orders
from rfm_assets.sample.shapes.shape import Shape
from rfm_assets.sample.shop import Shop
from rfm_assets_tests.exports.oracle import Gold, Landed, Sale, gold, read_back, refunds, renamed, sales
from rfm_assets_tests.exports.variants import VARIANTS, Variant

pytestmark = pytest.mark.slow

SAMPLE = Shop(days=30, lines_per_day=70)
FIRST, LAST = SAMPLE.date_of(0), SAMPLE.date_of(SAMPLE.days - 1)
ORDERS = tuple(orders(SAMPLE))
WINDOWS = ((0, 12), (8, 22), (5, 29))
"""The days of each export, both included; each is made at the end of its last one."""
each_shape = pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)


def rules_of(shape: Shape) -> Rules:
    """The rules of the shape's preset, or the defaults if it has none."""
    return load_preset(shape.name).rules or Rules()


def landed(shape: Shape, home: Path) -> list[Manifest]:
    """Lands the exports in a folder by the shape's preset, from `exports` to `landing`; returns the manifests."""
    files, others = files_at([home / "exports"])
    assert not others
    profile, terms, target = load_preset(shape.name), Terms(CURRENCY, str(ZONE)), FolderTarget(home / "landing")
    limits = Limits("500MB", threads=1)
    return list(land(files, profile, terms, target, Manifests(home / "manifests"), limits=limits).manifests)


def read(shape: Shape, home: Path) -> Landed:
    """The daily files, read with the sample's ids."""
    return read_back(home / "landing", renamed(shape, ORDERS), rules_of(shape))


def expected(shape: Shape, shown: Iterable[Order]) -> dict[Sale, Decimal]:
    """The sales by order, customer and day, from the orders alone."""
    amounts: dict[Sale, Decimal] = defaultdict(Decimal)
    for one in sales(shape, shown):
        amounts[one.invoice, one.customer, one.day] += one.amount
    return amounts


@cache
def clean_gold(grain: str, amount: str) -> Gold:
    """The gold of the clean sample at a grain, from its orders alone."""
    shape = next(one for one in SHAPES.values() if (one.grain, one.amount) == (grain, amount))
    return gold(expected(shape, ORDERS), {}, FIRST, LAST)


def test_every_shape_has_its_preset() -> None:
    assert set(preset_names()) == {*SHAPES, "cdnow", "online-retail", "generic"}


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_is_in_the_table_for_shop_owners(name: str) -> None:
    page = Path(__file__).parents[2] / "docs" / "your-own-files.md"
    assert re.search(rf"^\| .*\| .*`{name}`.* \|", page.read_text(encoding="utf-8"), re.MULTILINE)


@dataclass(frozen=True)
class Whole:
    """The export of all orders, landed."""

    shape: Shape
    manifest: Manifest
    found: Landed


@pytest.fixture(scope="module", params=SHAPES.values(), ids=SHAPES)
def whole(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Whole:
    shape: Shape = request.param
    home = tmp_path_factory.mktemp(shape.name)
    shape.write(ORDERS, home / "exports")
    (manifest,) = landed(shape, home)
    return Whole(shape, manifest, read(shape, home))


def test_an_export_gives_the_gold_of_the_clean_sample(whole: Whole) -> None:
    shape, manifest, found = whole.shape, whole.manifest, whole.found
    assert found.sales == expected(shape, ORDERS)
    assert found.refunds == refunds(shape, ORDERS, undated=manifest.day)
    assert gold(found.sales, found.refunds, FIRST, LAST) == clean_gold(shape.grain, shape.amount)


LEFT_OUT = {
    "online-retail-1": set(),
    "shopify": {"cancelled", "status pending"},
    "woocommerce-lines": {"status cancelled", "status pending payment"},
    "woocommerce-analytics": {"status cancelled", "status pending"},
    "square-items": set(),
    "stripe-payments": {"status failed", "test mode", "not captured"},
    "amazon-order-report": {"cancelled or not paid yet", "only shipped by Amazon, sold elsewhere"},
    "bigcommerce": {"status cancelled", "status awaiting payment"},
    "magento-grid": {"status canceled", "status pending"},
    "lightspeed": {"not a line of a sale", "status voided", "status saved"},
    "olist": {"status canceled", "status created"},
    "dunnhumby": set(),
    "sap-billing": {"a document that is no sale"},
    "events": {"not a purchase", "repeats another record"},
}


def test_records_that_are_no_sale_are_counted_by_reason(whole: Whole) -> None:
    shape, manifest = whole.shape, whole.manifest
    main = max(shape.sheets, key=lambda sheet: len(list(sheet.rows(ORDERS[0]))))
    shown = [order for order in ORDERS if shape.shows(order)]
    records = sum(len(list(sheet(order))) for order in shown for sheet in (main.rows, main.traps))
    assert set(manifest.left_out) == LEFT_OUT[shape.name]
    assert manifest.records == records == manifest.written + sum(manifest.left_out.values())
    written_off = {"damaged £"} if shape.name == "online-retail-1" else set()
    assert {row["Description"] for row in whole.found.others} == written_off


AMOUNTS = {
    "online-retail-1": "UnitPrice",
    "shopify": "Lineitem price",
    "woocommerce-lines": "Order Line Total",
    "woocommerce-analytics": "Net Sales",
    "square-items": "Net Sales",
    "stripe-payments": "Converted Amount",
    "amazon-order-report": "item-price",
    "magento-grid": "Subtotal",
    "lightspeed": "Total",
    "olist": "price",
    "dunnhumby": "SALES_VALUE",
    "sap-billing": "NETWR",
    "events": "price",
}


@pytest.mark.parametrize("name", AMOUNTS)
def test_an_amount_that_cannot_be_read_is_left_to_silver_and_costs_its_line_alone(name: str, tmp_path: Path) -> None:
    shape, column = SHAPES[name], AMOUNTS[name]
    (path,) = [path for path in shape.write(ORDERS, tmp_path / "exports", clean=True) if path.stem not in JOINED]
    seen = iter(range(10**9))  # the second record is a line in every shape
    Variant(name, cells={column: lambda text: "on request" if next(seen) == 1 else text}).rewrite(path)
    landed(shape, tmp_path)
    found, whole = read(shape, tmp_path), expected(shape, ORDERS)
    (other,) = found.others
    assert other["Price"] == "on request"
    assert other["Quantity"]
    lacking = {sale: amount - found.sales.get(sale, Decimal(0)) for sale, amount in whole.items()}
    assert sum(amount > 0 for amount in lacking.values()) == 1
    assert not set(found.sales) - set(whole)


JOINED = {"olist_orders_dataset", "olist_customers_dataset", "headers"}


def windows(shape: Shape, home: Path) -> tuple[list[Order], dict[int, date]]:
    """Writes overlapping exports; returns each order's newest version, and when its refund first appears."""
    newest: dict[int, Order] = {}
    refund_shown: dict[int, date] = {}
    for first, last in WINDOWS:
        made_on = SAMPLE.date_of(last)
        moment = datetime.combine(made_on, time.max, ZONE)
        days = [SAMPLE.date_of(day) for day in range(first, last + 1)]
        shown = [seen for order in ORDERS if order.placed.date() in days and (seen := order.as_of(moment))]
        newest |= {order.number: order for order in shown}
        for order in shown:
            if order.refund:
                refund_shown.setdefault(order.number, made_on)
        folder = home / "exports" / str(made_on) if len(shape.sheets) > 1 else home / "exports"
        shape.write(shown, folder, prefix="" if len(shape.sheets) > 1 else f"{made_on}_")
    return list(newest.values()), refund_shown


@each_shape
def test_overlapping_exports_show_each_order_as_the_newest_has_it(shape: Shape, tmp_path: Path) -> None:
    newest, refund_shown = windows(shape, tmp_path)
    landed(shape, tmp_path)
    found = read(shape, tmp_path)
    assert found.sales == expected(shape, newest)
    assert found.refunds == (
        {(str(number), on): order.refunded for order in newest if (on := refund_shown.get(number := order.number))}
        if shape.refunds == "undated"
        else refunds(shape, newest)
    )
    assert gold(found.sales, found.refunds, FIRST, LAST) == gold(expected(shape, newest), {}, FIRST, LAST)
    assert shape.states.keys().isdisjoint({State.PENDING}) or any(order.state is State.PENDING for order in newest)


@each_shape
def test_exports_that_arrive_in_another_order_give_the_same_bytes(shape: Shape, tmp_path: Path) -> None:
    windows(shape, tmp_path)
    landed(shape, tmp_path)
    at_once = {path.name: path.read_bytes() for path in (tmp_path / "landing").iterdir()}
    arriving = tmp_path / "arriving"
    arrived = sorted((tmp_path / "exports").iterdir())
    for place in (2, 0, 1):
        (arriving / "exports").mkdir(parents=True, exist_ok=True)
        arrived[place].rename(arriving / "exports" / arrived[place].name)
        landed(shape, arriving)
    assert {path.name: path.read_bytes() for path in (arriving / "landing").iterdir()} == at_once


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
def test_another_form_of_the_same_export_means_the_same(variant: Variant, tmp_path: Path) -> None:
    for path in variant.shape.write(ORDERS, tmp_path / "exports"):
        variant.rewrite(path)
    (manifest,) = landed(variant.shape, tmp_path)
    found = read(variant.shape, tmp_path)
    assert found.sales == expected(variant.shape, ORDERS)
    assert found.refunds == refunds(variant.shape, ORDERS, undated=manifest.day)


@pytest.mark.parametrize(
    "variant", {**{name: Variant(name) for name in SHAPES}, **VARIANTS}.items(), ids=lambda one: one[0]
)
def test_an_export_is_known_by_its_headers(variant: tuple[str, Variant], tmp_path: Path) -> None:
    _, written = variant
    for path in written.shape.write(ORDERS[:20], tmp_path / "exports"):
        written.rewrite(path)
    files, _ = files_at([tmp_path / "exports"])
    assert choose(files, None).profile.name == written.preset


@pytest.mark.parametrize("name", ["square-items", "woocommerce-analytics"])
def test_a_refund_that_only_a_later_export_holds_keeps_its_sale(name: str, tmp_path: Path) -> None:
    shape = SHAPES[name]
    (path,) = shape.write(ORDERS, tmp_path / "exports")
    lines = path.read_text(encoding=shape.encoding).splitlines(keepends=True)
    months = {month: [line for line in lines[1:] if line.startswith(month)] for month in ("2025-06", "2025-07")}
    later = {one.refund.at.date() for one in ORDERS if one.refund}
    assert min(later) > date(2025, 7, 1)
    assert sum(map(len, months.values())) == len(lines) - 1
    path.unlink()
    for month, rows in months.items():
        (tmp_path / "exports" / f"{month}-30.csv").write_text("".join([lines[0], *rows]), encoding=shape.encoding)
    landed(shape, tmp_path)
    found = read(shape, tmp_path)
    assert found.sales == expected(shape, ORDERS)
    assert found.refunds == refunds(shape, ORDERS)


def test_a_zip_of_joined_files_is_one_export(tmp_path: Path) -> None:
    shape = SHAPES["olist"]
    paths = shape.write(ORDERS, tmp_path)
    (tmp_path / "exports").mkdir()
    with zipfile.ZipFile(tmp_path / "exports" / "archive.zip", "w") as archive:
        for path in paths:
            archive.write(path, path.name)
    landed(shape, tmp_path)
    assert read(shape, tmp_path).sales == expected(shape, ORDERS)


WITHOUT_CUSTOMER = {
    "amazon-order-report": ({"buyer-email"}, "take the Order Report, which has buyer-email"),
    "stripe-payments": ({"Customer ID", "Customer Email"}, "choose all columns when the payments are exported"),
    "magento-grid": ({"Customer Email"}, "show the column Customer Email in the grid"),
    "woocommerce-lines": ({"Email (Billing)"}, "choose the field Email (Billing)"),
    "square-items": ({"Customer ID"}, "take the items detail"),
}


@pytest.mark.parametrize("name", WITHOUT_CUSTOMER)
def test_an_export_without_customers_is_refused_with_the_way_to_have_them(name: str, tmp_path: Path) -> None:
    dropped, way_out = WITHOUT_CUSTOMER[name]
    (path,) = SHAPES[name].write(ORDERS, tmp_path / "exports")
    Variant(name, dropped=frozenset(dropped)).rewrite(path)
    with pytest.raises(ExportError, match=f"^{re.escape(path.name)} lacks.* RFM needs .*{re.escape(way_out)}"):
        landed(SHAPES[name], tmp_path)
    assert not list((tmp_path / "landing").glob("*"))


def test_a_joined_file_that_is_not_there_is_named_by_its_headers(tmp_path: Path) -> None:
    *_, customers = SHAPES["olist"].write(ORDERS, tmp_path / "exports")
    customers.unlink()
    with pytest.raises(ExportError, match="joins, with the headers customer_id, customer_unique_id: put it beside"):
        landed(SHAPES["olist"], tmp_path)


@pytest.mark.parametrize(
    ("name", "column"), [(shape.name, "Status") for shape in SHAPES.values() if "Status" in shape.sheets[0].header]
)
def test_a_status_that_no_word_of_the_preset_explains_stops_the_landing(name: str, column: str, tmp_path: Path) -> None:
    (path,) = SHAPES[name].write(ORDERS, tmp_path / "exports")
    Variant(name, cells={column: lambda text: "Wrapped" if text else ""}).rewrite(path)
    with pytest.raises(ExportError, match=f'{path.name}: the profile {name} does not know the status "wrapped"'):
        landed(SHAPES[name], tmp_path)
