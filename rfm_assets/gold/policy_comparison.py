"""Finds who would move under another policy, by applying the rule to stored customers. Writes nothing."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from rfm_assets.config.segments import Segments
from rfm_assets.contracts.gold import CUSTOMER_MONEY, CUSTOMER_RFM
from rfm_assets.errors import SettingError
from rfm_assets.gold.segments import placed, thresholds
from rfm_assets.warehouse.conformance import tables_must_exist
from rfm_assets.warehouse.days import stored_rows
from rfm_assets.warehouse.query import Query, sql

if TYPE_CHECKING:
    from rfm_assets.warehouse.engine import Engine


@dataclass(frozen=True)
class Move:
    """Customers who would move from one segment to another, and their spend."""

    from_segment: str
    to_segment: str
    customers: int
    money: Decimal


@dataclass(frozen=True)
class Comparison:
    """The day's customers and their spend, and the moves, largest amounts first."""

    customers: int
    money: Decimal
    moves: tuple[Move, ...]


def compare(engine: "Engine", day: date, before: Segments, after: Segments) -> Comparison:
    """Compares a day's stored customers under two policies; writes nothing.

    Raises:
        SettingError: when no customers of that day are stored.
        MissingTableError: when no day's customers are stored.
    """
    was, will_be = _customers(before, stored=before), _customers(after, stored=before)
    everybody = Query(f"SELECT count(*), sum(Monetary) FROM ({was.sql()}) AS customer")
    moved = sql(__package__, "policy_comparison", before=_under(before, was), after=_under(after, will_be))
    with engine.connect(read_only=True) as connection, tables_must_exist(CUSTOMER_RFM):
        ((customers, money),) = connection.execute(everybody.bind(day, day).sql()).fetchall()
        if not customers:
            raise SettingError(f"no customers of {day} are stored: choose a day that gold.customer_rfm has")
        moves = [Move(*row) for row in connection.execute(moved.bind(day, day).sql()).fetchall()]
    return Comparison(customers, money, tuple(sorted(moves, key=lambda move: (-move.money, move.from_segment))))


def _customers(policy: Segments, *, stored: Segments) -> Query:
    """The stored customers, with a policy's money and orders if they are stored by the other kind, gross or net."""
    customer_rfm = stored_rows(CUSTOMER_RFM, "BETWEEN $first AND $last")
    if policy.monetary == stored.monetary:
        return customer_rfm
    customer_money = stored_rows(CUSTOMER_MONEY, "BETWEEN $first AND $last")
    orders, money = ("Orders_Kept", "Net") if policy.is_net else ("Orders", "Gross")
    return Query(
        f"SELECT rfm.as_of_date, rfm.CustomerID, rfm.Recency, {orders} AS Frequency, {money} AS Monetary "
        "FROM rfm JOIN money ON money.as_of_date = rfm.as_of_date AND money.CustomerID = rfm.CustomerID",
        {"rfm": customer_rfm, "money": customer_money},
    )


def _under(policy: Segments, customer_rfm: Query) -> Query:
    return placed(customer_rfm, thresholds(customer_rfm, policy), policy)
