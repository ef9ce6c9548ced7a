"""The warehouse loses no day when a writing process is killed or when two of them meet."""

import signal
from pathlib import Path

import pytest

from rfm_assets.errors import WarehouseError
from rfm_assets.warehouse.duckdb.engine import DuckDBEngine
from rfm_assets.warehouse.duckdb.write import replace_days
from rfm_assets_tests.helpers.scenario import rows, warehouse
from rfm_assets_tests.helpers.visits import DAY, NEXT_DAY, STORED, THIRD_DAY, days, query, rewriting, visit


@pytest.mark.slow
@pytest.mark.parametrize("point", ["deleted", "inserted"])
def test_a_rewrite_killed_before_its_commit_leaves_the_day_as_it_was(
    store: DuckDBEngine, tmp_path: Path, point: str
) -> None:
    before = rows(tmp_path, STORED)
    with rewriting(store, NEXT_DAY) as writer:
        writer.until("deleted")
        if point == "inserted":
            writer.go_on()
            writer.until("inserted")
        writer.kill()
        assert writer.process.exitcode == -signal.SIGKILL
    assert rows(tmp_path, STORED) == before
    with store.transaction() as connection:  # nothing blocks the next one
        replace_days(connection, days(NEXT_DAY), query(visit(NEXT_DAY, "x")))
    assert rows(tmp_path, STORED) == [visit(DAY, "a"), visit(NEXT_DAY, "x"), visit(THIRD_DAY, "c")]


def test_two_writers_at_once_both_store_their_day(store: DuckDBEngine, tmp_path: Path) -> None:
    with rewriting(store, DAY) as ahead:
        ahead.until("deleted")
        with rewriting(store, NEXT_DAY) as behind:
            behind.until("waiting")
            ahead.finish()
            behind.until("deleted")
            behind.finish()
    assert rows(tmp_path, STORED) == [visit(DAY, "new"), visit(NEXT_DAY, "new"), visit(THIRD_DAY, "c")]


def test_a_lock_that_is_held_too_long_ends_in_a_clear_error(store: DuckDBEngine, tmp_path: Path) -> None:
    hasty = warehouse(tmp_path, lock_patience=0.1)
    with rewriting(store, DAY) as writer:
        writer.until("deleted")
        for opening in (hasty.transaction(), hasty.connect(read_only=True)):
            with pytest.raises(
                WarehouseError, match=r"in use by another process for 0\.1 s: wait for that run"
            ) as late:
                opening.__enter__()
            assert store.database in str(late.value)
        writer.finish()
    assert rows(tmp_path, STORED) == [visit(DAY, "new"), visit(NEXT_DAY, "b"), visit(THIRD_DAY, "c")]
