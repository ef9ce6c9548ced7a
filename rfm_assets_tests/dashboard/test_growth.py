"""The Growth page agrees with sums over the silver lines in Python, and with the Segments page."""

import itertools
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.cohorts import MOST, by_day, cohorts
from rfm_assets.dashboard.figures import growth as figures
from rfm_assets.dashboard.figures.cohorts import MEASURES, cohort_table
from rfm_assets.dashboard.published_copy import current
from rfm_assets.dashboard.screens.growth import reconciled
from rfm_assets.publishing.growth import GROWTH, make_growth
from rfm_assets_tests.dashboard.conftest import Reads
from rfm_assets_tests.dashboard.shop import FIRST_DAY, LAST_DAY, cards, changed, charts, open_page, texts

pytestmark = pytest.mark.slow

AUGUST_15 = date(2025, 8, 15)
DAYS = [FIRST_DAY, AUGUST_15, LAST_DAY]
JULY_ENDS = [date(2025, 7, 30), date(2025, 7, 31)]

Line = dict[str, Any]


@pytest.fixture
def sales(sample_snapshot: Path) -> list[Line]:
    """Every silver line that is not a cancellation, with the latest date of its invoice's lines delivered that day."""
    with duckdb.connect(str(sample_snapshot.parent / "warehouse.duckdb"), read_only=True) as connection:
        found = connection.execute("SELECT * FROM silver.transactions WHERE NOT IsCancellation")
        names = [column[0] for column in found.description]
        lines = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    latest: dict[tuple[Any, ...], date] = defaultdict(lambda: date.min)
    for line in lines:
        latest[invoice_of(line)] = max(latest[invoice_of(line)], line["InvoiceDate"])
    return [line | {"InvoiceDate": latest[invoice_of(line)]} for line in lines]


def invoice_of(line: Line) -> tuple[Any, ...]:
    return line["processing_date"], line["InvoiceNo"], line["CustomerID"], line["Country"]


def until(day: date, sales: list[Line]) -> list[Line]:
    return [line for line in sales if line["processing_date"] <= day]


def revenue(sales: list[Line]) -> Decimal:
    return sum((line["TotalPrice"] for line in sales), Decimal())


def first_purchases(sales: list[Line]) -> dict[str, date]:
    firsts: dict[str, date] = {}
    for line in sales:
        if line["CustomerID"]:
            firsts[line["CustomerID"]] = min(line["InvoiceDate"], firsts.get(line["CustomerID"], date.max))
    return firsts


def month_of(day: date) -> date:
    return day.replace(day=1)


def cohorts_of(day: date, unit: str = "month") -> pd.DataFrame:
    return cohorts(current().frame("growth_cohorts", as_of=day, unit=unit, most=MOST), day, unit)


def months_between(first: date, last: date) -> int:
    return 12 * (last.year - first.year) + last.month - first.month


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("day", DAYS)
def test_the_cards_count_every_sale_so_far(day: date, sales: list[Line]) -> None:
    seen = until(day, sales)
    orders = {line["InvoiceNo"] for line in seen}
    app = open_page("growth", as_of=str(day))
    assert {label: value for label, value in cards(app).items() if "in 30 days" not in label} == {
        "Known customers": fmt.count(len(first_purchases(seen))),
        "Lifetime sales": fmt.short_money(revenue(seen)),
        "Lifetime invoices": fmt.count(len(orders)),
        "Lifetime average invoice": fmt.money(revenue(seen) / len(orders)),
    }
    assert {card.delta for card in app.metric if "in 30 days" not in card.label} == {""}


@pytest.mark.usefixtures("published")
def test_thirty_days_are_compared_with_the_thirty_before(sales: list[Line]) -> None:
    ends = [LAST_DAY - timedelta(days=30 * periods) for periods in (0, 1, 2)]
    now, before = ([*brought(until(last, sales), earlier)] for last, earlier in itertools.pairwise(ends))
    names = ("New known customers", "Sales", "Invoices", "Average invoice")
    written = (fmt.count, fmt.money, fmt.count, fmt.money)
    shown = {card.label: card for card in open_page("growth").metric}
    for name, write, number, earlier in zip(names, written, now, before, strict=True):
        card = shown[f"{name} in 30 days"]
        assert (card.value, card.delta) == (write(number), fmt.change(number, earlier))
        assert card.proto.delta_description == f"vs {write(earlier)} in the 30 days before"


def brought(seen: list[Line], earlier: date) -> tuple[int, Decimal, int, Decimal]:
    """New customers, sales, new invoices and their average since the end of an earlier day."""
    old = until(earlier, seen)
    customers = len(first_purchases(seen)) - len(first_purchases(old))
    orders = len({line["InvoiceNo"] for line in seen} - {line["InvoiceNo"] for line in old})
    return customers, revenue(seen) - revenue(old), orders, (revenue(seen) - revenue(old)) / orders


@pytest.mark.usefixtures("published")
def test_a_history_of_less_than_two_periods_is_compared_with_nothing() -> None:
    app = open_page("growth", as_of=str(AUGUST_15))
    assert {card.delta for card in app.metric} == {""}
    assert "No comparison with the 30 days before: history begins on 26 Jun 2025" in texts(app)


def test_late_deliveries_grow_the_cards_by_what_they_add(
    dashboard_reads: Reads, sample_snapshot: Path, tmp_path: Path
) -> None:
    """A late file adds a line to a June invoice, and a June invoice of an unknown customer."""
    line = f"SELECT * REPLACE (DATE '{LAST_DAY}' AS processing_date, CAST(5 AS DECIMAL(31, 2)) AS Amount"
    first = f"FROM silver.invoices WHERE processing_date = '{FIRST_DAY}' AND CustomerID IS NOT NULL LIMIT 1"
    late = [
        f"INSERT INTO silver.invoices {line}) {first}",
        f"INSERT INTO silver.invoices {line}, '999999' AS InvoiceNo, 'late' AS CustomerID) {first}",
        make_growth(),
    ]
    dashboard_reads(sample_snapshot)
    punctual = cards(open_page("growth"))
    dashboard_reads(changed(sample_snapshot, tmp_path, *late))
    now = cards(open_page("growth"))
    names = ("Known customers", "Lifetime invoices", "New known customers in 30 days", "Invoices in 30 days")
    assert {name: number(now[name]) - number(punctual[name]) for name in names} == dict.fromkeys(names, 1)


def number(text: str) -> int:
    return int(text.replace(",", ""))


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("day", DAYS)
def test_revenue_is_that_of_the_segments_page_and_what_it_leaves_out_to_the_penny(day: date, sales: list[Line]) -> None:
    (rfm,) = current().rows("growth_rfm", as_of=day)
    seen = until(day, sales)
    anonymous = revenue([line for line in seen if not line["CustomerID"]])
    rest = revenue(seen) - rfm["revenue"] - anonymous
    assert rfm["revenue"] > 0
    assert (anonymous > 0 < rest) or day == FIRST_DAY
    said = texts(open_page("growth", as_of=str(day)))
    for amount in (revenue(seen), rfm["revenue"], anonymous, rest):
        assert fmt.md(fmt.exact_money(amount)) in said
    assert "unaccounted for" not in said


def test_revenue_that_does_not_add_up_is_said(dashboard_reads: Reads, sample_snapshot: Path, tmp_path: Path) -> None:
    dashboard_reads(
        changed(sample_snapshot, tmp_path, f"DELETE FROM gold.segment_summary WHERE as_of_date = '{LAST_DAY}'")
    )
    app = open_page("growth")
    assert not app.exception
    assert "is unaccounted for" in app.warning[0].value


def test_the_sentence_tells_who_is_on_neither_page() -> None:
    totals = {"revenue": Decimal("10.30"), "anonymous": Decimal(2), "no_product": Decimal("1.30"), "customers": 5}
    said = reconciled(totals, {"revenue": Decimal(7), "customers": 4})
    assert said.startswith(
        "£10.30 of sales is the £7.00 of lifetime revenue on the Segments page, £2.00 of anonymous sales"
    )
    assert "4 of the 5 known customers are on the Segments page; 1 bought no products." in said
    assert "new here from the first purchase of any kind, and on the Segments page from the first product" in said


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("day", DAYS)
def test_months_add_up_and_unfinished_ones_are_marked_and_compared_with_nothing(day: date, sales: list[Line]) -> None:
    by_month = defaultdict(list)
    for line in until(day, sales):
        by_month[month_of(line["InvoiceDate"])].append(line)
    found = current().rows("growth_months", as_of=day)
    assert [row["month"] for row in found] == sorted(by_month)
    for row in found:
        lines = by_month[row["month"]]
        known = [line for line in lines if line["CustomerID"]]
        customers = len({line["CustomerID"] for line in known})
        assert row["revenue"] == revenue(lines)
        assert row["customers"] == customers
        assert row["revenue_per_customer"] == pytest.approx(float(revenue(known) / customers))
        assert row["complete"] == (date(2025, 7, 1) <= row["month"] and months_between(row["month"], day) > 0)
    changes = {row["month"]: row["change"] for row in found if row["change"] is not None}
    july, august = (revenue(by_month[date(2025, month, 1)]) for month in (7, 8))
    expected = {date(2025, 8, 1): pytest.approx(100 * float(august / july - 1))} if day == LAST_DAY else {}
    assert changes == expected


@pytest.mark.usefixtures("published")
def test_a_month_is_labelled_with_its_change_or_with_what_it_lacks() -> None:
    months = current().frame("growth_months", as_of=LAST_DAY)
    first, july, august, september = figures.month_labels(months)
    assert (first, july, september) == ("Partial month", "", "Month to date")
    assert august == f"{months['change'].iloc[2]:+.0f}%"
    (bars,) = figures.by_month(months, "revenue", changes=True)["series"]
    assert [bar["label"]["formatter"] for bar in bars["data"]] == [first, july, august, september]


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("measure", figures.MONTHLY)
def test_a_month_that_is_not_complete_is_hatched(measure: str) -> None:
    months = current().frame("growth_months", as_of=LAST_DAY)
    figure = figures.by_month(months, measure)
    (bars,) = figure["series"]
    thousands = 1000 if figure["yAxis"]["axisLabel"]["formatter"].endswith("k") else 1
    assert [thousands * bar["value"][1] for bar in bars["data"]] == pytest.approx(list(months[measure]))
    colours = [bar["itemStyle"]["color"] for bar in bars["data"]]
    assert colours == ["white", figures.SERIES[0], figures.SERIES[0], "white"]


def test_a_month_without_sales_keeps_its_place_and_one_without_customers_has_no_bar() -> None:
    months = pd.DataFrame(
        {
            "month": pd.to_datetime(["2025-01-01", "2025-02-01", "2025-04-01"]),
            "revenue": [10.0, 20.0, 30.0],
            "revenue_per_customer": [5.0, None, 6.0],
            "complete": True,
            "running": False,
            "change": None,
        }
    )
    figure = figures.by_month(months, "revenue_per_customer")
    assert [label.split("\n")[0] for label in figure["xAxis"]["data"]] == ["Jan", "Feb", "Mar", "Apr"]
    assert [bar["value"] for bar in figure["series"][0]["data"]] == [
        ["Jan\n2025", 5, "January 2025: £5.00"],
        ["Apr\n2025", 6, "April 2025: £6.00"],
    ]


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("day", DAYS)
def test_customers_are_counted_from_the_day_of_their_first_purchase(day: date, sales: list[Line]) -> None:
    firsts = first_purchases(until(day, sales))
    found = by_day(current().frame("growth_customers", as_of=day, before=day, since=day), day).to_dict("records")
    assert [row["day"].date() for row in found] == [
        FIRST_DAY + timedelta(days=n) for n in range((day - FIRST_DAY).days + 1)
    ]
    for row in found:
        assert row["new_customers"] == sum(first == row["day"].date() for first in firsts.values())
        assert row["customers"] == sum(first <= row["day"].date() for first in firsts.values())
    assert sum(row["new_customers"] for row in found) == len(firsts)


@pytest.mark.usefixtures("published")
def test_customers_so_far_and_new_ones_are_drawn_day_by_day() -> None:
    days = by_day(current().frame("growth_customers", as_of=LAST_DAY, before=LAST_DAY, since=LAST_DAY), LAST_DAY)
    for figure, column in ((figures.customers_so_far, "customers"), (figures.new_customers, "new_customers")):
        (drawn,) = figure(days)["series"]
        assert [number for _, number in drawn["data"]] == list(days[column])
        assert [day for day, _ in drawn["data"]] == [f"{day.date()}" for day in days["day"]]


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("day", DAYS)
def test_cohorts_are_those_counted_by_hand_and_blank_where_the_month_is_not_over(day: date, sales: list[Line]) -> None:
    seen = until(day, sales)
    cohort_of = {customer: month_of(first) for customer, first in first_purchases(seen).items()}
    bought = {(line["CustomerID"], month_of(line["InvoiceDate"])) for line in seen if line["CustomerID"]}
    found = [row | {"cohort": row["cohort"].date()} for row in cohorts_of(day).to_dict("records")]
    assert {row["cohort"] for row in found} == set(cohort_of.values())
    assert len(found) == 12 * len(set(cohort_of.values()))
    for row in found:
        in_month = [
            c for c, m in bought if (cohort_of[c], months_between(cohort_of[c], m)) == (row["cohort"], row["age"])
        ]
        over = months_between(row["cohort"], day) > row["age"]
        assert (row["customers"] == len(in_month)) if over else pd.isna(row["customers"])
        assert row["size"] == sum(cohort == row["cohort"] for cohort in cohort_of.values())


def week_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(("unit", "start"), [("month", month_of), ("week", week_of)])
def test_cohorts_have_their_sales_average_invoice_and_cumulative_sales_per_customer(
    unit: str, start: Callable[[date], date], sales: list[Line]
) -> None:
    cohort_of = {customer: start(first) for customer, first in first_purchases(sales).items()}
    told = cohorts_of(LAST_DAY, unit).dropna(subset="customers")
    assert len(told) > 5
    for row in told.to_dict("records"):
        cohort = row["cohort"].date()
        lines = [line for line in sales if cohort_of.get(line["CustomerID"]) == cohort]
        later = sorted({start(line["InvoiceDate"]) for line in sales if start(line["InvoiceDate"]) >= cohort})
        here = later[int(row["age"])]
        in_it = [line for line in lines if start(line["InvoiceDate"]) == here]
        so_far = [line for line in lines if start(line["InvoiceDate"]) <= here]
        assert row["customers"] == len({line["CustomerID"] for line in in_it})
        assert row["revenue"] == pytest.approx(float(revenue(in_it)))
        invoices = {(line["CustomerID"], line["InvoiceNo"]) for line in in_it}
        assert not invoices or row["average"] == pytest.approx(float(revenue(in_it)) / len(invoices))
        assert row["per_customer"] == pytest.approx(float(revenue(so_far)) / row["size"])


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("unit", ["Monthly", "Weekly"])
@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_of_cohorts_is_shown_by_month_and_by_week(unit: str, measure: str) -> None:
    app = open_page("growth", growth_unit=unit, growth_measure=measure)
    assert not app.exception
    assert not app.info
    drawn = next(element.proto.body for element in app.get("html") if "rfm-shaded" in element.proto.body)
    assert f"{measure} by {unit.lower().removesuffix('ly')} of first purchase." in drawn


@pytest.mark.usefixtures("published")
def test_a_month_is_over_on_its_last_day() -> None:
    told = {day: cohorts_of(day).set_index(["cohort", "age"])["customers"].loc["2025-07-01", 0] for day in JULY_ENDS}
    assert {day: pd.notna(customers) for day, customers in told.items()} == dict(
        zip(JULY_ENDS, (False, True), strict=True)
    )


@pytest.mark.usefixtures("published")
def test_the_cohort_chart_marks_months_that_are_not_complete() -> None:
    lines = cohort_table(cohorts_of(LAST_DAY)).lines
    assert [name.split(" (")[0] for name, _ in lines] == ["Jun 25*", "Jul 25", "Aug 25", "Sep 25*"]
    assert [cells[0].text for _, cells in lines] == ["100", "100", "100", ""]


@pytest.mark.usefixtures("published")
def test_the_largest_country_can_be_left_out() -> None:
    top = current().rows("growth_countries", as_of=LAST_DAY)
    assert len(top) <= 10
    assert [row["revenue"] for row in top] == sorted((row["revenue"] for row in top), reverse=True)
    app = open_page("growth")
    assert not app.toggle(key="growth_others").set_value(True).run().exception


def test_a_shop_that_sold_nothing_is_explained(dashboard_reads: Reads, sample_snapshot: Path, tmp_path: Path) -> None:
    dashboard_reads(changed(sample_snapshot, tmp_path, "DELETE FROM silver.invoices", make_growth()))
    app = open_page("growth")
    assert not app.exception
    assert "no sales by" in texts(app)


def test_a_copy_without_invoices_is_explained(dashboard_reads: Reads, sample_snapshot: Path, tmp_path: Path) -> None:
    dashboard_reads(changed(sample_snapshot, tmp_path, f"DROP TABLE silver.invoices; DROP TABLE {GROWTH}"))
    app = open_page("growth")
    assert not app.exception
    assert fmt.md("growth_by_delivery does not exist") in texts(app)


@pytest.mark.usefixtures("published")
def test_on_a_narrow_screen_what_stands_above_the_months_is_written_upwards() -> None:
    (sales,) = (chart for chart in charts(open_page("growth")) if "media" in chart)
    narrow, wide = (case["option"]["series"][0]["label"]["rotate"] for case in sales["media"])
    assert (narrow, wide) == (90, 0)
    assert sales["baseOption"]["title"]["text"] == "Sales"
