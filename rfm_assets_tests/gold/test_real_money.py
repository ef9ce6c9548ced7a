"""Returns and net money of the real daily files equal plain Python, on every tenth day."""

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb
import pytest

from rfm_assets.contracts.gold import CUSTOMER_MONEY, CUSTOMER_RFM, CUSTOMER_SEGMENTS, SEGMENT_THRESHOLDS
from rfm_assets.contracts.silver import (
    CUSTOMER_INVOICES,
    REJECTED_TRANSACTIONS,
    RETURNS,
    TRANSACTIONS,
)
from rfm_assets.gold.assets import net_rfm
from rfm_assets.gold.money_checks import MONEY_CHECKS
from rfm_assets.landing.folder import FolderLandingZone
from rfm_assets.silver.return_checks import RETURN_CHECKS
from rfm_assets.tables.run_checks import evaluate
from rfm_assets.tables.table_asset import STEPS
from rfm_assets.warehouse.days import stored_rows
from rfm_assets_tests.gold.money_oracle import Line, Shop
from rfm_assets_tests.gold.oracle import Customer, Gold, gold_of
from rfm_assets_tests.helpers.plain import load, materialize, new_database

pytestmark = pytest.mark.slow

FIRST, LAST = date(2025, 6, 26), date(2026, 4, 28)
TENTH_DAYS = [*(FIRST + timedelta(days=n) for n in range(0, (LAST - FIRST).days, 10)), LAST]
TABLES = (TRANSACTIONS, REJECTED_TRANSACTIONS, CUSTOMER_INVOICES, RETURNS, CUSTOMER_MONEY, CUSTOMER_RFM)
SAME_DAYS = "BETWEEN $first AND $last"


@pytest.fixture(scope="module")
def store(real_landing: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with new_database(threads=2) as database:
        load(database, FolderLandingZone(folder=str(real_landing)), FIRST, LAST)
        materialize(database, FIRST, LAST, tables=TABLES)
        yield database


@pytest.fixture(scope="module")
def shop(real_landing: Path) -> Shop:
    """The files as Python's csv module reads them. All dates are valid, and negative prices are not sales."""
    return Shop([line for file in sorted(real_landing.glob("*.csv")) for line in lines_of(file)])


def lines_of(file: Path) -> Iterator[Line]:
    on = date.fromisoformat(file.name[:10])
    with file.open(newline="", encoding="utf-8") as opened:
        for row in csv.DictReader(opened):
            number, price = row["Invoice"], Decimal(row["Price"]).quantize(Decimal("0.01"), ROUND_HALF_UP)
            code, units = row["StockCode"], int(row["Quantity"])
            if price < 0 or (number.startswith("C") and units > 0) or not number[1:].isdigit():
                continue
            yield Line(
                on,
                number,
                code,
                row["Customer ID"].removesuffix(".0") or None,
                date.fromisoformat(row["InvoiceDate"][:10]),
                units,
                units * price,
                re.fullmatch(r"[0-9]{5}[a-zA-Z]*|PADS", code) is not None,
            )


def test_every_return_takes_back_what_plain_python_says(store: duckdb.DuckDBPyConnection, shop: Shop) -> None:
    found = store.execute(f"""
        SELECT CustomerID, processing_date, InvoiceNo, StockCode, Quantity, TakesBack, SoldQuantity,
            SoldAmount, OrderQuantity, OrderAmount
        FROM {RETURNS.address} WHERE CustomerID IS NOT NULL""").fetchall()
    expected = [
        (who, line.on, line.invoice, line.code, -line.units, *(taken or [None] * 5))
        for who, returns in shop.returns.items()
        for line, taken in returns
    ]
    assert sorted(found, key=repr) == sorted(expected, key=repr)


def test_every_tenth_day_is_as_plain_python_has_it(store: duckdb.DuckDBPyConnection, shop: Shop) -> None:
    for day in TENTH_DAYS:
        expected = shop.money(day)
        columns = "CustomerID, Gross, Returned, Net, Orders, Orders_Kept"
        money = store.execute(f"SELECT {columns} FROM {CUSTOMER_MONEY.address} WHERE as_of_date = ?", [day]).fetchall()
        assert set(money) == {
            (who, one.gross, one.returned, one.gross - one.returned, one.orders, one.orders_kept)
            for who, one in expected.items()
        }
        net = gold_of([one.customer(who, day, net=True) for who, one in expected.items()])
        assert net_gold(store, day) == net._replace(summary=set())


def net_gold(store: duckdb.DuckDBPyConnection, day: date) -> Gold:
    """RFM, thresholds and segments of a day by net money, without storing anything."""
    rfm = net_rfm(stored_rows(CUSTOMER_INVOICES, "<= $last"), stored_rows(CUSTOMER_MONEY, SAME_DAYS))
    thresholds = STEPS[SEGMENT_THRESHOLDS].function(customer_rfm=rfm)
    segments = STEPS[CUSTOMER_SEGMENTS].function(customer_rfm=rfm, segment_thresholds=thresholds)
    left_out = ("as_of_date", "as_of_date, policy", "as_of_date, recommendation")
    return Gold(
        *(
            set(store.execute(f"SELECT * EXCLUDE ({out}) FROM ({query.bind(day, day).sql()})").fetchall())
            for query, out in zip((rfm, thresholds, segments), left_out, strict=True)
        ),
        summary=set(),
    )


def test_what_returns_change_in_the_first_year(store: duckdb.DuckDBPyConnection, shop: Shop) -> None:
    (facts,) = store.execute(
        f"""
        SELECT count(*) FILTER (WHERE Returned > 0), round(100 * sum(Returned) / sum(Gross), 1),
            count(*) FILTER (WHERE Net <= 0)
        FROM {CUSTOMER_MONEY.address} WHERE as_of_date = ?""",
        [LAST],
    ).fetchall()
    assert facts == (1_659, 2.8, 16)
    one = f"SELECT Gross, Returned, Net FROM {CUSTOMER_MONEY.address} WHERE as_of_date = ? AND CustomerID = '14277'"
    assert store.execute(one, [LAST]).fetchall() == [(Decimal("12637.16"), Decimal("12570.14"), Decimal("67.02"))]
    money = shop.money(LAST)
    gross, net = ({who: one.customer(who, LAST, net=is_net) for who, one in money.items()} for is_net in (False, True))
    money_alone = {who: one._replace(frequency=gross[who].frequency) for who, one in net.items()}
    before, after, by_money = (segments(customers) for customers in (gross, net, money_alone))
    assert sum(by_money[who] != segment for who, segment in before.items()) == 91
    assert sum(after[who] != segment for who, segment in before.items()) == 100  # fewer orders, too
    assert before["14277"].startswith("High Value")
    assert after["14277"].startswith("Base Value")


def segments(customers: Mapping[str, Customer]) -> Mapping[str, str]:
    return {who: segment for who, *_, segment in gold_of(list(customers.values())).segments}


def test_every_check_is_green_on_every_real_day(store: duckdb.DuckDBPyConnection) -> None:
    for table, checks in ((RETURNS, RETURN_CHECKS), (CUSTOMER_MONEY, MONEY_CHECKS)):
        red = [one.check_name for one in evaluate(checks, table, store, (FIRST, LAST)) if not one.passed]
        assert red == []
