"""A real shop's second year, in a different format from its first, equals plain Python over the delivered files."""

import csv
import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path

import duckdb
import pytest

from rfm_assets.contracts import gold, silver
from rfm_assets.exports.presets import load_preset
from rfm_assets.landing.folder import FolderLandingZone
from rfm_assets_tests.exports.shop import Shop
from rfm_assets_tests.gold.oracle import Gold, gold_as_of
from rfm_assets_tests.helpers.plain import Row, load, materialize, new_database

pytestmark = pytest.mark.slow

TABLES = {
    *(silver.TRANSACTIONS, silver.CUSTOMER_INVOICES),
    *(gold.CUSTOMER_RFM, gold.SEGMENT_THRESHOLDS, gold.CUSTOMER_SEGMENTS),
}
YEAR_ONE, JOINED = 299, date(2025, 1, 1)  # its last eight days are the first eight of year two
CENT = Decimal("0.01")


@pytest.fixture(scope="module")
def year_two(real_landing: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Path], Path]:
    """The files of year two as delivered, one per trading day, and the daily files that one export of them became."""
    delivered = real_landing.parent / "online_retail_2011"
    if not delivered.is_dir():
        pytest.skip(f"the shop's second year is not at {delivered}")
    shop = Shop(tmp_path_factory.mktemp("shop"), load_preset("online-retail-1"))
    files = sorted(delivered.glob("*.csv"))
    header, _, _ = files[0].read_bytes().partition(b"\n")
    lines = b"".join(file.read_bytes().partition(b"\n")[2] for file in files)
    shop.write_bytes("orders.csv", header + b"\n" + lines)
    shop.land()
    return files, shop.landing


def test_year_two_alone_is_as_plain_python_has_it(year_two: tuple[list[Path], Path]) -> None:
    delivered, landing = year_two
    days = [date.fromisoformat(file.stem) for file in delivered]
    sales = [row for file, day in zip(delivered, days, strict=True) for row in sales_of(file, day)]
    with gold_of_landed(landing, days[0], days[-1]) as database:
        for day in (days[0], days[100], days[-1]):
            assert stored(database, day) == wanted(day, sales), day


def test_both_years_as_one_history_are_as_plain_python_has_them(
    real_landing: Path, year_two: tuple[list[Path], Path], tmp_path: Path
) -> None:
    delivered, landing = year_two
    year_one = sorted(real_landing.glob("*.csv"))[:YEAR_ONE]
    days = [JOINED + timedelta(days=number) for number in range(YEAR_ONE + len(delivered))]
    sales = [row for file, day in zip([*year_one, *delivered], days, strict=True) for row in sales_of(file, day)]
    for file, day in zip([*year_one, *sorted(landing.glob("*.csv"))], days, strict=True):
        redate(file, day, tmp_path / f"{day}.csv")
    with gold_of_landed(tmp_path, days[0], days[-1]) as database:
        for day in (days[YEAR_ONE - 1], days[YEAR_ONE], days[-1]):
            assert stored(database, day) == wanted(day, sales), day


def gold_of_landed(landing: Path, first: date, last: date) -> duckdb.DuckDBPyConnection:
    """A database with the segments of all days of a landing folder."""
    database = new_database(threads=2)
    load(database, FolderLandingZone(folder=str(landing)), first, last)
    materialize(database, first, last, tables=TABLES)
    return database


def stored(database: duckdb.DuckDBPyConnection, day: date) -> tuple[object, ...]:
    """Every customer's segment with its inputs, and the medians."""
    customers = "CustomerID, Recency, Frequency, Monetary, Segment"
    rows = database.execute(f"SELECT {customers} FROM gold.customer_segments WHERE as_of_date = ?", [day]).fetchall()
    medians = "median_monetary, median_frequency, median_recency, customers"
    (found,) = database.execute(f"SELECT {medians} FROM gold.segment_thresholds WHERE as_of_date = ?", [day]).fetchall()
    return set(rows), found


def wanted(day: date, sales: list[Row]) -> tuple[object, ...]:
    """The same from the oracle."""
    found: Gold = gold_as_of(day, sales)
    (medians,) = found.thresholds
    return {(*row[:4], row[-1]) for row in found.segments}, medians


def sales_of(file: Path, day: date) -> Iterator[Row]:
    """The sales of a delivered file in either format, all on one day."""
    with file.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            invoice, product = (line.get("InvoiceNo") or line["Invoice"]).strip(), line["StockCode"].strip()
            customer = re.sub("[.]0+$", "", (line.get("CustomerID") or line.get("Customer ID") or "").strip())
            price, quantity = number(line.get("UnitPrice") or line["Price"]), number(line["Quantity"])
            if len(invoice) in {6, 7} and product and quantity and price is not None and quantity > 0 <= price:
                yield {
                    "processing_date": day,
                    "InvoiceNo": invoice,
                    "StockCode": product,
                    "CustomerID": customer or None,
                    "IsCancellation": re.fullmatch(r"C\d+", invoice) is not None,
                    "InvoiceDate": day,
                    "TotalPrice": quantity * price.quantize(CENT, ROUND_HALF_UP),
                }


def number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def redate(file: Path, day: date, to: Path) -> None:
    """Writes a daily file as another day's."""
    with file.open(encoding="utf-8", newline="") as source, to.open("w", encoding="utf-8", newline="") as target:
        lines = csv.DictReader(source)
        writer = csv.DictWriter(target, lines.fieldnames or ())
        writer.writeheader()
        writer.writerows(line | {"InvoiceDate": str(day)} for line in lines)
