"""The format of numbers and dates is decided over the whole file and refused where it is ambiguous."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from rfm_assets.errors import ExportError
from rfm_assets.exports.dates import KNOWN, decide, make_days, make_moments, survey
from rfm_assets.exports.numbers import define_read_number
from rfm_assets.exports.profile_cells import Placed
from rfm_assets.exports.terms import Terms
from rfm_assets_tests.exports.shop import Shop, profile, sale


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("12", "12"),
        ("12.50", "12.5"),
        (".5", "0.5"),
        ("1,234.56", "1234.56"),
        ("302.35-", "-302.35"),
        ("(3.00)", "-3"),
        ("-$3.00", "-3"),
        ("$-3.00", "-3"),
        ("($3.00)", "-3"),
        ("€64.70", "64.7"),
        ("64.70 EUR", "64.7"),
        ("EUR 64.70", "64.7"),
        ("R$ 5.10", "5.1"),
        ("\u22125", "-5"),
        ("1 234.50", "1234.5"),
        ("1'234.50", "1234.5"),
        ("5.551115E-17", "0"),
        ("1.5e3", "1500"),
        ("twelve", None),
        ("12.3.4", None),
        ("1/2", None),
        ("", None),
    ],
)
def test_a_number_is_read_with_a_decimal_point(text: str, means: str | None) -> None:
    assert read(text, ".", ",") == (None if means is None else float(means))


@pytest.mark.parametrize(
    ("text", "means"),
    [("1.234,56", 1234.56), ("0,25", 0.25), ("302,35-", -302.35), ("64,70 €", 64.7), ("1.234", 1234), ("7", 7)],
)
def test_a_number_is_read_with_a_decimal_comma(text: str, means: float) -> None:
    assert read(text, ",", ".") == means


def read(text: str, decimal: str, group: str) -> float | None:
    with duckdb.connect() as connection:
        define_read_number(connection, decimal, group)
        (found,) = connection.execute("SELECT CAST(read_number($text) AS DOUBLE)", {"text": text}).fetchall()[0]
    return None if found is None else float(found)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-05-01", "2026-05-01"),
        ("2026-05-01 09:59:05 +0200", "2026-05-01"),
        ("2026-05-01T23:59:05.123Z", "2026-05-01"),
        ("2019-10-01 00:00:00 UTC", "2019-10-01"),
        ("20260501", "2026-05-01"),
        ("31.12.2026", "2026-12-31"),
        ("12/31/2026 5:20 PM", "2026-12-31"),
        ("29/10/2020 09:07", "2020-10-29"),
        ("13-Feb-13", "2013-02-13"),
        ("May 1, 2026, 9:59:00 AM", "2026-05-01"),
        ("Mon, 23 Sep 2024 14:21:24 +0000", "2024-09-23"),
        ("45384.34", "2024-04-02"),
        ("1777628345", "2026-05-01"),
    ],
)
def test_a_date_is_read_in_every_known_form(text: str, day: str) -> None:
    assert days([text]) == [date.fromisoformat(day)]


def test_one_date_above_the_twelfth_tells_of_all() -> None:
    assert days(["05/06/2026", "25/06/2026"]) == [date(2026, 6, 5), date(2026, 6, 25)]
    assert days(["05/06/2026", "06/25/2026"]) == [date(2026, 5, 6), date(2026, 6, 25)]


def test_dates_with_and_without_a_time_of_day_stand_together() -> None:
    assert days(["2026-05-01", "2026-05-02 10:00", "2026/05/03"]) == [date(2026, 5, day) for day in (1, 2, 3)]


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["05/06/2026", "07/08/2026"], "can be day first or month first"),
        (["25/06/2026", "06/25/2026"], "mixes two date formats"),
        (["soon", "later"], "no date could be read"),
    ],
)
def test_dates_that_cannot_be_known_are_refused(texts: list[str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        days(texts)


def test_other_exports_tell_how_ambiguous_dates_are_meant(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.write("a.csv", [sale("A1", "05/06/2026")])
    with pytest.raises(ExportError, match=r"a\.csv: placed: all 1 dates such as .* day first or month first"):
        shop.land()
    assert shop.files() == {}
    shop.write("b.csv", [sale("A2", "25/06/2026")])
    shop.land()
    assert list(shop.files()) == ["2026-06-05_orders.csv", "2026-06-25_orders.csv"]


@pytest.mark.parametrize(
    ("zone", "day"),
    [(None, "2026-05-01"), ("Asia/Tokyo", "2026-05-02"), ("UTC", "2026-05-01"), ("Europe/Rome", "2026-05-02")],
)
def test_an_order_belongs_to_the_shops_local_day(zone: str | None, day: str, tmp_path: Path) -> None:
    shop = Shop(tmp_path, terms=Terms(time_zone=zone))
    shop.write("a.csv", [sale(placed="2026-05-01T23:30:00+00:00")])
    shop.land()
    assert list(shop.files()) == [f"{day}_orders.csv"]


def test_a_day_number_counts_from_its_origin(tmp_path: Path) -> None:
    shop = Shop(tmp_path, profile(order={"placed": {"column": "placed", "origin": date(2026, 1, 1)}}))
    shop.write("a.csv", [sale(placed="1"), sale("A2", placed="32")])
    shop.land()
    assert list(shop.files()) == ["2026-01-01_orders.csv", "2026-02-01_orders.csv"]


def test_an_unread_date_passes_as_delivered_and_is_counted(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.write("a.csv", [sale(), sale(sku="TRAY", placed="soon"), sale("A2", placed="?")])
    (manifest,) = shop.land().manifests
    assert manifest.unread == {"day": 2}
    assert [line["InvoiceDate"] for line in shop.lines()] == ["2026-05-01", "soon", "?"]


def test_a_decimal_comma_is_found_from_all_numbers(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.write("a.csv", [sale(price="1.234,56"), sale("A2", price="3,50")])
    shop.land()
    assert [line["Price"] for line in shop.lines()] == ["1234.56", "3.50"]


@pytest.mark.parametrize(
    ("prices", "said"), [(["1,234", "2,345"], "decimal comma or thousands"), (["3,50", "3.50"], "set decimalChar")]
)
def test_numbers_that_cannot_be_known_are_refused(prices: list[str], said: str, tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.write("a.csv", [sale(f"A{place}", price=price, qty="") for place, price in enumerate(prices)])
    with pytest.raises(ExportError, match=said):
        shop.land()


def days(texts: list[str]) -> list[date]:
    """How some texts are read as the dates of one file."""
    with duckdb.connect() as connection:
        rows = ", ".join(f"('{text}')" for text in texts)
        connection.execute(f"CREATE TABLE mapped AS SELECT placed, NULL AS left_out FROM (VALUES {rows}) AS v(placed)")
        make_moments(connection, "placed")
        formats = decide(survey(connection, KNOWN))
        make_days(connection, Placed(column=("placed",)), formats, None, "days")
        found = dict(connection.execute("SELECT text, day FROM days").fetchall())
    return [found[text] for text in texts]
