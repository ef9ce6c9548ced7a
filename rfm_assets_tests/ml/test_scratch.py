"""Rows pass through the scratch folder with their contract's types, and the folder is removed afterwards."""

import gc
import tempfile
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from rfm_assets.contracts.ml import CUSTOMER_CLUSTERS
from rfm_assets.ml.scratch import Scratch
from rfm_assets.warehouse.query import Query

DAY, NEXT_DAY = date(2026, 1, 31), date(2026, 2, 1)
LABELS = pd.DataFrame({"CustomerID": ["B", "A"], "Cluster": [1, 0]})


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_the_folder_lives_as_long_as_a_query_over_it(temporary: Path) -> None:
    scratch = Scratch()
    scratch.add(CUSTOMER_CLUSTERS, "a day", LABELS)
    query = Query("SELECT * FROM labels", {"labels": scratch.rows(CUSTOMER_CLUSTERS)})
    del scratch
    gc.collect()
    assert len(duckdb.execute(query.sql()).fetchall()) == 2
    del query
    gc.collect()
    assert list(temporary.iterdir()) == []


@pytest.mark.usefixtures("temporary")
def test_parts_have_the_declared_types_even_where_they_are_empty() -> None:
    scratch = Scratch()
    scratch.add(CUSTOMER_CLUSTERS, "a day", LABELS.iloc[:0])
    scratch.add(CUSTOMER_CLUSTERS, "another", LABELS)
    columns = duckdb.execute(f"DESCRIBE {scratch.rows(CUSTOMER_CLUSTERS).sql()}").fetchall()
    assert [column[:2] for column in columns] == [("CustomerID", "VARCHAR"), ("Cluster", "INTEGER")]
    assert len(duckdb.execute(scratch.rows(CUSTOMER_CLUSTERS).sql()).fetchall()) == 2


@pytest.mark.usefixtures("temporary")
def test_rows_come_back_day_by_day_in_the_order_of_their_key() -> None:
    scratch = Scratch()
    rows = f"""SELECT * FROM (VALUES (DATE '{NEXT_DAY}', 'B'), (DATE '{DAY}', 'B'), (DATE '{NEXT_DAY}', 'A'))
        AS stored(as_of_date, CustomerID)"""
    with duckdb.connect() as connection:
        scratch.take(connection, CUSTOMER_CLUSTERS, Query(rows))
    days = scratch.each_day(CUSTOMER_CLUSTERS, [DAY, date(2027, 1, 1), NEXT_DAY], columns="CustomerID")
    assert [(day, frame["CustomerID"].tolist()) for day, frame in days] == [
        (DAY, ["B"]),
        (date(2027, 1, 1), []),
        (NEXT_DAY, ["A", "B"]),
    ]
