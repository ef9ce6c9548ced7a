"""Holds what would move a customer to the rule that gold.customer_segments really uses, strict comparisons included."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from rfm_assets.contracts import gold
from rfm_assets.dashboard.what_if import PENNY, Customer, Move, Thresholds, amount_over, moves
from rfm_assets_tests.plain import FIRST, empty_warehouse, materialize, put

MEDIANS = Thresholds(monetary=100.0, frequency=2.0, recency=30.0)
halves = st.integers(0, 12).map(lambda n: n / 2)
customers = st.builds(
    Customer, st.integers(0, 8), st.integers(1, 8), st.integers(0, 900).map(lambda pennies: Decimal(pennies) / 100)
)
thresholds = st.builds(Thresholds, st.integers(0, 900).map(lambda n: n / 200), halves, halves)


def segments_by_sql(day: date, people: list[Customer], medians: Thresholds) -> list[str]:
    """What the pipeline itself says of these customers under these medians."""
    with empty_warehouse() as connection:
        put(
            connection,
            gold.CUSTOMER_RFM,
            *(
                {
                    "as_of_date": day,
                    "CustomerID": f"{number:05}",
                    "MaxInvoiceDate": day,
                    "Recency": one.recency,
                    "Frequency": one.frequency,
                    "Monetary": one.monetary,
                }
                for number, one in enumerate(people)
            ),
        )
        put(
            connection,
            gold.SEGMENT_THRESHOLDS,
            {
                "as_of_date": day,
                "median_monetary": medians.monetary,
                "median_frequency": medians.frequency,
                "median_recency": medians.recency,
                "customers": len(people),
            },
        )
        materialize(connection, day, tables={gold.CUSTOMER_SEGMENTS})
        found = connection.execute("SELECT segment FROM gold.customer_segments ORDER BY CustomerID").fetchall()
    return [segment for (segment,) in found]


def test_the_rule_here_is_the_rule_of_the_pipeline_at_and_beside_every_threshold() -> None:
    amounts = ["0.00", "99.99", "100.00", "100.01", "199.99", "200.00", "200.01", "5000.00"]
    people = [
        Customer(recency, frequency, Decimal(amount))
        for recency in (0, 29, 30, 31)
        for frequency in (1, 2, 3)
        for amount in amounts
    ]
    assert [one.segment(MEDIANS) for one in people] == segments_by_sql(FIRST, people, MEDIANS)


@given(customers, thresholds)
def test_a_move_leads_where_it_says_and_nothing_less_does(customer: Customer, medians: Thresholds) -> None:
    for move in moves(customer, medians):
        assert move.segment != customer.segment(medians)
        if move.days:
            assert customer.after_waiting(move.days).segment(medians) == move.segment
            assert customer.after_waiting(move.days - 1).segment(medians) == customer.segment(medians)
            continue
        assert customer.after_orders(move.orders, move.amount).segment(medians) == move.segment
        if move.amount > PENNY:
            assert customer.after_orders(move.orders, move.amount - PENNY).segment(medians) != move.segment
        if move.orders > 1:
            assert customer.after_orders(move.orders - 1, move.amount).segment(medians) != move.segment


@given(customers, thresholds, st.integers(0, 60))
def test_waiting_leads_nowhere_that_is_not_told(customer: Customer, medians: Thresholds, days: int) -> None:
    told = {move.segment for move in moves(customer, medians) if move.days}
    assert customer.after_waiting(days).segment(medians) in told | {customer.segment(medians)}


@given(customers, thresholds, st.integers(1, 9), st.integers(1, 2_000))
def test_no_orders_lead_where_it_is_not_told(
    customer: Customer, medians: Thresholds, orders: int, pennies: int
) -> None:
    told = {move.segment for move in moves(customer, medians) if move.orders}
    reached = customer.after_orders(orders, pennies * PENNY).segment(medians)
    assert reached in told | {customer.segment(medians)}


def test_days_run_out_on_the_day_that_recency_meets_the_median() -> None:
    assert moves(Customer(18, 5, Decimal("500.00")), MEDIANS) == [Move("High Value - At Risk", days=12)]


def test_a_median_between_two_days_gives_the_later_one() -> None:
    (move,) = moves(Customer(28, 5, Decimal("500.00")), Thresholds(100.0, 2.0, 29.5))
    assert move == Move("High Value - At Risk", days=2)


def test_spending_as_much_as_the_median_is_not_enough() -> None:
    assert amount_over(Decimal("52.00"), 100.0) == Decimal("48.01")
    assert amount_over(Decimal("52.00"), 99.995) == Decimal("48.00")


def test_a_newcomer_has_every_way_before_it() -> None:
    assert moves(Customer(0, 1, Decimal("52.00")), MEDIANS) == [
        Move("Base Value - Inactive", days=30),
        Move("Growing Value - Developing", orders=1, amount=Decimal("48.01")),
        Move("High Value - Developing", orders=1, amount=Decimal("148.01")),
        Move("Base Value - Active & Engaged", orders=2),
        Move("Growing Value - Active & Engaged", orders=2, amount=Decimal("48.01")),
        Move("High Value - Active & Engaged", orders=2, amount=Decimal("148.01")),
    ]


def test_nothing_is_left_to_move_a_lost_customer_but_orders() -> None:
    assert all(move.orders for move in moves(Customer(300, 1, Decimal("10.00")), MEDIANS))
