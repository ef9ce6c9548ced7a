"""Whole runs: any way to materialize the same days gives the same tables, and a broken promise stops the run.

Small histories run through Dagster; the expected results are computed without it.
"""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from rfm_assets.sample import write_sample
from rfm_assets_tests.helpers.runs import CUSTOMER_RFM, EVERYTHING, expected, make, red, run, shown, stored
from rfm_assets_tests.helpers.scenario import DAY, NEXT_DAY, THIRD_DAY, land, rows, sale, warehouse

pytestmark = pytest.mark.slow

GOLD = dg.AssetSelection.groups("gold")
BEFORE_GOLD = EVERYTHING - dg.AssetSelection.groups("gold", "proof")
RETURNS = dg.AssetSelection.assets(dg.AssetKey(["silver", "returns"]))  # which look back at earlier sales
MOVEMENTS = dg.AssetSelection.assets(dg.AssetKey(["gold", "segment_migration"]))


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A shop with three days of sample files."""
    write_sample(tmp_path / "landing", start=date.fromisoformat(DAY), days=3, lines_per_day=400, workers=1)
    return tmp_path


def test_days_made_in_parts_and_in_any_order_give_what_one_run_gives(shop: Path) -> None:
    for days in ([NEXT_DAY, THIRD_DAY], [DAY]):
        make(shop, BEFORE_GOLD - RETURNS, *days)
    for days in ([THIRD_DAY], [DAY, NEXT_DAY]):
        make(shop, RETURNS, *days)
    for days in ([THIRD_DAY], [DAY, NEXT_DAY]):
        make(shop, GOLD, *days)
    make(shop, MOVEMENTS, DAY, THIRD_DAY)  # which compare with what is stored at that time
    for days in ([THIRD_DAY], [DAY, NEXT_DAY]):
        make(shop, dg.AssetSelection.groups("proof"), *days)
    in_parts = stored(shop)
    assert in_parts == expected(shop)
    empty = {table for table, found in in_parts.items() if not found}
    assert empty == {"proof.backtest"}  # whose first cut is a month's end


def test_days_made_again_stay_as_they_are_and_follow_a_changed_file(shop: Path) -> None:
    make(shop, EVERYTHING, DAY, THIRD_DAY)
    first_time = stored(shop)
    assert first_time == expected(shop)
    make(shop, EVERYTHING, NEXT_DAY)
    assert stored(shop) == first_time
    land(shop, NEXT_DAY, sale(invoice_date=NEXT_DAY, customer_id="99999"), sale(quantity="0", invoice_date=NEXT_DAY))
    make(shop, EVERYTHING, NEXT_DAY, THIRD_DAY)
    assert stored(shop) == expected(shop) != first_time


def test_a_broken_promise_stops_what_is_downstream_and_keeps_what_was_stored(tmp_path: Path) -> None:
    land(tmp_path, DAY, sale())
    make(tmp_path, EVERYTHING, DAY)
    segments = rows(tmp_path, "FROM gold.customer_segments")
    land(tmp_path, NEXT_DAY, sale(invoice="489435", customer_id="14000", invoice_date=NEXT_DAY))
    make(tmp_path, BEFORE_GOLD, NEXT_DAY)
    with warehouse(tmp_path).transaction() as connection:  # as if it had been judged under another rule
        connection.execute(
            "UPDATE silver.customer_invoices SET InvoiceDate = DATE '2025-07-31' WHERE CustomerID = '14000'"
        )
    result = run(tmp_path, GOLD, NEXT_DAY)
    assert not result.success
    assert red(result) == {"recency_is_not_negative"}
    made = {str(event.asset_key.to_user_string()) for event in result.get_asset_materialization_events()}
    assert "gold/customer_rfm" in made
    assert made & {"gold/segment_thresholds", "gold/customer_segments", "gold/segment_summary"} == set()
    assert rows(tmp_path, "FROM gold.customer_segments") == segments
    (check,) = [one for one in result.get_asset_check_evaluations() if one.check_name == "recency_is_not_negative"]
    assert check.metadata["failed"].value == 1
    assert "2025-06-27 | 99999 | 2025-07-31 | 0" in shown(check.metadata["sample"])


def test_a_line_dated_after_its_file_is_refused_and_everybody_else_has_a_segment(tmp_path: Path) -> None:
    lines = sale(customer_id="17850"), sale(invoice="536366", customer_id="13047", invoice_date=NEXT_DAY)
    land(tmp_path, DAY, *lines)
    result = run(tmp_path, EVERYTHING, DAY)
    assert result.success
    assert red(result) == {"not_after_its_file", "newest_day_is_recent"}
    assert rows(tmp_path, "SELECT CustomerID FROM gold.customer_segments") == [("17850",)]
    refused = rows(tmp_path, "SELECT Invoice, failed_rules FROM silver.rejected_transactions")
    assert refused == [("536366", "not_after_its_file")]


def test_checks_look_at_the_days_of_their_run_and_launched_alone_at_all(tmp_path: Path) -> None:
    land(tmp_path, DAY, sale())
    make(tmp_path, CUSTOMER_RFM.upstream().required_multi_asset_neighbors(), DAY, NEXT_DAY)
    with warehouse(tmp_path).transaction() as connection:
        connection.execute(f"UPDATE gold.customer_rfm SET Frequency = 0 WHERE as_of_date = DATE '{DAY}'")
    of_next_day = run(tmp_path, CUSTOMER_RFM, NEXT_DAY)
    assert len(of_next_day.get_asset_check_evaluations()) == 8
    assert red(of_next_day) == set()
    alone = run(tmp_path, dg.AssetSelection.checks_for_assets(dg.AssetKey(["gold", "customer_rfm"])))
    assert red(alone) == {"frequency_is_at_least_one", "revenue_reconciles_with_invoices"}
    assert not alone.get_asset_materialization_events()


def test_another_retailer_with_another_calendar_and_days_without_a_file(tmp_path: Path) -> None:
    opened, silent, last = "2024-02-28", "2024-02-29", "2024-03-01"
    for number, day in enumerate((opened, last)):
        for customer in (" jane@shop.example ", "AB-1", ""):
            line = sale(invoice=f"48943{number}", customer_id=customer, invoice_date=f"{day} 08:26")
            land(tmp_path, day, line, name=f"_{customer.strip() or 'nobody'}.csv")
    assert run_from(opened, tmp_path, last) == {"every_day_was_delivered": silent}
    assert stored(tmp_path) == expected(tmp_path, opened, last)
    for table in ("bronze.transactions", "silver.transactions", "quality.bronze_daily_quality", "quality.daily_counts"):
        assert rows(tmp_path, f"SELECT count(*) FROM {table} WHERE processing_date = DATE '{silent}'") == [(0,)]
    select = "SELECT CAST(as_of_date AS VARCHAR), CustomerID, Recency, Frequency FROM gold.customer_rfm ORDER BY ALL"
    assert rows(tmp_path, select) == [
        (opened, "AB-1", 0, 1),
        (opened, "jane@shop.example", 0, 1),
        (silent, "AB-1", 1, 1),
        (silent, "jane@shop.example", 1, 1),
        (last, "AB-1", 0, 2),
        (last, "jane@shop.example", 0, 2),
    ]


def run_from(first: str, shop: Path, last: str) -> dict[str, str]:
    """Runs a shop whose calendar starts on its first day, in a process of its own; returns bronze's red checks."""
    program = f"""
import json
from pathlib import Path
from rfm_assets_tests.helpers.runs import EVERYTHING, LINES, run, shown
result = run(Path({str(shop)!r}), EVERYTHING.without_checks() | LINES, {first!r}, {last!r}, raise_on_error=True)
red = [check for check in result.get_asset_check_evaluations() if not check.passed]
print(json.dumps({{check.check_name: shown(check.metadata["sample"]) for check in red}}))
"""
    settings = {**os.environ, "RFM_START_DATE": first}  # read once, when the package is imported
    project = Path(__file__).parents[1]
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=project, env=settings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(json.loads(done.stdout))
