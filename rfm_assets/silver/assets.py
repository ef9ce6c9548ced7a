"""Silver's tables: from one judgement of each line what passes the rules and what does not, and the invoices."""

import dagster as dg

from rfm_assets.contracts import bronze
from rfm_assets.contracts import silver as contract
from rfm_assets.partitions import DAILY, ONE_RUN
from rfm_assets.silver.rules import judged
from rfm_assets.tables.table_asset import WAREHOUSE_POOL, same_days, table_asset, table_out
from rfm_assets.warehouse.query import Query, sql


@dg.multi_asset(
    ins={"delivered": same_days(bronze.TRANSACTIONS)},
    outs={"valid": table_out(contract.TRANSACTIONS), "rejected": table_out(contract.REJECTED_TRANSACTIONS)},
    partitions_def=DAILY,
    backfill_policy=ONE_RUN,
    pool=WAREHOUSE_POOL,
)
def judged_transactions(delivered: Query) -> tuple[Query, Query]:
    """Splits each day's lines into those that pass all rules and those refused, with their reasons."""
    lines = judged(delivered)
    return sql(__package__, "transactions", judged=lines), sql(__package__, "rejected_transactions", judged=lines)


@table_asset(contract.CUSTOMER_INVOICES, reads={"transactions": same_days(contract.TRANSACTIONS)})
def customer_invoices(transactions: Query) -> Query:
    """What each delivered day adds to each customer: invoices of products, without cancellations and fees."""
    return sql(__package__, "customer_invoices", product_sales=product_sales(transactions))


@table_asset(contract.INVOICES, reads={"transactions": same_days(contract.TRANSACTIONS)})
def invoices(transactions: Query) -> Query:
    """What each delivered day adds to revenue: every invoice with all of its sales, anonymous ones and fees too."""
    return sql(__package__, "invoices", sales=sales(transactions))


def sales(transactions: Query) -> Query:
    """The silver lines that are no cancellation, and whether each counts for a customer."""
    return sql(__package__, "sales", transactions=transactions)


def product_sales(transactions: Query) -> Query:
    """The sales that count for a customer."""
    return sql(__package__, "product_sales", sales=sales(transactions))
