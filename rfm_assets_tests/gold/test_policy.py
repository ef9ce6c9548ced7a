"""Another policy divides customers as it says, and the comparison counts exactly those who would move."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from rfm_assets.config.segments import CELLS, Segments
from rfm_assets.contracts.gold import CUSTOMER_MONEY, CUSTOMER_RFM
from rfm_assets.errors import SettingError
from rfm_assets.gold.policy_comparison import Comparison, Move, compare
from rfm_assets.gold.segments import placed, recommendations, thresholds
from rfm_assets.warehouse.days import stored_rows
from rfm_assets.warehouse.duckdb.engine import DuckDBEngine
from rfm_assets_tests.gold.test_customer_segments import Customer, snapshot
from rfm_assets_tests.helpers.plain import FIRST, day, dicts, empty_warehouse, new_database, put

AT_RISK = "High Value - At Risk"
CUSTOMERS: Sequence[Customer] = [("100.00", 1, 0), ("200.00", 2, 10), ("300.00", 3, 20), ("900.00", 4, 400)]


def under(policy: Mapping[str, Any], *customers: Customer) -> tuple[Mapping[str, Any], list[str]]:
    """The thresholds and the segments of customers under a policy."""
    chosen = Segments.model_validate(policy)
    rows = stored_rows(CUSTOMER_RFM, "BETWEEN $first AND $last")
    medians = thresholds(rows, chosen)
    with empty_warehouse() as store:
        put(store, CUSTOMER_RFM, *snapshot(*customers))
        (found,) = dicts(store, medians.bind(FIRST, FIRST).sql())
        segments = dicts(store, placed(rows, medians, chosen).bind(FIRST, FIRST).sql())
    return found, [row["segment"] for row in sorted(segments, key=lambda row: int(row["CustomerID"]))]


def tiers(policy: Mapping[str, Any], *customers: Customer) -> list[str]:
    return [segment.partition(" ")[0] for segment in under(policy, *customers)[1]]


def test_multiples_of_the_median_are_exact() -> None:
    among = [("33.33", 1, 0), ("33.34", 1, 0), ("110.00", 1, 0), ("121.00", 1, 0), ("121.01", 1, 0)]
    assert tiers({"growing_above": 0.303, "high_above": 1.1}, *among) == [
        "Base",
        "Growing",
        "Growing",
        "Growing",
        "High",
    ]


def test_amounts_stand_in_place_of_multiples() -> None:
    policy = {"growing_above_amount": 100, "high_above_amount": 299.99}
    assert tiers(policy, *CUSTOMERS) == ["Base", "Growing", "High", "High"]


def test_days_stand_in_place_of_the_median_recency() -> None:
    _, segments = under({"active_within_days": 20}, *CUSTOMERS)
    assert [segment.partition(" - ")[2] for segment in segments] == ["Developing", "Developing", "At Risk", "At Risk"]


def test_medians_are_of_those_who_purchased_within_the_window() -> None:
    within, _ = under({"window_days": 20}, *CUSTOMERS)
    assert (within["median_monetary"], within["median_recency"], within["customers"]) == (200.0, 10.0, 4)


def test_medians_are_of_all_where_nobody_purchased_within_the_window() -> None:
    long_ago = [("1.00", 1, 30), ("3.00", 2, 40)]
    assert under({"window_days": 20}, *long_ago)[0]["median_monetary"] == 2.0


def test_own_names_and_recommendations_stand_in_place_of_the_pipeline_s() -> None:
    cells = {AT_RISK: {"name": "Owner's treasure", "recommendation": "Call for $5"}}
    _, segments = under({"cells": cells}, *CUSTOMERS)
    assert segments[3] == "Owner's treasure"
    of_shop = recommendations(Segments.model_validate({"cells": cells}))
    assert of_shop["Owner's treasure"] == "Call for $5"
    assert set(of_shop) == {*CELLS, "Owner's treasure"} - {AT_RISK}


def test_the_hash_is_that_of_what_changes_gold() -> None:
    def policy(**keys: Any) -> str:  # noqa: ANN401 - whatever the section may hold
        return Segments.model_validate(keys).policy

    assert policy() == policy(growing_above=1.0, window_days=0) == policy(cells={AT_RISK: {"owner": "Ann"}})
    assert policy(high_above=3) == policy(high_above=3.0)
    changed = [
        policy(),
        policy(high_above=3),
        policy(window_days=365),
        policy(active_within_days=90),
        policy(growing_above_amount=1, high_above_amount=2),
        policy(cells={AT_RISK: {"name": "VIP"}}),
        policy(cells={AT_RISK: {"recommendation": "Call"}}),
    ]
    assert len(set(changed)) == len(changed)


@pytest.fixture
def warehouse(tmp_path: Path) -> DuckDBEngine:
    file = tmp_path / "warehouse.duckdb"
    with new_database(str(file)) as store:
        put(store, CUSTOMER_RFM, *snapshot(*CUSTOMERS), *snapshot(("1.00", 1, 0), number=2))
    return DuckDBEngine(database=str(file))


def test_who_would_move_is_counted_with_what_they_have_spent(warehouse: DuckDBEngine) -> None:
    stored = Path(warehouse.database).read_bytes()
    other = Segments.model_validate({"high_above": 1.1, "cells": {AT_RISK: {"name": "Owner's treasure"}}})
    assert compare(warehouse, FIRST, Segments(), other) == Comparison(
        4, Decimal("1500.00"), (Move("Growing Value - At Risk", "Owner's treasure", 1, Decimal("300.00")),)
    )
    assert Path(warehouse.database).read_bytes() == stored


def test_net_money_is_compared_with_what_is_stored_as_gross(warehouse: DuckDBEngine) -> None:
    money = ("Gross", "Returned", "Net", "Orders", "Orders_Kept")
    with warehouse.connect() as store:
        for number, (gross, orders, _) in enumerate(CUSTOMERS):
            returned = "900.00" if number == 3 else "0.00"
            net = Decimal(gross) - Decimal(returned)
            values = dict(zip(money, (gross, returned, net, orders, orders), strict=True))
            put(store, CUSTOMER_MONEY, {"as_of_date": FIRST, "CustomerID": str(number)} | values)
    found = compare(warehouse, FIRST, Segments(), Segments(monetary="net"))
    assert Move("High Value - At Risk", "Base Value - At Risk", 1, Decimal("900.00")) in found.moves
    assert found.money == Decimal("1500.00")


def test_another_name_moves_nobody(warehouse: DuckDBEngine) -> None:
    renamed = Segments.model_validate({"cells": {AT_RISK: {"name": "Owner's treasure"}}})
    assert compare(warehouse, FIRST, Segments(), renamed).moves == ()


@pytest.mark.parametrize("missing", [day(3), date(2020, 1, 1)])
def test_a_day_without_customers_is_named(warehouse: DuckDBEngine, missing: date) -> None:
    with pytest.raises(SettingError, match=f"no customers of {missing} are stored"):
        compare(warehouse, missing, Segments(), Segments())
