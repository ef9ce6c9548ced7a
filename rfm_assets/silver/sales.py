"""Which silver lines are sales, and which of these count for a customer."""

from rfm_assets.config import in_force
from rfm_assets.config.shop_file import Rules
from rfm_assets.silver.conditions import is_product
from rfm_assets.warehouse.query import Query, sql


def sales(transactions: Query, rules: Rules | None = None) -> Query:
    """The silver lines that are no cancellation, and whether each counts for a customer."""
    return sql(__package__, "sales", transactions=transactions).given(
        is_product=is_product("StockCode", rules or in_force.rules())
    )


def product_sales(transactions: Query) -> Query:
    """The sales that count for a customer."""
    return sql(__package__, "product_sales", sales=sales(transactions))
