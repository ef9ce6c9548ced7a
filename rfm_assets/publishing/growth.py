"""A table only in the published copy: growth, summed by delivery day.

Counting millions of invoices and customers again takes seconds; this table has days times months rows.
"""

from rfm_assets.contracts.silver import INVOICES
from rfm_assets.warehouse.query import Query, sql

GROWTH = "meta.growth_by_delivery"


def make_growth(database: str = "") -> str:
    """The statement that makes the table from the invoices, in the connection's database or another one."""
    there = f"{database}." if database else ""
    rows = sql(__package__, "growth_by_delivery", invoices=Query(f"SELECT * FROM {there}{INVOICES.address}"))
    return f"CREATE OR REPLACE TABLE {there}{GROWTH} AS {rows.sql()}"
