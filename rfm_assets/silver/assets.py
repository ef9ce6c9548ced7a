"""Silver's tables: the lines that pass the rules and those that fail, judged once, and the invoices."""

from rfm_assets.config import in_force
from rfm_assets.contracts import bronze
from rfm_assets.contracts import silver as contract
from rfm_assets.silver.checks import CHECKS
from rfm_assets.silver.overlaps import marked_repeats
from rfm_assets.silver.returns import taken_back
from rfm_assets.silver.rules import judged, transactions
from rfm_assets.silver.sales import of_run, orders
from rfm_assets.silver.usable import file_outcomes
from rfm_assets.tables.reads import days_and_thirty_before, every_day_so_far, same_days
from rfm_assets.tables.table_asset import table_asset, tables_asset
from rfm_assets.warehouse.query import Query, sql

_SKIPS_FILES = in_force.rules().contained == "skip"


@tables_asset(
    (contract.TRANSACTIONS, contract.REJECTED_TRANSACTIONS),
    reads={
        "delivered": days_and_thirty_before(bronze.TRANSACTIONS) if _SKIPS_FILES else same_days(bronze.TRANSACTIONS)
    },
    checks=CHECKS,
)
def judged_transactions(delivered: Query) -> tuple[Query, Query]:
    """Splits each day's lines into those that pass all rules and those refused, with their reasons."""
    lines = judged(marked_repeats(delivered) if _SKIPS_FILES else delivered)
    return transactions(lines), sql(__package__, "rejected_transactions", judged=lines)


@tables_asset(
    (contract.FILE_OUTCOMES, contract.CUSTOMER_INVOICES),
    reads={
        "transactions": every_day_so_far(contract.TRANSACTIONS),
        "rejected": same_days(contract.REJECTED_TRANSACTIONS),
    },
    checks=CHECKS,
)
def counted_transactions(transactions: Query, rejected: Query) -> tuple[Query, Query]:
    """What each delivered day adds to each customer, and the outcomes of its files, which show whether it is usable.

    The order of a line depends on where its invoice number was used before.
    """
    of_customers = sql(__package__, "customer_invoices", orders=orders(of_run(transactions), transactions))
    return file_outcomes(of_run(transactions), rejected), of_customers


@table_asset(contract.INVOICES, reads={"transactions": every_day_so_far(contract.TRANSACTIONS)}, checks=CHECKS)
def invoices(transactions: Query) -> Query:
    """What each delivered day adds to revenue: every invoice with all its sales, including anonymous ones and fees.

    The order of a line depends on where its invoice number was used before.
    """
    return sql(__package__, "invoices", orders=orders(of_run(transactions), transactions))


@table_asset(
    contract.RETURNS,
    reads={
        "transactions": every_day_so_far(contract.TRANSACTIONS),
        "rejected": same_days(contract.REJECTED_TRANSACTIONS),
    },
    checks=CHECKS,
)
def returns(transactions: Query, rejected: Query) -> Query:
    """Every return line, with the order that it takes back, if known."""
    return taken_back(transactions, rejected)
