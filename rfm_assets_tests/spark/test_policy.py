"""Both engines divide customers alike under another policy and count the same movers."""

from pathlib import Path

import pytest

from rfm_assets.config.segments import Segments
from rfm_assets.contracts.gold import CUSTOMER_RFM
from rfm_assets.gold.policy_comparison import compare
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.duckdb.engine import DuckDBEngine
from rfm_assets.warehouse.query import Query
from rfm_assets.warehouse.spark.engine import SparkEngine
from rfm_assets_tests.helpers.plain import FIRST

pytestmark = pytest.mark.slow

# Amounts at, just below and just above thresholds that doubles cannot represent.
CUSTOMERS = Query(
    "SELECT DATE '2025-06-26' AS as_of_date, CustomerID, DATE '2025-06-26' AS MaxInvoiceDate, Recency, Frequency, "
    "CAST(Monetary AS DECIMAL(31, 2)) AS Monetary FROM (VALUES ('a', 5.00, 0, CAST(1 AS BIGINT)), "
    "('b', 10.10, 20, 2), ('c', 10.20, 40, 3), ('d', 20.30, 80, 4), ('e', 20.31, 160, 5), ('f', 1.00, 0, 6)) "
    "AS customer(CustomerID, Monetary, Recency, Frequency)"
)
OTHERS = [
    {"high_above": 2.001, "growing_above": 0.985},
    {"growing_above_amount": 10.2, "high_above_amount": 20.3},
    {"active_within_days": 41, "window_days": 40},
    {"window_days": 40, "high_above": 3, "cells": {"Growing Value - At Risk": {"name": "Owner's treasure"}}},
]


def test_both_engines_count_the_same_who_would_move(spark: SparkEngine, tmp_path: Path) -> None:
    engines = (DuckDBEngine(database=str(tmp_path / "w.duckdb")), spark)
    for engine in engines:
        with engine.replacing(Days(CUSTOMER_RFM, FIRST, FIRST), CUSTOMERS):
            pass
    for other in OTHERS:
        on_duckdb, on_spark = (compare(one, FIRST, Segments(), Segments.model_validate(other)) for one in engines)
        assert on_duckdb.moves
        assert on_duckdb == on_spark
