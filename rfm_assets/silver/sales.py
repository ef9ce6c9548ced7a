"""Which silver lines are sales, and which of these count for a customer."""

from rfm_assets.warehouse.query import Query, sql


def sales(transactions: Query) -> Query:
    """The silver lines that are no cancellation, and whether each counts for a customer."""
    return sql(__package__, "sales", transactions=transactions)


def product_sales(transactions: Query) -> Query:
    """The sales that count for a customer."""
    return sql(__package__, "product_sales", sales=sales(transactions))
