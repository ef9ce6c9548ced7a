"""A table of the published copy that the warehouse does not have: what each customer bought most, as of the newest day.

Lines are not published, and this is all that readers learn of them: ten rows a customer at most, however many lines.
"""

from datetime import date

from rfm_assets.contracts.meta import CUSTOMER_PRODUCTS
from rfm_assets.contracts.silver import TRANSACTIONS
from rfm_assets.silver.sales import orders
from rfm_assets.warehouse.days import stored_rows
from rfm_assets.warehouse.query import Query, sql

MOST = 10
"""So many products of each customer."""


def customer_products(as_of: date) -> Query:
    """The statement of the table's rows as of a day, over stored lines."""
    lines = stored_rows(TRANSACTIONS, "<= $last")
    rows = sql(__package__, CUSTOMER_PRODUCTS.address.partition(".")[2], orders=orders(lines, lines))
    return rows.given(most=str(MOST)).bind(as_of, as_of)
