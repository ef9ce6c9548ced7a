"""The sample is dirty and varied in the ways the real source is, within wide bands."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from statistics import median

import duckdb
import pytest

from rfm_assets.sample import Shop, write_sample
from rfm_assets.sample.lines import daily_file

HEADER = "Invoice,StockCode,Description,Quantity,Price,Customer ID,Country,InvoiceDate"
FIELDS = 8


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default sample."""
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder)
    return folder


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, ...]]:
    """The well-formed lines of the default sample's first 31 days, each with its file's day in front."""
    folder = tmp_path_factory.mktemp("month")
    write_sample(folder, days=31)
    return [(day, *fields_of(line)) for day, line in lines_of(folder) if is_well_formed(line)]


@pytest.fixture(scope="module")
def values(month: list[tuple[str, ...]]) -> list[Counter[str]]:
    """How often each value occurs in each column of the month."""
    return [Counter(column) for column in zip(*month, strict=True)]


def lines_of(folder: Path) -> Iterator[tuple[str, str]]:
    """The day in the file's name and the text of each line under the headers."""
    for path in sorted(folder.glob("*.csv")):
        _, *lines, end = path.read_bytes().decode().split("\n")
        assert not end, f"{path.name} does not end with a line end"
        yield from ((path.name[:10], line) for line in lines)


def is_well_formed(line: str) -> bool:
    if '"' not in line:  # most lines, and much faster
        return line.count(",") == FIELDS - 1
    return line.count('"') % 2 == 0 and len(fields_of(line)) == FIELDS


def fields_of(line: str) -> list[str]:
    return next(csv.reader([line]))


def share(of: Counter[str], pattern: str) -> float:
    return sum(count for value, count in of.items() if re.fullmatch(pattern, value)) / of.total()


DAY, INVOICE, CODE, DESCRIPTION, QUANTITY, PRICE, CUSTOMER, COUNTRY, DATE = range(9)


def test_files_are_named_and_headed_like_the_sources(history: Path) -> None:
    names = sorted(path.name for path in history.iterdir())
    assert names[0] == "2025-06-26_transactions.csv"
    assert names[-1] == "2026-04-28_transactions.csv"
    assert len(names) == 307
    assert all((history / name).read_bytes().startswith(f"{HEADER}\n".encode()) for name in names)
    assert all(b"\r" not in (history / name).read_bytes() for name in names[:30])


@pytest.mark.parametrize(
    ("column", "pattern", "at_least"),
    [
        (INVOICE, r"\d{6}|[CA]\d{6}", 0.998),
        (CODE, r"\d{5}[A-Za-z]?|[A-Z][A-Z0-9_ ]*", 0.998),
        (QUANTITY, r"-?[1-9]\d*", 0.998),
        (PRICE, r"\d+\.\d|\d+\.\d[1-9]", 0.998),
        (CUSTOMER, r"\d{5}\.0|", 1),
        (DATE, r"\d{4}-\d{2}-\d{2}", 0.998),
    ],
)
def test_values_are_written_as_the_source_writes_them(
    values: list[Counter[str]], column: int, pattern: str, at_least: float
) -> None:
    assert share(values[column], pattern) >= at_least


def test_a_days_invoice_numbers_follow_the_day_before() -> None:
    shop = Shop(days=40)
    days = [shop.invoices_on(day) for day in range(40)]
    assert all(before.stop == after.start for before, after in pairwise(days))


@pytest.mark.parametrize(
    ("rule", "column", "broken"),
    [
        ("valid_invoice_no", INVOICE, r"|.{1,5}|.{8,}"),
        ("valid_stock_code", CODE, r""),
        ("valid_quantity", QUANTITY, r"0"),
        ("valid_quantity", QUANTITY, r"-\d+"),
        ("valid_quantity", QUANTITY, r"\D*|\d+ .*"),
        ("valid_unit_price", PRICE, r"-\d+\.\d+"),
        ("valid_unit_price", PRICE, r"[^\d-]*"),
        ("valid_invoice_date", DATE, r""),
        ("valid_invoice_date", DATE, r".*(02-30|n/a|00)"),
    ],
)
def test_a_month_breaks_every_silver_rule(values: list[Counter[str]], rule: str, column: int, broken: str) -> None:
    assert share(values[column], broken) > 0, rule
    assert rule == "valid_quantity" or share(values[column], broken) < 0.002


@pytest.fixture(scope="module")
def unusual(history: Path) -> list[tuple[str, str]]:
    """Day and text of each line that is not plainly eight fields, the last of them the file's day."""
    return [
        (day, line)
        for day, line in lines_of(history)
        if not line.endswith(day) or '"' in line or line.count(",") != FIELDS - 1
    ]


def test_no_date_is_later_than_its_file(unusual: list[tuple[str, str]]) -> None:
    dated = re.compile(r"\d{4}-\d{2}-\d{2}")
    others = [(line[-10:], day) for day, line in unusual if not line.endswith(day) and dated.fullmatch(line[-10:])]
    assert 50 < len(others) < 1_000
    assert all(other < day for other, day in others)


def test_some_lines_are_malformed_in_each_way(unusual: list[tuple[str, str]]) -> None:
    malformed = [line for _, line in unusual if not is_well_formed(line)]
    assert 6 <= len(malformed) <= 100
    assert any(line.count('"') % 2 for line in malformed)
    assert any(line.count(",") < FIELDS - 1 for line in malformed)
    assert any(line.count(",") > FIELDS - 1 and '"' not in line for line in malformed)


@pytest.mark.parametrize(
    ("what", "column", "pattern", "band"),
    [
        ("no customer", CUSTOMER, r"", (0.14, 0.27)),
        ("home country", COUNTRY, r"United Kingdom", (0.85, 0.96)),
        ("cancellations", INVOICE, r"C\d+", (0.01, 0.03)),
        ("quantities below one", QUANTITY, r"-\d+|0", (0.013, 0.035)),
        ("free of charge", PRICE, r"0\.0", (0.003, 0.015)),
        ("not a product", CODE, r"(?!\d{5}).+", (0.003, 0.02)),
        ("postage", CODE, r"POST|DOT", (0.001, 0.01)),
        ("manual", CODE, r"M", (0.0005, 0.005)),
        ("a colour's suffix", CODE, r"\d{5}[A-Z]", (0.08, 0.3)),
        ("a suffix in lower case", CODE, r"\d{5}[a-z]", (0.001, 0.01)),
        ("quotes", DESCRIPTION, r'.*".*', (0.001, 0.03)),
        ("commas", DESCRIPTION, r".*,.*", (0.01, 0.06)),
        ("a space at the end", DESCRIPTION, r".* ", (0.08, 0.3)),
        ("a space at the start", DESCRIPTION, r" .*", (0.001, 0.03)),
        ("no description", DESCRIPTION, r"", (0.0005, 0.01)),
    ],
)
def test_shares_are_about_the_sources(
    values: list[Counter[str]], what: str, column: int, pattern: str, band: tuple[float, float]
) -> None:
    least, most = band
    assert least < share(values[column], pattern) < most, what


def test_returned_goods_have_negative_quantities(month: list[tuple[str, ...]]) -> None:
    returned = Counter(row[QUANTITY] for row in month if row[INVOICE].startswith("C"))
    assert share(returned, r"-\d+") > 0.98


def test_some_lines_are_sent_twice(month: list[tuple[str, ...]]) -> None:
    assert 0.005 < 1 - len(set(month)) / len(month) < 0.05


def test_autumn_is_busy_and_saturdays_are_quiet() -> None:
    shop = Shop(days=365)
    by_month, by_weekday = Counter[int](), Counter[int]()
    for day in range(365):
        by_month[shop.date_of(day).month] += len(shop.invoices_on(day))
        by_weekday[shop.date_of(day).weekday()] += len(shop.invoices_on(day))
    assert by_month[11] > 1.7 * by_month[1]
    assert by_weekday[5] < 0.6 * by_weekday[3]


def test_a_year_has_about_the_lines_asked_for() -> None:
    shop = Shop(start=date(2025, 1, 1), days=365, lines_per_day=500)
    lines = sum(part.count(b"\n") for day in range(365) for part in daily_file(shop, day)) - 365
    assert lines / 365 == pytest.approx(500, rel=0.06)


def test_the_given_customers_have_come_by_the_last_day() -> None:
    shop = Shop(customers=25_000)
    assert shop.customers_by(shop.days - 1) == 25_000
    assert 0 < shop.customers_by(0) < 10_000


@pytest.fixture(scope="module")
def customers(history: Path) -> list[tuple[int, int, float]]:
    """Recency, frequency and monetary value of each customer at the end of the default sample."""
    query = """
        SELECT date '2026-04-28' - max(dated::DATE), count(DISTINCT invoice), sum(quantity::INTEGER * price::DOUBLE)
        FROM read_csv($files, columns = $columns, auto_detect = false, header = true, ignore_errors = true)
        WHERE regexp_matches(invoice, '^[0-9]{6}$') AND regexp_matches(code, '^([0-9]{5}[a-zA-Z]*|PADS)$')
            AND try_cast(quantity AS INTEGER) > 0 AND try_cast(price AS DOUBLE) >= 0
            AND try_cast(dated AS DATE) IS NOT NULL AND customer IS NOT NULL
        GROUP BY customer
    """
    names = ("invoice", "code", "description", "quantity", "price", "customer", "country", "dated")
    parameters = {"files": str(history / "*.csv"), "columns": dict.fromkeys(names, "VARCHAR")}
    with duckdb.connect() as connection:
        return connection.execute(query, parameters).fetchall()


def test_about_four_thousand_customers_have_bought(customers: list[tuple[int, int, float]]) -> None:
    assert 3_800 < len(customers) < 4_700


def test_spending_is_heavy_tailed(customers: list[tuple[int, int, float]]) -> None:
    spent = sorted(monetary for _, _, monetary in customers)
    assert 0.3 < sum(spent[-len(spent) // 50 :]) / sum(spent) < 0.8
    assert max(spent) > 100 * median(spent)


def test_many_buy_once_and_some_all_the_time(customers: list[tuple[int, int, float]]) -> None:
    orders = [frequency for _, frequency, _ in customers]
    assert 0.25 < orders.count(1) / len(orders) < 0.55
    assert 1 < median(orders) < 4
    assert max(orders) > 60


def test_every_segment_has_customers(customers: list[tuple[int, int, float]]) -> None:
    mid_recency, mid_frequency, mid_monetary = map(median, zip(*customers, strict=True))
    segments = Counter(
        ((monetary > mid_monetary) + (monetary > 2 * mid_monetary), recency < mid_recency, frequency > mid_frequency)
        for recency, frequency, monetary in customers
    )
    assert len(segments) == 12
    assert min(segments.values()) >= 20
