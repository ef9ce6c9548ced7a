"""A table of the published copy that the warehouse does not have: growth, added up by the day that delivered it.

Counting every invoice and customer again takes seconds where there are millions; these rows number days times months.
"""

from rfm_assets.contracts.silver import INVOICES
from rfm_assets.warehouse.query import Query, sql

GROWTH = "meta.growth_by_delivery"


def make_growth(database: str = "") -> str:
    """The statement that makes the table from the invoices, in the database of the connection or another one."""
    there = f"{database}." if database else ""
    rows = sql(__package__, "growth_by_delivery", invoices=Query(f"SELECT * FROM {there}{INVOICES.address}"))
    return f"CREATE OR REPLACE TABLE {there}{GROWTH} AS {rows.sql()}"
