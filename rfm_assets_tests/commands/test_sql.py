"""`rfm sql` prints statements that run and return the stored rows."""

from datetime import date

import pytest

from rfm_assets.contracts import Table
from rfm_assets.contracts.bronze import TRANSACTIONS
from rfm_assets_tests.helpers.plain import MADE_BY_QUERIES, day, empty_warehouse, line, materialize, put
from rfm_assets_tests.helpers.runs import rfm

pytestmark = pytest.mark.slow

CLOCKS = {"ingestion_timestamp", "created_timestamp"}
LAST = day(35)  # 30 days after a month's end, when proof first measures the spending since


def printed(address: str, first: date, last: date) -> str:
    result = rfm("sql", address, "--from", str(first), "--to", str(last))
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("table", MADE_BY_QUERIES, ids=lambda table: table.address)
def test_the_printed_statement_runs_and_finds_what_is_stored(table: Table) -> None:
    with empty_warehouse() as store:
        put(
            store,
            TRANSACTIONS,
            *[line(on=day(n), Invoice=f"48943{n}") for n in (1, 2, 3)],
            line(on=day(1), Price="free"),
            line(on=day(3), Invoice="C489434", Quantity="-1"),
        )
        materialize(store, day(1), LAST)
        columns = ", ".join(name for name in table.types if name not in CLOCKS)
        found = store.execute(printed(table.address, day(1), LAST)).df()[columns.split(", ")]
        stored = store.execute(f"SELECT {columns} FROM {table.address}").df()
    assert len(found)
    assert sorted(found.astype(str).to_numpy().tolist()) == sorted(stored.astype(str).to_numpy().tolist())


def test_a_table_that_no_statement_makes_is_named_with_what_makes_it() -> None:
    result = rfm("sql", "ml.customer_clusters", "--from", "2025-06-26")
    assert result.exit_code == 1
    assert "ml.customer_clusters is made by rfm_assets.ml.assets, not by one statement" in result.output


def test_an_unknown_table_is_answered_with_those_there_are() -> None:
    result = rfm("sql", "gold.rfm", "--from", "2025-06-26")
    assert result.exit_code == 1
    assert "there is no table gold.rfm: choose one of bronze.transactions" in result.output
