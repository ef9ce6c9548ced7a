"""The Data quality page agrees with lines counted in Python and shows the contract as declared."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from rfm_assets.contracts import TABLES
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.figures import data_quality as figures
from rfm_assets.dashboard.published_copy import current
from rfm_assets.dashboard.screens.data_quality import ANY, with_what_they_ask
from rfm_assets.silver.rules import MALFORMED_LINE, RULES
from rfm_assets_tests.dashboard.conftest import Reads
from rfm_assets_tests.dashboard.shop import FIRST_DAY, LAST_DAY, cards, changed, open_page, stored, tables, texts

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("published")]

DAYS = [FIRST_DAY, date(2025, 8, 15), LAST_DAY]


@pytest.fixture
def lines(sample_snapshot: Path) -> dict[str, list[tuple[Any, ...]]]:
    """The day of each bronze and silver line, the day and reasons of each rejected one."""
    with duckdb.connect(str(sample_snapshot.parent / "warehouse.duckdb"), read_only=True) as connection:
        return {
            layer: connection.execute(select).fetchall()
            for layer, select in {
                "bronze": "SELECT processing_date FROM bronze.transactions",
                "silver": "SELECT processing_date, InvoiceDate FROM silver.transactions",
                "rejected": "SELECT processing_date, failed_rules FROM silver.rejected_transactions",
            }.items()
        }


@pytest.mark.parametrize("day", DAYS)
def test_the_cards_are_counted_from_the_lines(day: date, lines: dict[str, list[tuple[Any, ...]]]) -> None:
    counts = {layer: sum(row[0] == day for row in found) for layer, found in lines.items()}
    shown = cards(open_page("data_quality", as_of=str(day)))
    assert shown["Rows delivered"] == fmt.count(counts["bronze"])
    assert shown["Accepted"] == fmt.count(counts["silver"])
    assert shown["Rejected"] == fmt.count(counts["rejected"])
    assert shown["Rejection rate"] == fmt.percent(100 * counts["rejected"] / counts["bronze"], 2)
    assert shown["Latest sale"] == fmt.day(max(invoiced for on, invoiced in lines["silver"] if on <= day))
    so_far = fmt.plural((day - FIRST_DAY).days + 1, "day")
    assert shown["Coverage"] == f"{so_far.split()[0]} of {so_far}"
    assert shown["Missing days"] == "0"


@pytest.mark.parametrize("last", DAYS)
def test_reasons_are_counted_per_rule_over_the_days(last: date, lines: dict[str, list[tuple[Any, ...]]]) -> None:
    refused = [rules for on, rules in lines["rejected"] if on <= last]
    expected = Counter(rule for rules in refused for rule in rules.split(","))
    found = {row["rule"]: row["lines"] for row in current().rows("data_quality_reasons", first=FIRST_DAY, last=last)}
    assert {rule: count for rule, count in found.items() if count} == expected
    assert len(expected) >= 3 or last == FIRST_DAY


def test_lines_and_the_share_refused_are_drawn_day_by_day() -> None:
    days = current().frame("data_quality_days", as_of=LAST_DAY)
    drawn = [*figures.lines(days)["series"], *figures.refused_share(days)["series"]]
    assert [[number for _, number in one["data"]] for one in drawn] == [
        list(days[column]) for column in ("kept", "refused", "refused_share")
    ]


def test_sample_rows_are_those_that_fail_the_chosen_rule() -> None:
    app = open_page("data_quality")
    assert app.selectbox(key="data_quality_rule").value == ANY
    app.selectbox(key="data_quality_rule").set_value("valid_quantity").run()
    sample = tables(app)[0]
    assert sample["Fails"]
    assert all("valid_quantity" in rules for rules in sample["Fails"])
    assert {"Quantity", "File"} <= set(sample)


def test_a_refused_line_is_shown_blank_for_blank_and_what_is_missing_as_missing(
    dashboard_reads: Reads, sample_snapshot: Path, tmp_path: Path
) -> None:
    blanks = (
        "UPDATE silver.rejected_transactions SET Invoice = ' 489434  ', Country = NULL "
        f"WHERE processing_date = '{LAST_DAY}'"
    )
    dashboard_reads(changed(sample_snapshot, tmp_path, blanks))
    drawn = "".join(element.proto.body for element in open_page("data_quality").get("html"))
    assert "> 489434  </td>" in drawn
    assert "<i title='missing'>∅</i>" in drawn


def test_the_days_that_reasons_are_of_can_be_chosen() -> None:
    app = open_page("data_quality")
    app.segmented_control(key="data_quality_period").set_value("Latest day").run()
    assert not app.exception
    assert set(tables(app)[0]["File of"]) == {fmt.day(LAST_DAY)}


def test_a_day_is_compared_before_and_after_the_rules() -> None:
    app = open_page("data_quality")
    app.selectbox(key="data_quality_day").set_value(DAYS[1]).run()
    table = tables(app)[1]
    bronze, silver = current().rows("data_quality_comparison", day=DAYS[1])
    columns = [name.replace(" ", "_") for name in table["Rows"]]
    assert table["Delivered"] == [fmt.count(bronze[column]) for column in columns]
    assert table["Accepted"] == [fmt.count(silver[column]) for column in columns]
    assert table["Rejected"] == [fmt.count(bronze[column] - silver[column]) for column in columns]
    assert silver["bad_quantity"] == 0 < bronze["bad_quantity"]


def test_missing_days_are_counted_and_named(dashboard_reads: Reads, sample_snapshot: Path, tmp_path: Path) -> None:
    gone = FIRST_DAY + timedelta(days=3)
    days = f"processing_date IN ('{gone}', '{LAST_DAY}')"
    tables = ("bronze_daily_quality", "bronze_silver_dq_comparison", "daily_counts", "rule_outcomes")
    dashboard_reads(
        changed(sample_snapshot, tmp_path, *(f"DELETE FROM quality.{table} WHERE {days}" for table in tables))
    )
    app = open_page("data_quality")
    assert not app.exception
    assert (cards(app)["Missing days"], cards(app)["Coverage"]) == ("2", "68 of 70 days")
    assert f"Missing: {fmt.day(gone)}, {fmt.day(LAST_DAY)}." in texts(app)
    assert f"Nothing was delivered from {fmt.day(LAST_DAY)} to {fmt.day(LAST_DAY)}" in texts(app)


def test_a_clean_shop_says_that_nothing_was_refused(
    dashboard_reads: Reads, sample_snapshot: Path, tmp_path: Path
) -> None:
    dashboard_reads(
        changed(
            sample_snapshot,
            tmp_path,
            "DELETE FROM silver.rejected_transactions",
            "UPDATE quality.rule_outcomes SET failed_records = 0",
            "UPDATE quality.bronze_daily_quality SET valid_records = total_records",
        )
    )
    app = open_page("data_quality")
    assert not app.exception
    assert "No row was rejected on these days" in texts(app)


def test_refused_lines_that_are_not_in_the_sample_are_said_to_be_elsewhere(
    dashboard_reads: Reads, sample_snapshot: Path, tmp_path: Path
) -> None:
    dashboard_reads(changed(sample_snapshot, tmp_path, "DELETE FROM silver.rejected_transactions"))
    app = open_page("data_quality")
    assert not app.exception
    assert "the warehouse has them all" in texts(app)


def test_the_rules_are_those_that_are_declared() -> None:
    rules = tables(open_page("data_quality"))[-1]
    assert rules["Rule"] == [rule.name for rule in RULES]
    assert rules["Why"] == [rule.why for rule in RULES]


def test_the_contract_is_the_declaration() -> None:
    app = open_page("data_quality")
    app.session_state["data_quality_contract"] = True
    app.run()
    address = "gold.customer_rfm"
    assert set(app.selectbox(key="data_quality_table").options) == {table.address for table in TABLES.values()}
    app.selectbox(key="data_quality_table").set_value(address).run()
    declared = next(table for table in TABLES.values() if table.address == address)
    assert tables(app)[-1]["What it means"] == [column.meaning for column in declared.columns]
    assert fmt.md(declared.grain) in texts(app)


def test_a_copy_without_quality_tables_is_explained(
    dashboard_reads: Reads, sample_snapshot: Path, tmp_path: Path
) -> None:
    dashboard_reads(changed(sample_snapshot, tmp_path, "DROP SCHEMA quality CASCADE"))
    app = open_page("data_quality")
    assert not app.exception
    assert "bronze" in texts(app)


def test_bars_of_refused_lines_say_what_is_wrong_with_them_and_name_the_rule_in_their_hint() -> None:
    reasons = current().frame("data_quality_reasons", first=FIRST_DAY, last=LAST_DAY)
    bars = figures.reasons(with_what_they_ask(reasons))
    assert [bar.hint.split(":")[0] for bar in bars] == [MALFORMED_LINE, *(rule.name for rule in RULES)]
    assert [bar.name for bar in bars] == [figures.FAILURES[bar.hint.split(":")[0]] for bar in bars]
    asked = {MALFORMED_LINE, *(text for rule in RULES for text in (rule.name, rule.asks))}
    assert not asked & {bar.name for bar in bars}


def test_anonymous_revenue_is_that_of_the_invoices_of_nobody_known(sample_snapshot: Path) -> None:
    for day in (LAST_DAY, LAST_DAY - timedelta(days=30)):
        ((anonymous, everything),) = stored(
            sample_snapshot,
            """SELECT sum(Amount) FILTER (CustomerID IS NULL), sum(Amount) FROM silver.invoices
            WHERE processing_date <= ?""",
            [day],
        )
        card = next(one for one in open_page("data_quality", as_of=str(day)).metric if one.label == "Anonymous revenue")
        assert card.value == fmt.money(anonymous)
        assert card.delta == fmt.percent(100 * anonymous / everything)
