"""Customers' returns, and the order that each takes back."""

from rfm_assets.config import in_force
from rfm_assets.config.shop_file import Rules
from rfm_assets.silver.conditions import is_product, store
from rfm_assets.silver.customers import aliased
from rfm_assets.silver.rules import typed_total
from rfm_assets.silver.sales import orders
from rfm_assets.silver.usable import refused
from rfm_assets.warehouse.query import Query, sql


def taken_back(transactions: Query, rejected: Query, rules: Rules | None = None) -> Query:
    """The returns among a run's lines; `rejected` are the run's refused lines, `transactions` all valid ones so far."""
    in_use = rules or in_force.rules()
    returned = aliased(refused(rejected))
    of_returners = sql(__package__, "returners_lines", transactions=transactions, refused=returned)
    lines = sql(
        __package__,
        "returns",
        refused=returned,
        transactions=transactions,
        orders=orders(of_returners, transactions, in_use),
    )
    return lines.given(
        is_product=is_product("line.StockCode", in_use), quantity_times_price=typed_total(in_use), store=store(in_use)
    )
