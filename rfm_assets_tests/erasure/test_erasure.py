"""Erasure leaves nothing of a person, keeps revenue unchanged, and gives the same shop as a full rebuild."""

import shutil
from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from rfm_assets.config.aliases import Alias
from rfm_assets.contracts import TABLES
from rfm_assets.contracts.table import CUSTOMER_ID, RAW_LINE
from rfm_assets.definitions import build_definitions
from rfm_assets.erasure.erasure import erase, finish_erasures
from rfm_assets.errors import PrivacyError, WarehouseError
from rfm_assets.privacy.customer_rows import ERASED_LINE, known_as
from rfm_assets.privacy.register import Register
from rfm_assets.tables.thinned_days import stored_snapshots
from rfm_assets.warehouse.duckdb.engine import DuckDBEngine
from rfm_assets.warehouse.spark.engine import SparkEngine
from rfm_assets_tests.erasure.shop import (
    NO_CLUSTERS,
    PERSON,
    contents,
    land_all,
    made,
    naming,
    published,
    revenue_per_day,
    with_its_bytes,
)
from rfm_assets_tests.helpers.processes import hold_for_writing, started, told
from rfm_assets_tests.helpers.scenario import DAY, THIRD_DAY, resources, rows, run_days, warehouse

pytestmark = pytest.mark.slow


def test_nothing_of_an_erased_person_is_left_and_revenue_is_as_it_was(shop: Path) -> None:
    before = revenue_per_day(shop)
    assert {"gold.customer_segments.CustomerID", "bronze.transactions._rescued_data"} <= naming(shop)
    assert any(place.endswith("meta.customer_products.CustomerID") for place in naming(shop))
    assert with_its_bytes(shop)
    found = erase(warehouse(shop), published(shop), [PERSON])
    assert naming(shop) == set()
    assert with_its_bytes(shop) == []
    assert revenue_per_day(shop) == before
    assert found.rows["bronze.transactions"] == 5
    assert found.rows["silver.transactions"] == 3
    assert found.files == ("2025-06-27_transactions.csv", "2025-06-28_transactions.csv")
    assert rows(shop, f"SELECT count(*) FROM silver.rejected_transactions WHERE _rescued_data = '{ERASED_LINE}'") == [
        (1,)
    ]


def test_rows_that_will_be_made_again_are_not_copied(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied = []

    def look(staged: DuckDBEngine, *_: object) -> None:
        with staged.connect(read_only=True) as connection:
            copied.extend(connection.execute("SELECT DISTINCT as_of_date FROM gold.customer_segments").fetchall())
        raise InterruptedError

    monkeypatch.setattr("rfm_assets.erasure.rewrite._make_again", look)
    with pytest.raises(InterruptedError):
        erase(warehouse(shop), published(shop), [PERSON])
    assert copied == [(date(2025, 6, 26),)]


def test_the_erased_shop_is_the_one_that_a_full_rebuild_from_the_landing_files_makes(tmp_path: Path) -> None:
    shop = made(tmp_path / "shop", clusters=True)
    erase(warehouse(shop), published(shop), [f"{PERSON}.0"])
    erased = contents(shop)
    (shop / "warehouse.duckdb").unlink()
    shutil.rmtree(shop / "published")
    run_days(shop, DAY, THIRD_DAY)
    assert naming(shop) == set()
    assert contents(shop) == erased
    assert rows(shop, "SELECT sum(lines) FROM meta.erased_lines") == [(5,)]
    never_there = tmp_path / "never there"
    land_all(never_there)
    for file in (never_there / "landing").iterdir():
        file.write_text(file.read_text().replace(f"{PERSON}.0", "").replace(PERSON, ""))
    run_days(never_there, DAY, THIRD_DAY)
    gold = {address: found for address, found in contents(never_there).items() if address.startswith(("gold", "ml"))}
    assert gold == {address: erased[address] for address in gold}


def test_the_day_of_an_erased_person_that_is_loaded_again_stays_without(shop: Path) -> None:
    erase(warehouse(shop), published(shop), [PERSON])
    run_days(shop, THIRD_DAY, select=NO_CLUSTERS)
    assert naming(shop) == set()


@pytest.mark.parametrize("stage", ["begun", "stored"])
def test_the_next_run_finishes_what_was_begun(shop: Path, stage: str) -> None:
    register = Register.of(shop / "warehouse.duckdb", to_write=True).begin([PERSON])
    if stage == "stored":
        erase(warehouse(shop), published(shop), ["nobody yet"])
        shutil.rmtree(shop / "published")
        register.move("begun", "stored")
    run_days(shop, THIRD_DAY, select=["publishing"])
    if stage == "begun":
        assert naming(shop) == set()
    assert Register.of(shop / "warehouse.duckdb").at("begun", "stored") == []


def test_the_register_holds_digests_and_belongs_to_its_owner_alone(shop: Path) -> None:
    erase(warehouse(shop), published(shop), [PERSON])
    kept = [shop / f"warehouse.duckdb.{name}" for name in ("erased", "erasure-key")]
    assert [path.stat().st_mode & 0o777 for path in kept] == [0o600, 0o600]
    kept[1].write_text("another key")
    with pytest.raises(PrivacyError, match="erased under another key: set RFM_ERASURE_KEY"):
        Register.of(shop / "warehouse.duckdb")
    kept[1].unlink()
    with pytest.raises(PrivacyError, match="restore it from a backup"):
        finish_erasures(warehouse(shop), published(shop))


def test_every_alias_of_a_customer_is_the_same_customer(monkeypatch: pytest.MonkeyPatch) -> None:
    first, last = date(2025, 6, 26), date.max
    given = [Alias("a", "b", first, last), Alias("b", "c", first, last), Alias("x", "y", first, last)]
    monkeypatch.setattr("rfm_assets.config.in_force.aliases", lambda: tuple(given))
    assert [known_as(["b"]), known_as(["x", "alone"])] == [{"a", "b", "c"}, {"x", "y", "alone"}]


def test_a_thinned_day_stays_thinned(shop: Path) -> None:
    with warehouse(shop).connect() as connection:
        for table in stored_snapshots(connection):
            connection.execute(f"DELETE FROM {table.address} WHERE as_of_date = '2025-06-27'")
    erase(warehouse(shop), published(shop), [PERSON])
    assert rows(shop, "SELECT DISTINCT as_of_date::VARCHAR FROM gold.customer_rfm ORDER BY 1") == [(DAY,), (THIRD_DAY,)]


def test_views_and_tables_of_somebody_else_stay(shop: Path) -> None:
    with warehouse(shop).connect() as connection:
        connection.execute("CREATE VIEW gold.mine AS SELECT count(*) AS days FROM gold.segment_thresholds")
        connection.execute("CREATE TABLE gold.notes AS SELECT 'kept' AS note")
    erase(warehouse(shop), published(shop), [PERSON])
    assert rows(shop, "SELECT days, note FROM gold.mine, gold.notes") == [(3, "kept")]


def test_an_id_that_means_nobody_is_refused(shop: Path) -> None:
    with pytest.raises(PrivacyError, match="names no customer"):
        erase(warehouse(shop), published(shop), [PERSON, " null "])
    assert naming(shop)


def test_a_warehouse_that_another_process_holds_is_left_as_it_is_and_erased_by_the_next_run(shop: Path) -> None:
    hasty = warehouse(shop, lock_patience=0.1)
    with started(hold_for_writing, shop / "warehouse.duckdb") as (_, channel):
        told(channel)
        with pytest.raises(WarehouseError, match="in use by another process"):
            erase(hasty, published(shop), [PERSON])
    finish_erasures(hasty, published(shop))
    assert naming(shop) == set()


def test_spark_says_what_to_do_instead() -> None:
    with pytest.raises(PrivacyError, match="from a DuckDB file only"):
        erase(SparkEngine(remote="sc://nowhere:1", location="/tmp/none"), published(Path()), [PERSON])  # noqa: S108 - not made


def test_every_column_that_may_name_a_customer_is_known_to_erasure() -> None:
    counted = {"customers", "known_customer_sales", "null_customer_id", "null_customer_ids"}
    suspects = {
        f"{table.address}.{column.name}"
        for table in TABLES.values()
        for column in table.columns
        if column.name not in {CUSTOMER_ID, RAW_LINE, *counted}
        and column.type == "VARCHAR"
        and any(
            word in column.name.lower() for word in ("customer", "person", "email", "alias", "client", "raw", "rescued")
        )
    }
    assert suspects == set(), "name the column CustomerID, or tell rfm_assets/privacy/customer_rows.py how to clear it"


def test_the_job_takes_ids_from_a_file_and_removes_it(shop: Path) -> None:
    file = shop / "to erase.txt"
    file.write_text(f"{PERSON}\n")
    job = build_definitions(resources(shop)).resolve_job_def("erase_customers")
    config = {"ops": {"erase_from_everything": {"config": {"customers_file": str(file)}}}}
    with dg.DagsterInstance.ephemeral() as instance:
        job.execute_in_process(instance=instance, run_config=config)
        recorded = str(list(instance.all_logs(instance.get_runs()[0].run_id)))
    assert naming(shop) == set()
    assert not file.exists()
    assert PERSON not in recorded
