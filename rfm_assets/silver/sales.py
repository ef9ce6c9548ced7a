"""Which silver lines are sales, which of these count for a customer, and the order of each."""

from rfm_assets.config import in_force
from rfm_assets.config.shop_file import Rules
from rfm_assets.silver.conditions import is_product, numbered
from rfm_assets.warehouse.query import Query, sql


def sales(transactions: Query, rules: Rules | None = None) -> Query:
    """The silver lines except cancellations, with whether each counts for a customer."""
    in_use = rules or in_force.rules()
    return sql(__package__, "sales", transactions=transactions).given(
        is_product=is_product("StockCode", in_use), number=numbered("InvoiceNo", in_use)
    )


def product_sales(transactions: Query) -> Query:
    """The sales that count for a customer."""
    return sql(__package__, "product_sales", sales=sales(transactions))


def of_run(transactions: Query) -> Query:
    """The lines that the run's days delivered."""
    days = "WHERE processing_date BETWEEN $first AND $last"
    return Query(f"SELECT *\nFROM transactions\n{days}", {"transactions": transactions})


def orders(some: Query, transactions: Query, rules: Rules | None = None) -> Query:
    """The sales among silver lines, with each one's order in a column `OrderNo`.

    Defines the identity of an order for everything that counts orders. `transactions` are all lines so far.
    """
    in_use = rules or in_force.rules()
    lines = sales(some, in_use)
    repeated = sql(__package__, "repeated_numbers", line=lines, transactions=transactions).given(
        number=numbered("InvoiceNo", in_use), reuse_days=str(in_use.invoice_reuse_days)
    )
    return sql(__package__, "orders", line=lines, repeated_number=repeated)
