"""A day whose file is refused harms no other day: it keeps its stored rows, is reported, and recovers."""

from pathlib import Path

import dagster as dg
import pytest

from rfm_assets.bronze.landing_checks import holds_what_has_landed
from rfm_assets.errors import RefusedFileError
from rfm_assets_tests.helpers.runs import CUSTOMER_RFM, EVERYTHING, expected, run, stored
from rfm_assets_tests.helpers.scenario import DAY, NEXT_DAY, THIRD_DAY, land, rows, sale

pytestmark = pytest.mark.slow

ALL_TABLES = EVERYTHING.without_checks() | dg.AssetSelection.checks(holds_what_has_landed)
SNAPSHOTS = CUSTOMER_RFM.upstream().required_multi_asset_neighbors().without_checks()
FREQUENCIES = "SELECT CAST(as_of_date AS VARCHAR), max(Frequency) FROM gold.customer_rfm GROUP BY 1 ORDER BY 1"
LEDGER_OF_DAY = f"FROM bronze.landed_files WHERE processing_date = DATE '{NEXT_DAY}'"


def deliver(shop: Path, day: str, quantity: str) -> None:
    """Two customers buy; one of them buys `quantity` units."""
    invoice = f"4894{day[-2:]}"
    customers = [sale(invoice=invoice, customer_id="12346"), sale(invoice=invoice, quantity=quantity)]
    land(shop, day, *customers)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A shop with three days, all loaded."""
    for day in (DAY, NEXT_DAY, THIRD_DAY):
        deliver(tmp_path, day, "1")
    assert run(tmp_path, ALL_TABLES, DAY, THIRD_DAY).success
    return tmp_path


def test_the_other_days_of_the_range_are_loaded_and_the_corrected_file_heals_all(shop: Path) -> None:
    held = rows(shop, LEDGER_OF_DAY)
    deliver(shop, DAY, "2")
    deliver(shop, THIRD_DAY, "2")
    as_if_unchanged = expected(shop)
    land(shop, NEXT_DAY)
    result = run(shop, ALL_TABLES, DAY, THIRD_DAY)
    assert result.success
    (check,) = [one for one in result.get_asset_check_evaluations() if one.check_name == "holds_what_has_landed"]
    assert not check.passed
    assert f"{NEXT_DAY}_transactions.csv" in str(check.metadata["sample"].value)
    assert stored(shop) == as_if_unchanged
    assert rows(shop, LEDGER_OF_DAY) == held
    deliver(shop, NEXT_DAY, "3")
    healed = run(shop, ALL_TABLES, NEXT_DAY, THIRD_DAY)
    assert {one.check_name: one.passed for one in healed.get_asset_check_evaluations()}["holds_what_has_landed"]
    assert stored(shop) == expected(shop) != as_if_unchanged


def test_a_single_day_fails_and_later_days_go_on_without_it(tmp_path: Path) -> None:
    deliver(tmp_path, DAY, "1")
    assert run(tmp_path, SNAPSHOTS, DAY).success
    land(tmp_path, NEXT_DAY)
    with pytest.raises(RefusedFileError, match=f"nothing was stored: 1 file is refused.*\n.*{NEXT_DAY}_transactions"):
        run(tmp_path, SNAPSHOTS, NEXT_DAY, raise_on_error=True)
    deliver(tmp_path, THIRD_DAY, "1")
    assert run(tmp_path, SNAPSHOTS, THIRD_DAY).success
    assert rows(tmp_path, FREQUENCIES) == [(DAY, 1), (THIRD_DAY, 2)]
    deliver(tmp_path, NEXT_DAY, "1")
    assert run(tmp_path, SNAPSHOTS, NEXT_DAY, THIRD_DAY).success
    assert rows(tmp_path, FREQUENCIES) == [(DAY, 1), (NEXT_DAY, 2), (THIRD_DAY, 3)]


def test_a_range_of_which_every_delivered_day_is_refused_fails_and_keeps_all(shop: Path) -> None:
    before = stored(shop)
    for day in (DAY, NEXT_DAY, THIRD_DAY):
        land(shop, day)
    with pytest.raises(RefusedFileError, match="nothing was stored: 3 files are refused"):
        run(shop, ALL_TABLES, DAY, THIRD_DAY, raise_on_error=True)
    assert stored(shop) == before


def test_a_day_that_never_had_a_good_file_is_empty_until_it_has(tmp_path: Path) -> None:
    land(tmp_path, DAY)
    deliver(tmp_path, NEXT_DAY, "1")
    assert run(tmp_path, SNAPSHOTS, DAY, NEXT_DAY).success
    assert rows(tmp_path, FREQUENCIES) == [(NEXT_DAY, 1)]
    deliver(tmp_path, DAY, "1")
    assert run(tmp_path, SNAPSHOTS, DAY, NEXT_DAY).success
    assert rows(tmp_path, FREQUENCIES) == [(DAY, 1), (NEXT_DAY, 2)]
