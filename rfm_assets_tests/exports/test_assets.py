"""The exports asset shows in the UI what each export contributed, its lines, and the checks."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from rfm_assets.exports.assets import CONSERVED, RECONCILED, STILL_THERE, exports
from rfm_assets.partitions import range_tags
from rfm_assets.settings import settings
from rfm_assets_tests.exports.shop import Shop, sale
from rfm_assets_tests.helpers.runs import shown

pytestmark = pytest.mark.slow

SHOP_FILE = """
[source.order]
number = { column = "order" }
placed = { column = "placed" }
[source.line]
product = { column = "sku" }
quantity = { column = "qty" }
amount = { column = "price", is = "unit" }
[source.customer]
key = { column = "customer" }
[source.totals]
order = { column = "total" }
[[source.filter]]
column = "kind"
keep = ["sale"]
reason = "no sale"
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """The shop of a working directory, with a profile of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RFM_EXPORTS", "exports")
    monkeypatch.setenv("RFM_LANDING", "landing")
    monkeypatch.setenv("RFM_MEMORY_LIMIT", "256MB")
    (tmp_path / "rfm.toml").write_text(SHOP_FILE)
    settings.cache_clear()
    yield Shop(tmp_path)
    monkeypatch.undo()
    settings.cache_clear()


def materialized(*, raise_on_error: bool = True) -> dg.ExecuteInProcessResult:
    with dg.DagsterInstance.ephemeral() as instance:
        return dg.materialize([exports], instance=instance, raise_on_error=raise_on_error)


def checks(done: dg.ExecuteInProcessResult) -> Mapping[str, dg.AssetCheckEvaluation]:
    return {found.check_name: found for found in done.get_asset_check_evaluations()}


def test_it_lands_exports_and_shows_what_each_gave_and_how_its_lines_are_read(shop: Shop) -> None:
    orders = [sale(n, total="7.00", kind="sale") for n in range(30)]
    shop.write("orders.csv", [*orders, sale(30, total="7.00", kind="till opened")])
    done = materialized()
    assert len(shop.lines()) == 30
    (landed,) = done.asset_materializations_for_node("landing__exports")
    assert shown(landed.metadata["exports"]).startswith("orders.csv | 31 | 30 | 1 ")
    lines = shown(landed.metadata["lines as they are read"]).splitlines()
    assert len(lines) == 20
    assert lines[0] == "0 | 2026-05-01 | MUG | 2 | 3.50 | NULL | a9 | NULL"
    assert {name for name, found in checks(done).items() if found.passed} == {CONSERVED, RECONCILED, STILL_THERE}


def test_orders_that_do_not_come_to_their_totals_are_named_with_both_amounts(shop: Shop) -> None:
    orders = [sale(n, total="7.00" if n else "8.00", kind="sale") for n in range(30)]
    shop.write("orders.csv", orders)
    found = checks(materialized())[RECONCILED]
    assert (found.passed, found.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert found.description == "orders.csv: 1 of 30 orders differ: 0 comes to 7.00, stated 8.00"


def test_an_export_that_has_disappeared_is_named_and_keeps_what_it_gave(shop: Shop) -> None:
    shop.write("january.csv", [sale("A", "2026-01-05", total="7.00", kind="sale")])
    shop.write("may.csv", [sale("B", "2026-05-01", total="7.00", kind="sale")])
    materialized()
    (shop.exports / "january.csv").unlink()
    found = checks(materialized())[STILL_THERE]
    assert (found.passed, found.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert str(found.description).startswith("the lines of january.csv stay; `rfm land --forget ")
    assert len(shop.lines("2026-01-05")) == 1


def test_an_export_that_cannot_be_read_fails_the_run_by_name_and_writes_nothing(shop: Shop) -> None:
    shop.write("orders.csv", [{"order": 1, "placed": "2026-05-01", "sku": "MUG", "qty": 1, "kind": "sale"}])
    done = materialized(raise_on_error=False)
    assert not done.success
    (failure,) = (event.step_failure_data.error for event in done.all_events if event.is_step_failure)
    assert failure is not None
    assert "orders.csv" in str(failure.cause)
    assert not shop.landing.exists()


def test_a_run_of_every_asset_over_days_takes_exports_in_and_leaves_them_alone(shop: Shop) -> None:
    """As `dagster asset materialize --select '*' --partition-range A...B` does."""
    shop.write("orders.csv", [sale(total="7.00", kind="sale")])
    assert exports.backfill_policy == dg.BackfillPolicy.single_run()
    with dg.DagsterInstance.ephemeral() as instance:
        done = dg.materialize([exports], instance=instance, tags=range_tags(date(2026, 5, 1), date(2026, 5, 2)))
    assert not done.asset_materializations_for_node("landing__exports")
    assert not checks(done)
    assert not shop.landing.exists()
