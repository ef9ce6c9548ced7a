"""Opening the warehouse: a file that cannot be opened is explained, and the file is always released."""

import re
import subprocess
import sys
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from rfm_assets.errors import WarehouseError
from rfm_assets.settings import Settings
from rfm_assets.warehouse.duckdb.engine import DuckDBEngine
from rfm_assets_tests.helpers.scenario import rows, warehouse


@pytest.fixture
def store(tmp_path: Path) -> DuckDBEngine:
    store = warehouse(tmp_path)
    with store.transaction() as connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS n")
    return store


@pytest.fixture
def no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails a test that waits."""

    def sleep(_: float) -> None:
        pytest.fail("waited for something that does not pass")

    monkeypatch.setattr("time.sleep", sleep)


def open_elsewhere(store: DuckDBEngine) -> str:
    """The error of another process that opens the file for writing right now; empty if it succeeds."""
    program = f"import duckdb; duckdb.connect({store.database!r}).close()"
    return subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True).stderr


def test_a_transaction_is_stored_as_a_whole(store: DuckDBEngine, tmp_path: Path) -> None:
    with store.transaction() as connection:
        connection.execute("INSERT INTO t VALUES (2)")
        connection.execute("CREATE TABLE u AS SELECT 3 AS n")
    assert rows(tmp_path, "FROM t UNION ALL FROM u ORDER BY ALL") == [(1,), (2,), (3,)]


def fail_halfway(store: DuckDBEngine) -> None:
    with store.transaction() as connection:
        connection.execute("DELETE FROM t")
        connection.execute("CREATE TABLE u AS SELECT 3 AS n")
        raise ZeroDivisionError


def test_a_transaction_that_fails_leaves_nothing_and_lets_go_of_the_file(store: DuckDBEngine, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError) as raised:
        fail_halfway(store)
    assert raised.traceback  # which still holds the connection
    assert open_elsewhere(store) == ""
    assert rows(tmp_path, "FROM t") == [(1,)]
    assert rows(tmp_path, "SELECT table_name FROM duckdb_tables() WHERE schema_name <> 'meta'") == [("t",)]


def test_a_statement_that_fails_lets_go_of_the_file(store: DuckDBEngine) -> None:
    with pytest.raises(duckdb.Error), store.connect(read_only=True) as connection:
        connection.execute("FROM nowhere")
    assert open_elsewhere(store) == ""


def test_who_reads_cannot_write(store: DuckDBEngine) -> None:
    with (
        pytest.raises(duckdb.InvalidInputException, match="read-only mode"),
        store.connect(read_only=True) as connection,
    ):
        connection.execute("DELETE FROM t")


def test_a_warehouse_that_is_not_there_yet_is_not_made_by_reading(tmp_path: Path) -> None:
    store = warehouse(tmp_path)
    with pytest.raises(WarehouseError, match=r"no warehouse at .*warehouse\.duckdb yet: materialize a day first"):
        store.connect(read_only=True).__enter__()
    assert list(tmp_path.iterdir()) == []


def test_the_first_write_makes_the_folders_too(tmp_path: Path) -> None:
    store = DuckDBEngine(database=str(tmp_path / "a" / "b" / "shop.duckdb"))
    with store.transaction() as connection:
        connection.execute("SELECT 1")
    assert Path(store.database).is_file()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a file, where a folder has to be")
    store = DuckDBEngine(database=str(tmp_path / "a" / "b" / "shop.duckdb"))
    with pytest.raises(WarehouseError, match=rf"cannot make the folder of the warehouse {store.database}"):
        store.transaction().__enter__()


@pytest.mark.usefixtures("no_patience")
@pytest.mark.parametrize("name", ["shop.duckdb", "set lock.duckdb"])
def test_a_file_of_another_kind_is_refused_at_once(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"not a database" * 1_000)
    store = DuckDBEngine(database=str(tmp_path / name))
    with pytest.raises(WarehouseError, match=rf"cannot open the warehouse {store.database}: .*not a valid DuckDB"):
        store.connect().__enter__()


@pytest.mark.usefixtures("no_patience")
def test_a_broken_block_is_no_lock(store: DuckDBEngine) -> None:
    content = bytearray(Path(store.database).read_bytes())
    content[5_000] ^= 0xFF
    content[9_000] ^= 0xFF
    Path(store.database).write_bytes(content)
    with pytest.raises(WarehouseError, match=r"cannot open the warehouse .*checksum.* block"):
        store.connect().__enter__()


@pytest.fixture
def large(store: DuckDBEngine) -> DuckDBEngine:
    """A warehouse of a few megabytes."""
    with store.transaction() as connection:
        connection.execute("CREATE TABLE large AS SELECT hash(range) AS n FROM range(500_000)")
    return store


def read_all(store: DuckDBEngine) -> None:
    with store.connect(read_only=True) as connection:
        connection.execute("SELECT sum(n % 7) FROM large").fetchall()


def made_again_by_a_command(store: DuckDBEngine) -> str:
    file = re.escape(store.database)
    return rf"cannot (open|read) the warehouse {file}: .*rebuilt from the landing files: .*`mv .*`rfm refresh`"


@pytest.mark.usefixtures("no_patience")
@pytest.mark.parametrize("size", [0, 100, 8_192, 12_288, 0.5, 0.999])
def test_a_file_that_was_cut_off_can_be_made_again_and_the_message_says_how(large: DuckDBEngine, size: float) -> None:
    content = Path(large.database).read_bytes()
    assert len(content) > 3_000_000
    Path(large.database).write_bytes(content[: int(size * len(content)) if size < 1 else int(size)])
    with pytest.raises(WarehouseError, match=made_again_by_a_command(large)):
        read_all(large)


@pytest.mark.parametrize("in_run", [False, True], ids=["on its own", "in a run"])
def test_a_broken_block_that_a_statement_meets_is_explained_as_well(large: DuckDBEngine, in_run: bool) -> None:  # noqa: FBT001
    content = bytearray(Path(large.database).read_bytes())
    middle = len(content) // 2
    content[middle : middle + 300_000] = bytes(300_000)
    Path(large.database).write_bytes(content)
    with dg.build_init_resource_context() as run:
        if in_run:
            large.setup_for_execution(run)
        with pytest.raises(WarehouseError, match=made_again_by_a_command(large)):
            read_all(large)
        large.teardown_after_execution(run)


def test_another_file_that_was_cut_off_is_not_taken_for_the_warehouse(store: DuckDBEngine, tmp_path: Path) -> None:
    duckdb.sql("SELECT range AS n FROM range(10_000)").write_parquet(str(tmp_path / "other.parquet"))
    content = (tmp_path / "other.parquet").read_bytes()
    (tmp_path / "other.parquet").write_bytes(content[:20] + content[-20:])
    with pytest.raises(duckdb.Error), store.connect() as connection:
        connection.execute(f"FROM '{tmp_path}/other.parquet'")


@pytest.mark.usefixtures("no_patience")
def test_a_folder_is_no_warehouse(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="cannot open the warehouse"):
        DuckDBEngine(database=str(tmp_path)).connect().__enter__()


def test_the_memory_limit_is_what_was_chosen(tmp_path: Path) -> None:
    store = DuckDBEngine(database=str(tmp_path / "shop.duckdb"), memory_limit="512MiB")
    with store.connect() as connection:
        assert connection.execute("SELECT current_setting('memory_limit')").fetchone() == ("512.0 MiB",)


@pytest.mark.parametrize(
    ("limit", "rows"), [("4GB", 16_000_000), ("512MB", 2_048_000), ("1 GiB", 4_294_967), ("1.5GB", 6_000_000)]
)
def test_so_many_rows_are_held_at_once_as_the_memory_limit_allows(limit: str, rows: int) -> None:
    assert DuckDBEngine(database="w.duckdb", memory_limit=limit).rows_at_once == rows


def test_a_memory_limit_that_is_no_size_is_named() -> None:
    with pytest.raises(WarehouseError, match="memory limit plenty is not a size: write it like 2GB"):
        _ = DuckDBEngine(database="w.duckdb", memory_limit="plenty").rows_at_once


def test_the_folder_and_the_cores_to_work_with_are_what_was_chosen_for_readers_and_writers(tmp_path: Path) -> None:
    chosen = Settings(warehouse=tmp_path / "shop.duckdb", temp_directory=tmp_path / "work", threads=1)
    store = DuckDBEngine.of(chosen)
    for read_only in (False, True):
        with store.connect(read_only=read_only) as connection:
            used = connection.execute("SELECT current_setting('temp_directory'), current_setting('threads')").fetchone()
            assert used == (str(tmp_path / "work"), 1)


def test_what_does_not_fit_in_memory_is_worked_on_in_the_chosen_folder(tmp_path: Path) -> None:
    store = DuckDBEngine(
        database=str(tmp_path / "shop.duckdb"), memory_limit="20MB", temp_directory=str(tmp_path / "work")
    )
    with store.connect() as connection:
        connection.execute("SET threads = 1")
        connection.execute("CREATE TEMP TABLE t AS SELECT hash(range) AS n FROM range(6_000_000)")
        assert list((tmp_path / "work").iterdir()) != []


def test_a_memory_limit_that_is_too_low_is_named_with_the_way_out(tmp_path: Path) -> None:
    store = DuckDBEngine(database=str(tmp_path / "shop.duckdb"), memory_limit="5MB")
    with (
        pytest.raises(WarehouseError, match=r"within RFM_MEMORY_LIMIT=5MB \(.*\): set it higher"),
        store.connect() as connection,
    ):
        connection.execute("SELECT string_agg(repeat('x', 1000), '') FROM range(20_000)")


def test_no_extension_is_fetched_from_a_network(store: DuckDBEngine) -> None:
    with store.connect() as connection:
        assert connection.execute("SELECT current_setting('autoinstall_known_extensions')").fetchone() == (False,)
