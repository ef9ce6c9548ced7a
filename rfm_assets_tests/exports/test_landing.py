"""Landing keeps the newest order, makes amounts and refunds add up, and rewrites only files that changed."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from rfm_assets.contracts.bronze import SOURCE_COLUMNS
from rfm_assets.errors import ExportError, SettingError
from rfm_assets.exports.daily import COLUMNS
from rfm_assets.exports.profile import Profile
from rfm_assets.exports.terms import Terms
from rfm_assets.privacy.customer_ids import CustomerIds
from rfm_assets_tests.exports.shop import Shop, profile, sale

pytestmark = pytest.mark.slow


def test_daily_files_have_the_columns_of_bronze() -> None:
    assert tuple(SOURCE_COLUMNS) == COLUMNS


def test_a_record_becomes_a_line_of_its_day(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.write("a.csv", [sale(), sale("A2", "2026-05-02")])
    landed = shop.land()
    assert landed.written == [date(2026, 5, 1), date(2026, 5, 2)]
    assert shop.lines() == [
        {
            "Invoice": "A1",
            "StockCode": "MUG",
            "Description": "",
            "Quantity": "2",
            "Price": "3.50",
            "Customer ID": "c1",
            "Country": "",
            "InvoiceDate": "2026-05-01",
        }
    ]


def test_nothing_is_written_where_nothing_changed(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.write("a.csv", [sale(), sale("A2", "2026-05-02")])
    shop.land()
    before = {path: path.stat().st_mtime_ns for path in shop.landing.iterdir()}
    again = shop.land()
    assert (again.written, again.read) == ([], set())
    assert {path: path.stat().st_mtime_ns for path in shop.landing.iterdir()} == before


def test_the_newest_version_of_an_order_counts_on_every_day_it_touches(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.write("a.csv", [sale("A1"), sale("A2"), sale("A1", sku="TRAY")], hour=1)
    shop.land()
    shop.write("b.csv", [sale("A1", "2026-05-03", qty=9)], hour=2)
    landed = shop.land()
    assert landed.replaced == {"a.csv": 2}
    assert [(line["Invoice"], line["InvoiceDate"], line["Quantity"]) for line in shop.all_lines()] == [
        ("A2", "2026-05-01", "2"),
        ("A1", "2026-05-03", "9"),
    ]


def test_the_time_in_an_exports_name_tells_which_is_newer(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.write("orders_2026-05-09.csv", [sale(qty=1)], hour=9)
    shop.write("orders_2026-05-10.csv", [sale(qty=5)], hour=1)
    shop.land()
    assert [line["Quantity"] for line in shop.lines()] == ["5"]


def test_a_day_that_loses_its_orders_loses_its_file(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.write("a.csv", [sale()], hour=1)
    shop.land()
    shop.write("b.csv", [sale(placed="2026-05-04")], hour=2)
    landed = shop.land()
    assert (landed.written, landed.removed) == ([date(2026, 5, 4)], [date(2026, 5, 1)])
    assert list(shop.files()) == ["2026-05-04_orders.csv"]


def test_an_order_that_is_no_longer_a_sale_leaves(tmp_path: Path) -> None:
    shop = Shop(tmp_path, with_status())
    shop.write("a.csv", [sale("A1", status="paid"), sale("A2", status="Paid")], hour=1)
    shop.land()
    shop.write("b.csv", [sale("A1", status="voided")], hour=2)
    landed = shop.land()
    assert [line["Invoice"] for line in shop.all_lines()] == ["A2"]
    assert landed.manifests[-1].left_out == {"status voided": 1}


def with_status() -> Profile:
    status = {"column": "status", "sale": ["paid"], "not_a_sale": ["voided"]}
    return profile(order={"status": status})


def test_an_export_that_is_gone_keeps_what_it_gave_until_it_is_forgotten(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    gone = shop.write("a.csv", [sale("A1"), sale("A2")], hour=1)
    shop.write("b.csv", [sale("A2", qty=7), sale("A3")], hour=2)
    shop.land()
    gone.unlink()
    landed = shop.land()
    assert [one.name for one in landed.gone] == ["a.csv"]
    assert [line["Invoice"] for line in shop.all_lines()] == ["A1", "A2", "A3"]
    shop.land(forget=["a.csv"])
    assert [line["Invoice"] for line in shop.all_lines()] == ["A2", "A3"]
    with pytest.raises(SettingError, match=r"there is no export a\.csv: the exports are b\.csv"):
        shop.land(forget=["a.csv"])


def test_all_is_made_again_from_the_exports_alone(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.write("a.csv", [sale("A1"), sale("A2")], hour=1)
    shop.land()
    shop.write("b.csv", [sale("A2", "2026-05-02"), sale("A3")], hour=2)
    shop.land()
    before = shop.files()
    for path in (*shop.manifests.folder.iterdir(), *shop.landing.iterdir()):
        path.unlink()
    shop.land()
    assert shop.files() == before


def test_a_deleted_daily_file_is_written_again(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.write("a.csv", [sale("A1"), sale("A2", "2026-05-02")])
    shop.land()
    before = shop.files()
    (shop.landing / "2026-05-01_orders.csv").unlink()
    assert shop.land().written == [date(2026, 5, 1)]
    assert shop.files() == before


def test_another_profile_reads_all_exports_again(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.write("a.csv", [sale(sku="MUG", name="A mug")])
    shop.land()
    shop.by = profile(line={"product": {"column": "name"}})
    shop.land()
    assert [line["StockCode"] for line in shop.lines()] == ["A mug"]


ORDERS = st.lists(
    st.lists(
        st.tuples(st.integers(1, 3), st.sampled_from(["MUG", "TRAY"]), st.sampled_from(["1", "2.5", "x", ""])),
        min_size=1,
        max_size=3,
    ),
    min_size=1,
    max_size=6,
)


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(orders=ORDERS, places=st.lists(st.integers(0, 2), min_size=7, max_size=7), early=st.booleans())
def test_any_split_into_exports_in_any_order_gives_the_same_files(
    orders: list[list[tuple[int, str, str]]],
    places: list[int],
    *,
    early: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    records = [
        [sale(f"A{number}", f"2026-05-0{1 + number % 4}", qty=qty, sku=sku, price=price) for qty, sku, price in lines]
        for number, lines in enumerate([[(1, "MUG", "4.00")], *orders])
    ]
    whole = Shop(tmp_path_factory.mktemp("whole"))
    whole.write("all.csv", [one for order in records for one in order])
    (manifest,) = whole.land().manifests
    assert manifest.records == manifest.written + sum(manifest.left_out.values()) == sum(map(len, records))
    split = Shop(tmp_path_factory.mktemp("split"))
    for place in dict.fromkeys(places):
        held = [one for order, its in zip(records, places, strict=False) if its == place for one in order]
        split.write(f"part{place}.csv", held, hour=1 + place)
        if early:
            split.land()
    split.land()
    assert split.files() == whole.files()


def test_an_amount_that_is_no_price_times_quantity_stands_in_its_own_column(tmp_path: Path) -> None:
    shop = Shop(tmp_path, profile(line={"amount": {"column": "price", "is": "line"}}))
    shop.write("a.csv", [sale(qty=3, price="10.00"), sale("A2", qty=4, price="10.00")])
    shop.land()
    assert [(line["Quantity"], line["Price"], line["LineAmount"]) for line in shop.lines()] == [
        ("3", "3.33", "10.00"),
        ("4", "2.50", ""),
    ]


def test_a_fraction_is_one_unit_of_its_amount(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.write("a.csv", [sale(qty="0.5", price="9.99"), sale("A2")])
    (manifest,) = shop.land().manifests
    assert [(line["Quantity"], line["Price"], line["LineAmount"]) for line in shop.lines()] == [
        ("1", "5.00", "5.00"),
        ("2", "3.50", ""),
    ]
    assert manifest.fractions == 1


def test_the_amount_of_an_order_is_shared_by_its_lines_to_the_cent(tmp_path: Path) -> None:
    shop = Shop(tmp_path, profile(line={"amount": {"column": "price", "is": "order"}}))
    shop.write("a.csv", [sale(qty=1, sku=sku, price="10.00") for sku in ("A", "B", "C")])
    shop.land()
    assert sorted(line["Price"] for line in shop.lines()) == ["3.33", "3.33", "3.34"]


def test_an_orders_discount_is_shared_by_its_lines_to_the_cent(tmp_path: Path) -> None:
    shop = Shop(tmp_path, profile(line={"discounts": [{"column": "off", "per": "order"}]}))
    shop.write("a.csv", [sale(qty=1, price="5.00", off="-1.00"), sale(qty=1, price="10.00", sku="TRAY", off="")])
    shop.land()
    assert [line["Price"] for line in shop.lines()] == ["4.67", "9.33"]


def test_records_below_zero_are_cancellation_lines(tmp_path: Path) -> None:
    shop = Shop(tmp_path, profile(refund={"negative": True}))
    shop.write("a.csv", [sale(), sale(placed="2026-05-02", qty=-1), sale("A2", qty=1, price="-4.00")])
    shop.land()
    assert [(line["Invoice"], line["Quantity"], line["Price"]) for line in shop.all_lines()] == [
        ("A1", "2", "3.50"),
        ("CA2", "-1", "4.00"),
        ("CA1", "-1", "3.50"),
    ]


def test_a_refund_row_in_a_later_export_leaves_the_sale_alone(tmp_path: Path) -> None:
    shop = Shop(tmp_path, profile(refund={"negative": True}))
    shop.write("a.csv", [sale()], hour=1)
    shop.write("b.csv", [sale(placed="2026-05-09", qty=-2)], hour=2)
    shop.write("c.csv", [sale(placed="2026-05-11", qty=-1)], hour=3)
    shop.land()
    assert [line["Quantity"] for line in shop.all_lines()] == ["2", "-2", "-1"]


def test_an_undated_refund_is_of_the_day_of_the_export_that_first_shows_it(tmp_path: Path) -> None:
    shop = Shop(tmp_path, profile(refund={"amount": {"column": "refunded"}}))
    lines = [{"qty": 1, "price": "10.00"}, {"qty": 1, "price": "5.00", "sku": "TRAY"}]
    for day, refunded in (("02", ""), ("05", "4.00"), ("09", "5.01")):
        shop.write(f"orders_2026-05-{day}.csv", [sale(refunded=refunded, **cells) for cells in lines])
        shop.land()
    refunds = [
        (line["InvoiceDate"], line["StockCode"], line["Price"]) for line in shop.all_lines() if line["Invoice"] == "CA1"
    ]
    assert refunds == [
        ("2026-05-05", "MUG", "2.67"),
        ("2026-05-05", "TRAY", "1.33"),
        ("2026-05-09", "MUG", "0.67"),
        ("2026-05-09", "TRAY", "0.34"),
    ]
    assert sum(Decimal(price) for _, _, price in refunds) == Decimal("5.01")


def test_a_refund_that_is_taken_back_is_gone(tmp_path: Path) -> None:
    shop = Shop(tmp_path, profile(refund={"amount": {"column": "refunded"}}))
    shop.write("orders_2026-05-05.csv", [sale(refunded="4.00")])
    shop.land()
    shop.write("orders_2026-05-06.csv", [sale(refunded="0")])
    shop.land()
    assert [line["Invoice"] for line in shop.all_lines()] == ["A1"]


def test_what_only_an_orders_first_record_says_holds_for_all(tmp_path: Path) -> None:
    carried = profile(order={"carry_down": {"by": "order", "columns": ["customer", "placed"]}})
    shop = Shop(tmp_path, carried)
    shop.write("a.csv", [sale(), sale(sku="TRAY", placed="", customer=""), sale("A2", customer="")])
    shop.land()
    assert [line["Customer ID"] for line in shop.lines()] == ["c1", "c1", ""]


def test_what_a_customer_buys_in_a_day_can_be_an_order(tmp_path: Path) -> None:
    shop = Shop(tmp_path, profile(order={"number": {"by": ["customer", "day"]}}))
    shop.write("a.csv", [sale(), sale(sku="TRAY"), sale(customer="c2"), sale(placed="2026-05-02")])
    shop.land()
    assert [line["Invoice"] for line in shop.all_lines()] == [
        *("c1-20260501", "c1-20260501", "c2-20260501", "c1-20260502"),
    ]


def test_lines_of_another_currency_say_so(tmp_path: Path) -> None:
    money = profile(order={"currency": {"column": "currency"}})
    shop = Shop(tmp_path, money, Terms(currency="EUR"))
    shop.write("a.csv", [sale(currency="eur"), sale("A2", currency="USD"), sale("A3", "2026-05-02", currency="EUR")])
    shop.land()
    assert [line["Currency"] for line in shop.lines()] == ["EUR", "USD"]
    assert "Currency" not in shop.lines("2026-05-02")[0]
    unknown = Shop(tmp_path / "unknown", money)
    unknown.write("a.csv", [sale(currency="EUR"), sale("A2", currency="USD")])
    with pytest.raises(ExportError, match=r"several currencies: EUR \(1 records\), USD \(1 records\).*\[shop\]"):
        unknown.land()


def test_amounts_in_yen_have_no_decimals(tmp_path: Path) -> None:
    by = profile(order={"currency": {"column": "currency"}}, line={"amount": {"column": "price", "is": "order"}})
    shop = Shop(tmp_path, by)
    shop.write("a.csv", [sale(qty=1, sku=sku, price="1000", currency="JPY") for sku in ("A", "B", "C")])
    shop.land()
    assert sorted(line["Price"] for line in shop.lines()) == ["333.00", "333.00", "334.00"]


def test_customers_leave_as_keyed_hashes_where_the_profile_says_so(tmp_path: Path) -> None:
    by = profile(customer={"key": {"column": "customer"}, "pseudonymise": True, "guest": ["guest"]})
    shop = Shop(tmp_path, by, Terms(ids=CustomerIds("a secret of the shop")))
    shop.write("a.csv", [sale(customer="a@example.com"), sale("A2", customer="guest")])
    shop.land()
    first, second = (line["Customer ID"] for line in shop.lines())
    assert (len(first), second) == (64, "")
    kept = [path for folder in (shop.landing, shop.manifests.folder) for path in folder.iterdir()]
    assert kept
    assert not any(b"example.com" in path.read_bytes() for path in kept)
    keyless = Shop(tmp_path / "keyless", by)
    keyless.write("a.csv", [sale()])
    with pytest.raises(SettingError, match="RFM_ID_KEY"):
        keyless.land()


def test_each_line_can_say_where_it_comes_from(tmp_path: Path) -> None:
    shop = Shop(tmp_path, profile(source_record=True))  # type: ignore[arg-type]
    shop.write("a.csv", [sale(), sale(sku="TRAY")])
    shop.land()
    assert [line["SourceRecord"] for line in shop.lines()] == ["a.csv:1", "a.csv:2"]
