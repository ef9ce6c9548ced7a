"""Older warehouses are upgraded completely or not at all; a newer one is refused."""

import logging
import os
import shutil
import signal
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from rfm_assets.contracts import TABLES, Column, Table
from rfm_assets.contracts.gold import CUSTOMER_MONEY
from rfm_assets.contracts.quality import RULE_OUTCOMES
from rfm_assets.contracts.schema import SCHEMA, Schema
from rfm_assets.errors import ContractError, WarehouseError
from rfm_assets.schema.steps import Compute, Drop, Rename, RenameTable, Retype
from rfm_assets.schema.versions import CURRENT, Version
from rfm_assets.warehouse.conformance import must_be_as_declared
from rfm_assets.warehouse.duckdb import copy_beside, opening, upgrade
from rfm_assets.warehouse.duckdb.upgrade import Upgrade
from rfm_assets_tests.helpers.processes import PROCESSES
from rfm_assets_tests.helpers.runs import EVERYTHING, make
from rfm_assets_tests.helpers.scenario import DAY, NEXT_DAY, THIRD_DAY, land, rows, sale, warehouse

pytestmark = pytest.mark.slow

VERSION_1 = Path(__file__).with_name("version_1.sql").read_text(encoding="utf-8")
"""A warehouse of two days, made from `FIRST` and `SECOND`."""
RULES_SINCE = "'valid_customer_id', 'valid_line_amount'"
FIRST = (sale(), sale(invoice="489435", customer_id="13086.0", price="2.10"), sale(invoice="489436", quantity="-1"))
SECOND = (
    sale(invoice="489437", invoice_date=NEXT_DAY),
    sale(invoice="489438", customer_id="13087.0", invoice_date=NEXT_DAY, quantity="3"),
)
THIRD = (sale(invoice="489439", customer_id="13086.0", invoice_date=THIRD_DAY),)
CLOCKS = {"ingestion_timestamp", "created_timestamp", "first_seen", "loaded_at"}

VISITS = Table(
    "gold.visits",
    "",
    (
        Column("as_of_date", "DATE", ""),
        Column("spent", "DECIMAL(10,2)", "", nullable=False),
        Column("twice", "DECIMAL(11,2)", "", nullable=False),
        Column("note", "VARCHAR", ""),
    ),
)
SINCE_1 = (
    RenameTable("gold.calls", "gold.visits"),
    Rename("gold.visits", "amount", "spent"),
    Retype("gold.visits", "spent", "DECIMAL(10,2)"),
    Compute("gold.visits", "twice", "DECIMAL(11,2)", "2 * spent"),
    Drop("gold.visits", "mood"),
    Retype("gold.never_stored", "spent", "DECIMAL(10,2)"),
)
MADE_UP = Schema((VISITS,), (Version(1, ""), Version(2, "", steps=SINCE_1, made_again=("gold.visits",))))
CALLS = """
    CREATE SCHEMA gold; CREATE SCHEMA meta;
    CREATE TABLE gold.calls (as_of_date DATE, amount VARCHAR, mood VARCHAR);
    INSERT INTO gold.calls VALUES ('2025-06-26', '1.10', 'good'), ('2025-06-27', '2.25', 'bad');
    CREATE TABLE gold.visits_of_nobody (i INTEGER);
    CREATE TABLE meta.written_days (table_name VARCHAR, day DATE, version UUID);
    INSERT INTO meta.written_days VALUES ('gold.calls', '2025-06-26', '6ef8de29-7e3b-4bd8-a1ff-2d1b0ab8dc0d');
    CREATE TABLE meta.schema_versions (version INTEGER, since TIMESTAMP, days_to_make_again VARCHAR);
    INSERT INTO meta.schema_versions VALUES (1, '2025-06-26', NULL)"""
AS_WRITTEN = [(date(2025, 6, 26), "1.10", "good"), (date(2025, 6, 27), "2.25", "bad")]


def stored_by_an_older_version(shop: Path, statements: str) -> Path:
    file = shop / "warehouse.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute(statements)
    return file


def found(file: Path, select: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(select).fetchall()


def copies(shop: Path) -> list[str]:
    return sorted(path.name for path in shop.glob("warehouse.duckdb.*"))


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shop with a warehouse of an invented version 1, and a program of version 2."""
    monkeypatch.setattr(opening, "SCHEMA", MADE_UP)
    stored_by_an_older_version(tmp_path, CALLS)
    return tmp_path


def test_a_warehouse_of_version_1_goes_on_like_one_made_from_scratch(tmp_path: Path) -> None:
    older, scratch = tmp_path / "older", tmp_path / "scratch"
    for folder in (older, scratch):
        folder.mkdir()
        for day, lines in ((DAY, FIRST), (NEXT_DAY, SECOND), (THIRD_DAY, THIRD)):
            land(folder, day, *lines)
    columns_then = found(
        stored_by_an_older_version(older, VERSION_1),
        "SELECT schema_name || '.' || table_name, list(column_name) FROM duckdb_columns() "
        "WHERE NOT internal AND schema_name <> 'meta' GROUP BY ALL",
    )
    make(older, EVERYTHING, THIRD_DAY)
    make(scratch, EVERYTHING, DAY, THIRD_DAY)
    assert columns_then
    for address, columns in columns_then:
        if address.startswith("ml."):  # made by neither
            continue
        # Days judged before a rule existed have no outcome for it until they are rebuilt.
        where = f"WHERE rule NOT IN ({RULES_SINCE})" if address == RULE_OUTCOMES.address else ""
        select = f"SELECT {', '.join(sorted({*columns} - CLOCKS))} FROM {address} {where} ORDER BY ALL"
        assert rows(older, select) == rows(scratch, select), address
    assert rows(older, "SELECT version, days_to_make_again FROM meta.schema_versions") == [
        (CURRENT, f"silver.transactions {DAY} to {NEXT_DAY}")
    ]
    made = [table for table in TABLES.values() if table.schema not in {"ml", "proof"}]
    selects = {
        table: f"SELECT {', '.join(sorted({*table.types} - CLOCKS))} FROM {table.address} WHERE {table.day}"
        for table in made
    }
    for table, select in selects.items():
        if table != CUSTOMER_MONEY:  # lacks the returns of earlier days
            new_day = f"{select} = DATE '{THIRD_DAY}' ORDER BY ALL"
            assert rows(older, new_day) == rows(scratch, new_day), table.address
    make(older, EVERYTHING, DAY, THIRD_DAY)
    for table, select in selects.items():
        every_day = f"{select} IS NOT NULL ORDER BY ALL"
        assert rows(older, every_day) == rows(scratch, every_day), table.address


def test_every_table_of_version_1_is_as_declared_once_it_is_opened(tmp_path: Path) -> None:
    stored_by_an_older_version(tmp_path, VERSION_1)
    with warehouse(tmp_path).connect(read_only=True) as connection:
        stored = {
            (row[0], row[1])
            for row in connection.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall()
        }
        for table in TABLES.values():
            if tuple(table.address.split(".")) in stored:
                described = connection.execute(f"DESCRIBE {table.address}").fetchall()
                must_be_as_declared({name: kind for name, kind, *_ in described}, table)


@pytest.mark.parametrize("read_only", [True, False])
def test_renamed_retyped_computed_and_added_columns_hold_what_was_stored(
    shop: Path, caplog: pytest.LogCaptureFixture, *, read_only: bool
) -> None:
    with caplog.at_level(logging.WARNING), warehouse(shop).connect(read_only=read_only) as connection:
        assert connection.execute(
            "SELECT spent::VARCHAR, twice::VARCHAR, note FROM gold.visits ORDER BY 1"
        ).fetchall() == [
            ("1.10", "2.20", None),
            ("2.25", "4.50", None),
        ]
        described = {name: kind for name, kind, *_ in connection.execute("DESCRIBE gold.visits").fetchall()}
        assert list(described.items()) == list(VISITS.types.items())
        assert connection.execute(
            "SELECT version, days_to_make_again FROM meta.schema_versions ORDER BY 1"
        ).fetchall() == [
            (1, None),
            (2, "gold.visits 2025-06-26 to 2025-06-27"),
        ]
    assert "rebuild these days with `rfm refresh --from DAY`: gold.visits 2025-06-26 to 2025-06-27" in caplog.text
    assert copies(shop) == []


def test_the_next_published_copy_reads_an_upgraded_table_again(shop: Path) -> None:
    (before,) = found(shop / "warehouse.duckdb", "FROM meta.written_days")
    ((table, day, version),) = rows(shop, "FROM meta.written_days")
    assert (table, day) == ("gold.visits", before[1])
    assert version != before[2]


def test_an_upgraded_warehouse_is_left_alone_when_it_is_opened_again(shop: Path) -> None:
    with warehouse(shop).connect():
        pass
    before = rows(shop, "FROM meta.schema_versions"), rows(shop, "FROM meta.written_days")
    with warehouse(shop).connect():
        pass
    assert (rows(shop, "FROM meta.schema_versions"), rows(shop, "FROM meta.written_days")) == before


def test_a_step_that_fails_leaves_the_warehouse_as_it_was_and_names_the_copy(shop: Path) -> None:
    file = shop / "warehouse.duckdb"
    stored = "UPDATE gold.calls SET amount = 'a lot' WHERE mood = 'bad'"
    with duckdb.connect(str(file)) as connection:
        connection.execute(stored)
    with (
        pytest.raises(WarehouseError, match=r"(?s)from version 1 to 2: Could not convert.*before-v2 is a copy of it"),
        warehouse(shop).connect(),
    ):
        pass
    assert copies(shop) == ["warehouse.duckdb.before-v2"]
    for one in (file, shop / "warehouse.duckdb.before-v2"):
        assert found(one, "FROM gold.calls WHERE amount = 'a lot'")
        assert found(one, "SELECT max(version) FROM meta.schema_versions") == [(1,)]
    with duckdb.connect(str(file)) as connection:
        connection.execute("UPDATE gold.calls SET amount = '3' WHERE mood = 'bad'")
    assert rows(shop, "SELECT max(spent)::VARCHAR FROM gold.visits") == [("3.00",)]
    assert copies(shop) == []


def test_steps_that_do_not_lead_to_the_contract_change_nothing(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "SCHEMA", Schema((VISITS,), (Version(1, ""), Version(2, "", steps=SINCE_1[:2]))))
    with (
        pytest.raises(WarehouseError, match="missing: twice, note; surplus: mood; types: spent is VARCHAR"),
        warehouse(shop).connect(),
    ):
        pass
    assert found(shop / "warehouse.duckdb", "FROM gold.calls ORDER BY ALL") == AS_WRITTEN


def upgrade_until(shop: Path, point: str) -> None:
    """Opens a warehouse to upgrade it, and is killed on the way."""

    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def until(name: str) -> None:
        real = getattr(upgrade, name)
        setattr(upgrade, name, lambda *args, **kwargs: die(real(*args, **kwargs)))

    opening.SCHEMA = MADE_UP
    if point == "while copying":
        copy_beside._COPY += "; os.kill(os.getppid(), 9)"  # noqa: SLF001
    elif point == "committed":
        upgrade.remove_copy = die
    else:
        until({"copied": "make_copy", "rebuilt": "rebuild", "noted": "_note"}[point])
    with warehouse(shop).connect():
        pass


@pytest.mark.parametrize(
    ("point", "left"),
    [
        ("while copying", ["warehouse.duckdb.before-v2.part"]),
        ("copied", ["warehouse.duckdb.before-v2"]),
        ("rebuilt", ["warehouse.duckdb.before-v2"]),
        ("noted", ["warehouse.duckdb.before-v2"]),
        ("committed", ["warehouse.duckdb.before-v2"]),
    ],
)
def test_a_killed_upgrade_is_whole_or_has_not_happened_and_the_next_opening_clears_up(
    shop: Path, point: str, left: list[str]
) -> None:
    killed = PROCESSES.Process(target=upgrade_until, args=(shop, point))
    killed.start()
    killed.join()
    assert killed.exitcode == -signal.SIGKILL
    assert [name for name in copies(shop) if not name.endswith(".wal")] == left
    if point != "committed":
        as_killed = shop / "as_killed"
        as_killed.mkdir()
        for file in shop.glob("warehouse.duckdb*"):
            shutil.copy(file, as_killed)
        with duckdb.connect(str(as_killed / "warehouse.duckdb")) as connection:
            assert connection.execute("FROM gold.calls ORDER BY ALL").fetchall() == AS_WRITTEN
            assert connection.execute("SELECT max(version) FROM meta.schema_versions").fetchall() == [(1,)]
    with warehouse(shop).connect():
        pass
    assert rows(shop, "SELECT sum(twice)::VARCHAR FROM gold.visits") == [("6.70",)]
    assert copies(shop) == []


@pytest.mark.parametrize("read_only", [True, False])
def test_a_newer_warehouse_is_refused_with_both_versions_and_the_way_out(shop: Path, *, read_only: bool) -> None:
    with duckdb.connect(str(shop / "warehouse.duckdb")) as connection:
        connection.execute("INSERT INTO meta.schema_versions VALUES (7, '2025-06-26', NULL)")
    message = r"warehouse\.duckdb has version 7, and this program knows versions up to 2: use the program that wrote it"
    with pytest.raises(WarehouseError, match=message), warehouse(shop).connect(read_only=read_only):
        pass
    assert found(shop / "warehouse.duckdb", "FROM gold.calls ORDER BY ALL") == AS_WRITTEN


def test_a_full_disk_is_found_before_anything_is_done(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(shop)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1_000))
    with (
        pytest.raises(WarehouseError, match=r"needs \d MB beside it, and 0 MB are free: free some space"),
        warehouse(shop).connect(),
    ):
        pass
    assert copies(shop) == []
    assert found(shop / "warehouse.duckdb", "FROM gold.calls ORDER BY ALL") == AS_WRITTEN


def test_a_reader_who_cannot_upgrade_tables_with_other_names_is_told_to_wait(shop: Path) -> None:
    store = warehouse(shop)
    message = "has version 1 and cannot be upgraded now: wait"
    with (
        duckdb.connect(store.database, read_only=True, config=store.config()),  # one per process
        pytest.raises(WarehouseError, match=message),
        store.connect(read_only=True),
    ):
        pass


def test_a_table_that_a_newer_version_added_columns_to_says_so() -> None:
    with pytest.raises(ContractError, match=r"\(surplus: mood\): go on with the newer version of the pipeline"):
        must_be_as_declared({**VISITS.types, "mood": "VARCHAR"}, VISITS)


def test_a_new_warehouse_has_the_newest_version(tmp_path: Path) -> None:
    with warehouse(tmp_path).transaction() as connection:
        connection.execute("CREATE TABLE t (i INTEGER)")
    assert rows(tmp_path, "SELECT version FROM meta.schema_versions") == [(CURRENT,)]
    with warehouse(tmp_path).connect() as connection:
        assert not Upgrade.of(connection, tmp_path / "warehouse.duckdb", SCHEMA).alters_tables
