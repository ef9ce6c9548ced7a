"""Holds a day whose file is refused to harming no other: it keeps what is stored, is told of, and heals."""

from pathlib import Path

import pytest

from rfm_assets.errors import RefusedFileError
from rfm_assets_tests.runs import EVERYTHING, expected, run, stored
from rfm_assets_tests.scenario import DAY, NEXT_DAY, THIRD_DAY, land, rows, sale

LEDGER_OF_DAY = f"FROM bronze.landed_files WHERE processing_date = DATE '{NEXT_DAY}'"


def deliver(shop: Path, day: str, quantity: str) -> None:
    """Two customers buy, one of them the quantity."""
    customers = [sale(customer_id="12346", invoice_date=day), sale(quantity=quantity, invoice_date=day)]
    land(shop, day, *customers)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A shop with three days, all loaded."""
    for day in (DAY, NEXT_DAY, THIRD_DAY):
        deliver(tmp_path, day, "1")
    assert run(tmp_path, EVERYTHING, DAY, THIRD_DAY).success
    return tmp_path


def test_the_other_days_of_the_range_are_loaded_and_the_corrected_file_heals_all(shop: Path) -> None:
    held = rows(shop, LEDGER_OF_DAY)
    deliver(shop, DAY, "2")
    deliver(shop, THIRD_DAY, "2")
    as_if_unchanged = expected(shop)
    land(shop, NEXT_DAY)
    result = run(shop, EVERYTHING, DAY, THIRD_DAY)
    assert result.success
    (check,) = [one for one in result.get_asset_check_evaluations() if one.check_name == "holds_what_has_landed"]
    assert not check.passed
    assert f"{NEXT_DAY}_transactions.csv" in str(check.metadata["sample"].value)
    assert stored(shop) == as_if_unchanged
    assert rows(shop, LEDGER_OF_DAY) == held
    deliver(shop, NEXT_DAY, "3")
    healed = run(shop, EVERYTHING, NEXT_DAY, THIRD_DAY)
    assert {one.check_name: one.passed for one in healed.get_asset_check_evaluations()}["holds_what_has_landed"]
    assert stored(shop) == expected(shop) != as_if_unchanged


def test_a_single_day_fails_and_later_days_go_on_without_it(tmp_path: Path) -> None:
    deliver(tmp_path, DAY, "1")
    assert run(tmp_path, EVERYTHING, DAY).success
    land(tmp_path, NEXT_DAY)
    with pytest.raises(RefusedFileError, match=f"nothing was stored: 1 file is refused.*\n.*{NEXT_DAY}_transactions"):
        run(tmp_path, EVERYTHING, NEXT_DAY, raise_on_error=True)
    deliver(tmp_path, THIRD_DAY, "1")
    assert run(tmp_path, EVERYTHING, THIRD_DAY).success
    assert rows(tmp_path, "SELECT DISTINCT as_of_date FROM gold.customer_rfm ORDER BY 1") == rows(
        tmp_path, f"SELECT unnest([DATE '{DAY}', DATE '{THIRD_DAY}'])"
    )
    deliver(tmp_path, NEXT_DAY, "1")
    assert run(tmp_path, EVERYTHING, NEXT_DAY, THIRD_DAY).success
    assert stored(tmp_path) == expected(tmp_path)


def test_a_range_of_which_every_delivered_day_is_refused_fails_and_keeps_all(shop: Path) -> None:
    before = stored(shop)
    for day in (DAY, NEXT_DAY, THIRD_DAY):
        land(shop, day)
    with pytest.raises(RefusedFileError, match="nothing was stored: 3 files are refused"):
        run(shop, EVERYTHING, DAY, THIRD_DAY, raise_on_error=True)
    assert stored(shop) == before


def test_a_day_that_never_had_a_good_file_is_empty_until_it_has(tmp_path: Path) -> None:
    land(tmp_path, DAY)
    deliver(tmp_path, NEXT_DAY, "1")
    assert run(tmp_path, EVERYTHING, DAY, NEXT_DAY).success
    assert rows(tmp_path, "SELECT DISTINCT CAST(processing_date AS VARCHAR) FROM bronze.transactions") == [(NEXT_DAY,)]
    deliver(tmp_path, DAY, "1")
    assert run(tmp_path, EVERYTHING, DAY, NEXT_DAY).success
    assert stored(tmp_path) == expected(tmp_path, last=NEXT_DAY)
