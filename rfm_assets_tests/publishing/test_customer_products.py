"""Customers' products equal plain Python over silver's lines, as of one day, and are bounded in number."""

import hmac
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rfm_assets.contracts.bronze import TRANSACTIONS as BRONZE
from rfm_assets.contracts.gold import CUSTOMER_SEGMENTS
from rfm_assets.contracts.meta import CUSTOMER_PRODUCTS
from rfm_assets.contracts.silver import TRANSACTIONS
from rfm_assets.privacy.customer_ids import CustomerIds
from rfm_assets.publishing import reader
from rfm_assets.publishing.customer_products import MOST, customer_products
from rfm_assets.publishing.hashed_source import HashedSource
from rfm_assets.publishing.publish import publish
from rfm_assets.publishing.source import StoredInFile
from rfm_assets_tests.helpers.plain import Row, day, dicts, empty_warehouse, line, materialize, put, sold
from rfm_assets_tests.publishing.shops import DAYS, LAST_DAY, open_shop

pytestmark = pytest.mark.slow

AS_OF, LATER = day(6), day(7)
SALES = st.builds(
    lambda on, age, **varied: sold(on=on, InvoiceDate=on - timedelta(days=age), **varied),
    on=st.sampled_from([day(5), AS_OF, LATER]),
    age=st.sampled_from([0, 3]),
    customer=st.sampled_from(["A", "B", None]),
    invoice=st.sampled_from(["500001", "500002", "C500003"]),
    amount=st.sampled_from(["0.10", "2.50"]),
    Quantity=st.sampled_from([1, 4]),
    StockCode=st.sampled_from(["85048", "85049A", "POST"]),
    Description=st.sampled_from([None, "", "MUG", "BOX"]),
)


@given(st.lists(SALES, max_size=12))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_products_are_what_silver_s_lines_add_up_to(lines: list[Row]) -> None:
    with empty_warehouse() as store:
        put(store, TRANSACTIONS, *lines)
        found = dicts(store, customer_products(AS_OF).sql())
    assert {row["as_of_date"] for row in found} <= {AS_OF}
    of_product = defaultdict(list)
    for one in lines:
        is_counted = one["CustomerID"] and not one["IsCancellation"] and one["StockCode"] != "POST"
        if is_counted and one["processing_date"] <= AS_OF:
            of_product[one["CustomerID"], one["StockCode"]].append(one)
    expected = {key: _added_up(of_key) for key, of_key in of_product.items()}
    assert {(row["CustomerID"], row["StockCode"]): _told(row) for row in found} == expected
    for customer in {row["CustomerID"] for row in found}:
        ranked = sorted((row for row in found if row["CustomerID"] == customer), key=lambda row: row["Place"])
        assert [row["Place"] for row in ranked] == list(range(1, len(ranked) + 1))
        assert [row["Gross"] for row in ranked] == sorted((row["Gross"] for row in ranked), reverse=True)


def _added_up(lines: list[Row]) -> dict[str, Any]:
    described = [(one["InvoiceDate"], one["Description"]) for one in lines if one["Description"]]
    return {
        "Description": max(described)[1] if described else None,
        "Units": sum(one["Quantity"] for one in lines),
        "Gross": sum(one["TotalPrice"] for one in lines),
        "Orders": len({one["InvoiceNo"] for one in lines}),
        "Last_Bought": max(one["InvoiceDate"] for one in lines),
    }


def _told(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in ("Description", "Units", "Gross", "Orders", "Last_Bought")}


def test_a_customer_of_many_products_has_those_that_most_was_spent_on() -> None:
    with empty_warehouse() as store:
        put(store, TRANSACTIONS, *(sold(amount=f"{n}", StockCode=f"{10000 + n}") for n in range(MOST + 5)))
        found = dicts(store, f"{customer_products(AS_OF).sql()} ORDER BY Place")
    assert [row["Gross"] for row in found] == [Decimal(n) for n in range(MOST + 4, 4, -1)]


@pytest.mark.slow
def test_the_copy_has_them_as_of_the_newest_day_that_has_customers(tmp_path: Path) -> None:
    def published(folder: Path) -> set[tuple[date, str, int, Decimal]]:
        with reader.published_copy(folder) as held:
            select = f"SELECT as_of_date, CustomerID, Units, Gross FROM {CUSTOMER_PRODUCTS.address}"
            return set(held.execute(select).fetchall())

    with open_shop(tmp_path) as shop:
        shop.publish()
        six, five = (days * 12 * Decimal("6.95") for days in (6, 5))
        assert published(shop.published) == {(LAST_DAY, "A", 72, six), (LAST_DAY, "B", 72, six)}
        shop.warehouse.execute(f"DELETE FROM {CUSTOMER_SEGMENTS.address} WHERE as_of_date = '{LAST_DAY}'")
        shop.publish()
        assert published(shop.published) == {(DAYS[4], "A", 60, five), (DAYS[4], "B", 60, five)}
        shop.warehouse.execute(f"DELETE FROM {CUSTOMER_SEGMENTS.address}")
        shop.publish()
        assert published(shop.published) == set()


@pytest.mark.slow
@pytest.mark.parametrize("key", ["", "a key that nobody may ever see"])
def test_one_more_day_reads_its_customers_again_and_leaves_the_others_as_they_are(tmp_path: Path, key: str) -> None:
    ids = CustomerIds(key)

    def publish_into(folder: Path) -> Path:
        return publish(StoredInFile(shop.warehouse), folder, run_id="a run", ids=ids).file

    with open_shop(tmp_path) as shop:
        file, next_day = publish_into(shop.published), LAST_DAY + timedelta(days=1)
        b = hmac.new(key.encode(), b"B", "sha256").hexdigest() if key else "B"
        file.chmod(0o600)
        with duckdb.connect(str(file)) as copy:
            copy.execute(f"UPDATE {CUSTOMER_PRODUCTS.address} SET Units = 1 WHERE CustomerID = '{b}'")
        put(shop.warehouse, BRONZE, line(on=next_day, Invoice="600001", CustomerID="A", StockCode="22086"))
        materialize(shop.warehouse, next_day)
        publish_into(shop.published)
        publish_into(tmp_path / "anew")
        found, expected = shop.products(), shop.products(tmp_path / "anew")
    assert {row[0] for row in found} == {next_day}
    assert [row for row in found if row[1] != b] == [row for row in expected if row[1] != b]
    assert len(expected) == 3
    assert [row[5] for row in found if row[1] == b] == [1]


def test_hashed_products_lie_in_the_order_of_the_hashes() -> None:
    key = "a key that nobody may ever see"
    with empty_warehouse() as store:
        put(store, TRANSACTIONS, *(sold(customer=f"{n}", StockCode=f"1000{n}") for n in range(9)))
        source = HashedSource(StoredInFile(store), CustomerIds(key))
        source.ids.prepare(store)
        found = dicts(store, source.found(customer_products(AS_OF), CUSTOMER_PRODUCTS))
    hashes = sorted(hmac.new(key.encode(), f"{n}".encode(), "sha256").hexdigest() for n in range(9))
    assert [row["CustomerID"] for row in found] == hashes
