"""Proof follows its definitions: cuts and outcomes by hand, measures by scikit-learn and scipy, no look-ahead."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import duckdb
import pytest
from scipy.stats import spearmanr
from sklearn.metrics import roc_auc_score

from rfm_assets.contracts import TABLES, Table
from rfm_assets.contracts.gold import CUSTOMER_MONEY, CUSTOMER_SCORES, CUSTOMER_SEGMENTS
from rfm_assets.contracts.proof import BACKTEST, EXPECTED_REVENUE, SEGMENT_OUTCOMES
from rfm_assets.contracts.silver import CUSTOMER_INVOICES as INVOICES
from rfm_assets.contracts.silver import RETURNS
from rfm_assets.contracts.silver import TRANSACTIONS as SILVER
from rfm_assets.partitions import A_YEAR_BEFORE_TOO
from rfm_assets.proof.cuts import HORIZONS, month_end_cuts
from rfm_assets.proof.intervals import interval
from rfm_assets.proof.statements import measures, net_money, outcomes, rankings
from rfm_assets.warehouse.days import stored_rows
from rfm_assets.warehouse.query import Query
from rfm_assets_tests.helpers.plain import Row, day, dicts, empty_warehouse, materialize, prove, put, sold

pytestmark = pytest.mark.slow

FIRST, LAST = day(1), day(130)
CUT = date(2025, 8, 31)
UP_TO_GOLD = [table for table in TABLES.values() if table.schema in {"silver", "gold"} and table != SILVER]
METHODS = {"Segment", "Quintile sum", "Recency", "Frequency", "Monetary", "Value_Score", "Overdue"}


def shop(*, customers: int = 25, seed: int = 7) -> list[Row]:
    """Some months of a few customers, each with their own rhythm; the same every time."""
    random, sales = Random(seed), []  # noqa: S311 - not a secret
    for name in range(customers):
        gap, on = random.choice([5, 11, 30, 70]), random.randrange(1, 60)
        while on <= (LAST - FIRST).days + 1 and random.random() > 0.05:
            amount = f"{random.randrange(1, 40)}.50"
            sales.append(sold(f"C{name:02}", f"5{len(sales):05}", amount, on=day(on)))
            on += random.randrange(1, 2 * gap)
    return sales


def proven(store: duckdb.DuckDBPyConnection) -> None:
    put(store, SILVER, *shop())
    materialize(store, FIRST, LAST, tables=UP_TO_GOLD)
    prove(store, FIRST, LAST)


def leaking_methods(store: duckdb.DuckDBPyConnection, ranking: Query, first: date, cut: date, last: date) -> set[str]:
    """The methods whose scores at a cut change if everything delivered after it is removed.

    `store` has silver's lines of the days from `first` to `last`; it is left without the days after the cut.
    """
    with_future = _scores(store, ranking, first, last)
    store.execute(f"DELETE FROM {SILVER.address} WHERE processing_date > DATE '{cut}'")
    without = _scores(store, ranking, first, last)
    assert with_future.keys() == without.keys()
    return {method for method, scores in with_future.items() if scores != without[method]}


def _scores(
    store: duckdb.DuckDBPyConnection, ranking: Query, first: date, last: date
) -> dict[str, Sequence[tuple[object, ...]]]:
    materialize(store, first, last, tables=UP_TO_GOLD)
    prove(store, first, last)
    rows = store.execute(
        f"SELECT method, CustomerID, round(score, 6) FROM ({ranking.sql()}) AS ranked ORDER BY ALL"
    ).fetchall()
    return {method: [row for row in rows if row[0] == method] for method, *_ in rows}


def test_cuts_are_month_ends_and_are_measured_when_their_horizon_ends() -> None:
    with duckdb.connect() as connection:
        (alone,) = connection.execute(month_end_cuts().bind(date(2025, 3, 30), date(2025, 3, 30)).sql()).fetchall()
        year = connection.execute(month_end_cuts().bind(date(2024, 1, 1), date(2024, 12, 31)).sql()).fetchall()
    assert alone == (date(2025, 3, 30), date(2025, 2, 28), 30)
    assert len(year) == 36
    for measured_on, cut, days in year:
        assert measured_on == cut + timedelta(days=days)
        assert (cut + timedelta(days=1)).day == 1


def test_the_inputs_reach_as_far_back_as_the_longest_horizon() -> None:
    assert -A_YEAR_BEFORE_TOO.start_offset == max(HORIZONS)


def test_outcomes_are_what_was_delivered_after_the_cut_up_to_the_end_of_the_horizon() -> None:
    end = CUT + timedelta(days=30)
    with empty_warehouse() as store:
        put(
            store,
            SILVER,
            *(sold(name, f"50000{n}", "10.00", on=CUT) for n, name in enumerate("AB")),
            sold("A", "500010", "3.00", on=CUT + timedelta(days=1), InvoiceDate=CUT),
            sold("A", "500011", "4.00", on=end),
            sold("A", "500012", "99.00", on=end + timedelta(days=1)),
            sold("new", "500013", "99.00", on=end),
        )
        materialize(store, FIRST, LAST, tables=UP_TO_GOLD)
        prove(store, FIRST, LAST)
        (found,) = dicts(store, f"FROM {SEGMENT_OUTCOMES.address} WHERE measured_on = '{end}'")
    assert (found["as_of_date"], found["horizon_days"], found["customers"], found["buyers"]) == (CUT, 30, 2, 1)
    assert (float(found["revenue"]), found["lift"], found["purchase_rate"]) == (7.0, 1.0, 0.5)
    assert found["purchase_rate_low"] == pytest.approx(0.0945, abs=5e-5)  # Wilson's of 1 in 2
    assert found["purchase_rate_high"] == pytest.approx(0.9055, abs=5e-5)
    assert found["revenue_low"] <= 7 <= found["revenue_high"]


def test_net_outcomes_are_what_the_days_of_the_horizon_add_to_net_money() -> None:
    lines = [*shop(), *sent_back()]
    known_at = f"FROM {CUSTOMER_SEGMENTS.address} WHERE as_of_date = ?"
    with empty_warehouse() as store:
        put(store, SILVER, *lines)
        materialize(store, FIRST, LAST, tables=UP_TO_GOLD)
        cuts = month_end_cuts().bind(FIRST, LAST)
        outcome = outcomes(cuts, everything(CUSTOMER_SEGMENTS), net_money(everything(INVOICES), everything(RETURNS)))
        measured = store.execute(f"SELECT measured_on, as_of_date FROM ({cuts.sql()})").fetchall()
        known = {cut: store.execute(f"SELECT CustomerID {known_at}", [cut]).fetchall() for _, cut in measured}
        found = store.execute(f"SELECT measured_on, CustomerID, spent, bought FROM ({outcome.sql()})").fetchall()
        net = {
            (on, who): amount
            for on, who, amount in store.execute(
                f"SELECT as_of_date, CustomerID, Net FROM {CUSTOMER_MONEY.address}"
            ).fetchall()
        }
    expected = set()
    for end, cut in measured:
        for (who,) in known[cut]:
            since = [one for one in lines if one["CustomerID"] == who and cut < one["processing_date"] <= end]
            products = [one for one in since if one["StockCode"] != "POST"]
            spent = sum(-one["TotalPrice"] if one["IsCancellation"] else one["TotalPrice"] for one in products)
            assert spent == net[end, who] - net[cut, who]
            expected.add((end, who, spent, any(not one["IsCancellation"] for one in products)))
    assert set(found) == expected
    assert len(found) == len(expected)
    assert {(spent > 0, bought) for *_, spent, bought in expected} == {(True, True), (False, True), (False, False)}


def sent_back() -> list[Row]:
    """The returns of some customers, sometimes more than they bought, and postage, which does not count."""
    random = Random(11)  # noqa: S311 - not a secret
    return [
        sold(
            f"C{random.randrange(25):02}",
            f"C5{number:05}",
            f"{random.randrange(1, 60)}.25",
            on=day(random.randrange(1, 130)),
            StockCode=random.choice(["85048", "22041", "POST"]),
        )
        for number in range(80)
    ]


def test_a_cut_whose_customers_are_not_stored_any_more_has_no_row() -> None:
    with empty_warehouse() as store:
        put(store, SILVER, *shop())
        materialize(store, FIRST, LAST, tables=UP_TO_GOLD)
        for table in (CUSTOMER_SEGMENTS, CUSTOMER_SCORES):
            store.execute(f"DELETE FROM {table.address} WHERE as_of_date = '{CUT}'")
        prove(store, FIRST, LAST)
        for table in (SEGMENT_OUTCOMES, BACKTEST):
            cuts = {cut for (cut,) in store.execute(f"SELECT DISTINCT as_of_date FROM {table.address}").fetchall()}
            assert cuts, table.address
            assert CUT not in cuts, table.address


def test_every_measure_is_as_scipy_and_scikit_learn_have_it() -> None:
    with empty_warehouse() as store:
        proven(store)
        found = dicts(store, f"FROM {BACKTEST.address} WHERE as_of_date = '{CUT}' AND horizon_days = 30")
        assert {row["method"] for row in found} == METHODS
        ranked, happened = ranked_and_happened(store)
    spent = {customer: float(amount) for customer, amount in happened}
    for row in found:
        score = {customer: value for method, customer, value in ranked if method == row["method"]}
        names = sorted(score)
        x, y = [score[name] for name in names], [spent[name] for name in names]
        assert row["customers"] == len(spent) == len(names)
        assert row["buyers"] == sum(one > 0 for one in y)
        assert row["spearman"] == pytest.approx(spearmanr(x, y).statistic, abs=1e-9), row["method"]
        assert row["auc_purchase"] == pytest.approx(roc_auc_score([one > 0 for one in y], x), abs=1e-9)
        assert row["top10_share"] == pytest.approx(top_share(x, y, 0.1), abs=1e-9)
        assert row["top20_share"] == pytest.approx(top_share(x, y, 0.2), abs=1e-9)
        assert row["normalised_gini"] == pytest.approx(gini(x, y) / gini(y, y), abs=1e-9)


def ranked_and_happened(store: duckdb.DuckDBPyConnection) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    cuts = cut_of_30_days()
    ranking, outcome = ranking_of(cuts), outcomes(cuts, everything(CUSTOMER_SEGMENTS), everything(INVOICES))
    return (
        store.execute(f"SELECT method, CustomerID, score FROM ({ranking.sql()}) AS ranked").fetchall(),
        store.execute(f"SELECT CustomerID, spent FROM ({outcome.sql()}) AS outcome").fetchall(),
    )


def everything(table: Table) -> Query:
    return stored_rows(table, "IS NOT NULL")


def ranking_of(cuts: Query) -> Query:
    return rankings(cuts, everything(CUSTOMER_SEGMENTS), everything(CUSTOMER_SCORES), everything(SEGMENT_OUTCOMES))


def top_share(scores: Sequence[float], spent: Sequence[float], share: float) -> float:
    """The mean over all orders of equal scores, by filling the top with fractions of customers."""
    left, won = share * len(scores), 0.0
    for score in sorted(set(scores), reverse=True):
        tied = [amount for one, amount in zip(scores, spent, strict=True) if one == score]
        taken = min(max(left / len(tied), 0), 1)
        won, left = won + taken * sum(tied), left - len(tied)
    return won / sum(spent)


def gini(scores: Sequence[float], spent: Sequence[float]) -> float:
    """Twice the area between the gain curve and the diagonal, by trapezoids over groups of equal scores."""
    points, area = [(0.0, 0.0)], 0.0
    for score in sorted(set(scores), reverse=True):
        above = [amount for one, amount in zip(scores, spent, strict=True) if one >= score]
        points.append((len(above) / len(scores), sum(above) / sum(spent)))
    for (x, y), (next_x, next_y) in pairwise(points):
        area += (next_x - x) * (y + next_y) / 2
    return 2 * area - 1


def test_a_perfect_ranking_scores_one_and_a_constant_one_is_chance() -> None:
    outcome = "SELECT * FROM (VALUES ('A', 0), ('B', 1), ('C', 5), ('D', 9)) AS one(CustomerID, spent)"
    of_cut = "DATE '2025-07-30' AS measured_on, DATE '2025-06-30' AS as_of_date, 30 AS horizon_days"
    known = Query(f"SELECT {of_cut}, *, spent > 0 AS bought, 'any' AS segment FROM ({outcome}) AS one")
    ranking = Query(
        f"""SELECT {of_cut}, CustomerID, method, CASE method WHEN 'perfect' THEN spent ELSE 0 END AS score
        FROM ({outcome}) AS one CROSS JOIN (VALUES ('perfect'), ('constant')) AS methods(method)"""
    )
    with duckdb.connect() as connection:
        found = {row["method"]: row for row in dicts(connection, measures(ranking, known).sql())}  # type: ignore[arg-type]
    perfect, constant = found["perfect"], found["constant"]
    assert [perfect[name] for name in ("spearman", "auc_purchase", "normalised_gini")] == [1.0, 1.0, 1.0]
    assert constant["spearman"] is None
    assert [constant[name] for name in ("auc_purchase", "normalised_gini", "top20_share")] == [0.5, 0.0, 0.2]


def test_days_one_by_one_give_what_one_run_gives() -> None:
    def contents(store: duckdb.DuckDBPyConnection) -> list[list[tuple[Any, ...]]]:
        return [
            [tuple(round(cell, 9) if isinstance(cell, float) else cell for cell in row) for row in found.fetchall()]
            for found in (
                store.execute(f"FROM {table.address} ORDER BY ALL")
                for table in (SEGMENT_OUTCOMES, BACKTEST, EXPECTED_REVENUE)
            )
        ]

    with empty_warehouse() as store:
        proven(store)
        in_one_run = contents(store)
        for number in range(1, 131):
            prove(store, day(number), day(number))
        assert contents(store) == in_one_run


def test_no_method_looks_past_its_cut() -> None:
    with empty_warehouse() as store:
        put(store, SILVER, *shop())
        assert leaking_methods(store, ranking_of(cut_of_30_days()), FIRST, CUT, LAST) == set()


def test_a_method_that_looks_past_its_cut_is_found() -> None:
    ranking = ranking_of(cut_of_30_days())
    planted = f"""{ranking.text}
        UNION ALL
        SELECT cut.measured_on, cut.as_of_date, cut.horizon_days, later.CustomerID, 'Planted', later.Value_Score
        FROM cut JOIN customer_scores AS later ON later.as_of_date = cut.as_of_date + 10
        JOIN customer_segments AS known ON known.as_of_date = cut.as_of_date AND known.CustomerID = later.CustomerID"""
    with empty_warehouse() as store:
        put(store, SILVER, *shop())
        assert leaking_methods(store, replace(ranking, text=planted), FIRST, CUT, LAST) == {"Planted"}


def cut_of_30_days() -> Query:
    return Query(
        f"SELECT DATE '{CUT + timedelta(days=30)}' AS measured_on, DATE '{CUT}' AS as_of_date, 30 AS horizon_days"
    )


def test_past_means_come_from_horizons_that_had_ended_by_the_cut() -> None:
    with empty_warehouse() as store:
        proven(store)
        first = store.execute(
            f"SELECT min(as_of_date) FROM {BACKTEST.address} WHERE method = 'Segment' AND horizon_days = 30"
        ).fetchall()
    assert first == [(date(2025, 7, 31),)]  # the cut of June was measured on July 30


def test_the_interval_of_a_sum_is_the_same_every_time_and_as_wide_as_its_spread() -> None:
    spending = [(0.0, 800), (10.0, 100), (50.0, 100)]
    low, high = interval(spending, seed="a segment")
    assert (low, high) == interval(spending, seed="a segment")
    half_width = 1.96 * (100 * 10**2 + 100 * 50**2) ** 0.5
    assert (high - low) / 2 == pytest.approx(half_width, rel=0.15)
    assert (high + low) / 2 == pytest.approx(6000, rel=0.03)
    assert interval([(0.0, 5)], seed="nobody bought") == (0.0, 0.0)


def test_what_is_expected_is_what_the_newest_measured_30_days_brought_for_each_customer() -> None:
    with empty_warehouse() as store:
        proven(store)
        on = date(2025, 10, 1)  # the cut of August was measured on September 30
        earlier = {
            row["segment"]: row
            for row in dicts(store, f"FROM {SEGMENT_OUTCOMES.address} WHERE as_of_date = '{CUT}' AND horizon_days = 30")
        }
        found = dicts(store, f"FROM {EXPECTED_REVENUE.address} WHERE as_of_date = '{on}'")
        unmeasured = dicts(store, f"FROM {EXPECTED_REVENUE.address} WHERE as_of_date = '{date(2025, 7, 29)}'")
    assert found
    for row in found:
        then = earlier.get(row["segment"])
        wanted = float(then["revenue"]) / then["customers"] * row["customers"] if then else None
        got = row["expected_revenue"]
        assert (got is None) == (wanted is None)
        assert wanted is None or float(got) == pytest.approx(wanted, abs=0.011)
    assert {row["expected_revenue"] for row in unmeasured} == {None}


def test_who_kept_less_than_nothing_puts_nothing_at_risk() -> None:
    with empty_warehouse() as store:
        often = [sold("often", f"5000{number:02}", "10.00", on=day(number)) for number in (1, 3, 5, 7, 9)]
        put(store, SILVER, *often)
        materialize(store, FIRST, day(40), tables=UP_TO_GOLD)
        store.execute(f"UPDATE {CUSTOMER_SEGMENTS.address} SET Monetary = -1")
        prove(store, day(40), day(40))
        assert store.execute(f"SELECT revenue_at_risk FROM {EXPECTED_REVENUE.address}").fetchall() == [(0,)]


def test_what_is_at_risk_is_the_own_history_of_overdue_customers() -> None:
    often = [sold("often", f"5000{number:02}", "10.00", on=day(number)) for number in (1, 3, 5, 7, 9)]
    with empty_warehouse() as store:
        put(store, SILVER, *often, sold("once", "500100", "80.00"))
        materialize(store, FIRST, day(40), tables=UP_TO_GOLD)
        prove(store, day(9), day(40))
        rows = dicts(store, f"FROM {EXPECTED_REVENUE.address} WHERE as_of_date IN ('{day(9)}', '{day(40)}')")
    at_risk = {on: sum(row["revenue_at_risk"] for row in rows if row["as_of_date"] == on) for on in (day(9), day(40))}
    assert at_risk == {day(9): 0, day(40): 150}  # 10.00 each two days; one order alone is no history
