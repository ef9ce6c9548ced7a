"""The published copy equals the warehouse, whether written from scratch or from the previous copy."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rfm_assets.contracts.gold import CUSTOMER_SEGMENTS
from rfm_assets.contracts.silver import REJECTED_TRANSACTIONS
from rfm_assets.errors import PublishedError
from rfm_assets.publishing import reader, written_copy
from rfm_assets.publishing.growth import GROWTH
from rfm_assets.publishing.tables import SAMPLE_ROWS
from rfm_assets.publishing.written_copy import Written
from rfm_assets_tests.helpers.plain import line, materialize, put, scratch
from rfm_assets_tests.publishing.shops import BUT_CLOCKS, DAYS, LAST_DAY, Shop, open_shop

pytestmark = pytest.mark.slow


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with open_shop(tmp_path) as opened:
        yield opened


def anew(shop: Shop) -> dict[str, list[tuple[object, ...]]]:
    """The contents of a published copy written from scratch."""
    folder = shop.home / "anew"
    shutil.rmtree(folder, ignore_errors=True)
    assert shop.publish(folder).written.from_scratch
    return shop.contents(folder)


def test_readers_get_the_rows_of_the_warehouse_under_the_same_names(shop: Shop) -> None:
    shop.publish()
    found = shop.contents()
    assert {"gold.customer_segments", "gold.segment_summary", "quality.rule_outcomes", "ml.cluster_summary"} <= set(
        found
    )
    for address, rows in found.items():
        columns = shop.warehouse.execute(f"DESCRIBE {address}").fetchall()
        assert (
            rows == columns + shop.warehouse.execute(f"SELECT {BUT_CLOCKS} FROM {address} ORDER BY ALL").fetchall()
        ), address
    assert len(found["gold.customer_segments"]) == len(CUSTOMER_SEGMENTS.columns) + 2 * len(DAYS)


def test_lines_and_what_no_reader_needs_stay_in_the_warehouse(shop: Shop) -> None:
    shop.publish()
    private = {"bronze.transactions", "silver.transactions", "silver.customer_invoices", "gold.customer_rfm"}
    assert private & set(shop.contents()) == set()


def test_of_refused_lines_readers_get_a_sample_of_each_day_and_reason(shop: Shop) -> None:
    refused = [line(on=LAST_DAY, Quantity="0", StockCode=f"{10000 + n}") for n in range(SAMPLE_ROWS + 5)]
    put(shop.warehouse, REJECTED_TRANSACTIONS, *[one | {"failed_rules": "valid_quantity"} for one in refused])
    put(shop.warehouse, REJECTED_TRANSACTIONS, refused[0] | {"failed_rules": "valid_invoice_no"})
    shop.publish()
    with reader.published_copy(shop.published) as held:
        select = "SELECT failed_rules, count(*), max(StockCode) FROM silver.rejected_transactions GROUP BY 1 ORDER BY 1"
        assert held.execute(select).fetchall() == [
            ("valid_invoice_no", 1, "10000"),
            ("valid_quantity", SAMPLE_ROWS, f"{10000 + SAMPLE_ROWS - 1}"),
        ]


def test_the_copy_tells_when_and_by_which_run_it_was_published_and_which_days_it_holds(shop: Shop) -> None:
    shop.publish()
    with reader.published_copy(shop.published) as held:
        told = held.execute("SELECT run_id, first_day, last_day, published_at IS NOT NULL FROM meta.published")
        assert told.fetchall() == [("a run", DAYS[0], LAST_DAY, True)]


def test_growth_adds_up_to_the_invoices_that_were_delivered_by_each_day(shop: Shop) -> None:
    shop.publish()
    shop.deliver(LAST_DAY, "A", "B", "C")
    shop.publish()
    invoices = shop.warehouse.execute("SELECT processing_date, InvoiceNo, Amount FROM silver.invoices").fetchall()
    with reader.published_copy(shop.published) as held:
        for day in DAYS:
            seen = [(number, amount) for on, number, amount in invoices if on <= day]
            told = held.execute(f"SELECT sum(orders), sum(revenue) FROM {GROWTH} WHERE processing_date <= ?", [day])
            assert told.fetchall() == [(len({number for number, _ in seen}), sum(amount for _, amount in seen))]


def test_only_the_days_that_changed_are_read_again(shop: Shop) -> None:
    assert shop.publish().written.from_scratch
    assert shop.publish().written == Written(days=0, from_scratch=False)
    shop.deliver(LAST_DAY, "A", "B", "C")
    written = shop.publish().written
    assert not written.from_scratch
    assert 0 < written.days < 20  # a day of each table
    assert shop.contents() == anew(shop)


CHANGES: dict[str, Callable[[Shop], object]] = {
    "a day is delivered again": lambda shop: shop.deliver(LAST_DAY, "A", "D"),
    "an old day changes, and all later ones with it": lambda shop: shop.deliver(DAYS[1], "E"),
    "a day has no rows any more": lambda shop: shop.warehouse.execute(
        f"DELETE FROM gold.customer_segments WHERE as_of_date = '{DAYS[2]}'"
    ),
    "rows came in by another way": lambda shop: shop.warehouse.execute(
        "INSERT INTO ml.cluster_selection VALUES ('2025-06-27', 2, 0.5, 1, 1, 1, true)"
    ),
    "a table of customers was dropped and one day of it made again": lambda shop: (
        shop.warehouse.execute("DROP TABLE gold.customer_segments"),
        materialize(shop.warehouse, LAST_DAY),
    ),
    "a table is gone that may be empty": lambda shop: shop.warehouse.execute("DROP TABLE silver.rejected_transactions"),
}
LOSSES: dict[str, Callable[[Shop], object]] = {
    "a table was dropped and one day of it made again": lambda shop: (
        shop.warehouse.execute("DROP TABLE gold.segment_thresholds"),
        materialize(shop.warehouse, LAST_DAY),
    ),
    "a table is gone": lambda shop: shop.warehouse.execute("DROP TABLE quality.daily_counts"),
    "a day was deleted by hand": lambda shop: shop.warehouse.execute(
        f"DELETE FROM gold.segment_summary WHERE as_of_date = '{DAYS[2]}'"
    ),
}


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_days_that_a_table_lost_are_not_taken_from_readers(shop: Shop, loss: Callable[[Shop], object]) -> None:
    shop.publish()
    before = shop.contents()
    loss(shop)
    with pytest.raises(PublishedError, match=r"nothing was published: the copy in .* holds .*`rfm refresh --from"):
        shop.publish()
    assert shop.contents() == before
    materialize(shop.warehouse, DAYS[0], LAST_DAY)
    shop.publish()
    assert shop.contents() == before


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_copy_from_the_one_before_equals_one_from_scratch(shop: Shop, change: Callable[[Shop], object]) -> None:
    shop.publish()
    before = shop.contents()
    change(shop)
    shop.publish()
    assert shop.contents() == anew(shop) != before
    assert shop.products() == shop.products(shop.home / "anew")


@given(st.lists(st.tuples(st.sampled_from(DAYS), st.sets(st.sampled_from("ABCDE")), st.booleans()), max_size=3))
@settings(max_examples=3, deadline=None, derandomize=True)
def test_after_any_deliveries_published_or_missed_it_is_the_one_written_from_scratch(
    tmp_path_factory: pytest.TempPathFactory, deliveries: list[tuple[object, set[str], bool]]
) -> None:
    with open_shop(tmp_path_factory.mktemp("shop")) as shop:
        shop.publish()
        for on, customers, is_published in deliveries:
            shop.deliver(on, *sorted(customers))  # type: ignore[arg-type]
            if is_published:
                shop.publish()
        shop.publish()
        assert shop.contents() == anew(shop)
        assert shop.products() == shop.products(shop.home / "anew")


def test_a_copy_far_behind_is_written_from_scratch(shop: Shop) -> None:
    shop.publish()
    shop.deliver(DAYS[0], "A", "B", "F")
    assert shop.publish().written.from_scratch


def test_a_run_that_stored_nothing_in_the_end_leaves_the_versions_as_they_were(shop: Shop) -> None:
    shop.publish()
    with scratch(shop.warehouse) as rolled_back:
        materialize(rolled_back, LAST_DAY)
    assert shop.publish().written == Written(days=0, from_scratch=False)


def damage(file: Path, how: str) -> None:
    if how == "missing":
        file.unlink()
        return
    file.chmod(0o644)
    content = file.read_bytes()
    half = len(content) // 2
    file.write_bytes({"empty": b"", "cut": content[:half], "garbage": b"no database" * 999}[how])


@pytest.mark.parametrize("how", ["missing", "empty", "cut", "garbage"])
def test_a_damaged_copy_is_written_from_scratch(shop: Shop, how: str) -> None:
    damage(shop.publish().file, how)
    assert shop.publish().written.from_scratch
    assert shop.contents() == anew(shop)


@pytest.mark.parametrize(
    "change",
    [
        f"DELETE FROM gold.segment_summary WHERE as_of_date = '{DAYS[1]}'",
        "ALTER TABLE gold.segment_summary ADD COLUMN more INTEGER",
        "ALTER TABLE gold.segment_summary RENAME COLUMN recommendation TO advice",
        "ALTER TABLE gold.segment_summary ALTER Customer_Count TYPE INTEGER",
        "CREATE TABLE gold.more AS SELECT 1",
        "DROP TABLE gold.segment_summary",
        "DROP TABLE meta.held_days",
    ],
)
def test_a_copy_of_another_shape_or_that_lacks_rows_is_written_from_scratch(shop: Shop, change: str) -> None:
    file = shop.publish().file
    file.chmod(0o644)
    with duckdb.connect(str(file)) as held:
        held.execute(change)
    assert shop.publish().written.from_scratch
    assert shop.contents() == anew(shop)


def test_the_newest_day_of_customers_and_the_whole_of_small_tables_are_parquet_files_too(shop: Shop) -> None:
    shop.publish()

    def count(table: str) -> int:
        return len(duckdb.sql(f"FROM '{shop.published}/parquet/{table}.parquet'").fetchall())

    assert count("gold.customer_segments") == 2
    assert count("gold.segment_thresholds") == len(DAYS)
    assert count("quality.bronze_daily_quality") == len(DAYS)


def customers_as_stored(folder: Path) -> list[tuple[object, ...]]:
    """The published copy's customers in file order."""
    with reader.published_copy(folder) as connection:
        return connection.execute("SELECT as_of_date, CustomerID FROM gold.customer_segments").fetchall()


def test_days_that_are_sorted_one_by_one_lie_in_the_file_as_if_sorted_together(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = anew(shop)
    monkeypatch.setattr(written_copy, "_SORTED_AT_ONCE", 1)
    assert anew(shop) == at_once
    customers = customers_as_stored(shop.home / "anew")
    assert customers == sorted(customers)
    assert len({day for day, _ in customers}) > 1
