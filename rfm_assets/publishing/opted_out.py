"""A table only in the published copy: customers who opted out of marketing according to exports.

It exists only if exports state consent, and has only customers that are in the copy anyway, with the same ids.
"""

from collections.abc import Collection

import duckdb

from rfm_assets.contracts.gold import CUSTOMER_SEGMENTS
from rfm_assets.literals import literal
from rfm_assets.privacy.customer_ids import CustomerIds
from rfm_assets.warehouse.stored import stored_among

OPTED_OUT = "meta.opted_out"


def make_opted_out(database: str, customers: Collection[str], ids: CustomerIds) -> str:
    """The statement that makes the table in a database, or drops it if nobody has opted out."""
    if not customers:
        return f"DROP TABLE IF EXISTS {database}.{OPTED_OUT}"
    given = ", ".join(f"({literal(one)})" for one in sorted(customers))
    as_published = f"SELECT {ids.expression('id')} AS CustomerID FROM (VALUES {given}) AS given(id)"
    return f"""CREATE OR REPLACE TABLE {database}.{OPTED_OUT} AS
        SELECT CustomerID FROM ({as_published}) AS told
        WHERE CustomerID IN (SELECT CustomerID FROM {database}.{CUSTOMER_SEGMENTS.address}) ORDER BY CustomerID"""


def opted_out_of(connection: duckdb.DuckDBPyConnection) -> str:
    """A SELECT of the ids as in a published copy; empty if the copy lacks the table."""
    if stored_among(connection, [OPTED_OUT]):
        return f"SELECT CustomerID FROM {OPTED_OUT}"
    return "SELECT NULL::VARCHAR AS CustomerID WHERE false"
