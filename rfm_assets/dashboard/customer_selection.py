"""Customers that a link selects, such as those that a clicked mark counts."""

from dataclasses import dataclass

from rfm_assets.dashboard.groups import Group
from rfm_assets.warehouse.query import Query


@dataclass(frozen=True)
class CountedMoney:
    """Money per customer, and which money, in words: `in the past year`."""

    words: str
    money: Query


@dataclass(frozen=True)
class CustomerSelection:
    """Customers in words, and the SELECT that finds their ids."""

    words: str
    ids: Query
    counted: CountedMoney | None = None
    """The money that the mark counted, if it is not their total spend."""
    group: Group | None = None
    """The group of Today that they are, if any."""
