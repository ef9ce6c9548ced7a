"""Quality's tables."""

from rfm_assets.config import in_force
from rfm_assets.contracts import bronze, silver
from rfm_assets.contracts import quality as contract
from rfm_assets.quality.checks import CHECKS
from rfm_assets.silver.conditions import is_invoice
from rfm_assets.silver.customers import in_small_letters
from rfm_assets.silver.rules import RULES, typed
from rfm_assets.silver.sales import sales
from rfm_assets.tables.reads import every_day_so_far, same_days
from rfm_assets.tables.table_asset import table_asset
from rfm_assets.warehouse.query import Query, sql, table

_DELIVERED = same_days(bronze.TRANSACTIONS)
_VALID = same_days(silver.TRANSACTIONS)


@table_asset(contract.BRONZE_DAILY_QUALITY, reads={"delivered": _DELIVERED}, checks=CHECKS)
def bronze_daily_quality(delivered: Query) -> Query:
    """How clean each delivered day was before any rule: empty fields, zero or negative amounts, unreadable lines."""
    clock = Query("SELECT $now AS utc_now")
    return sql(__package__, "bronze_daily_quality", typed=typed(delivered), clock=clock)


@table_asset(contract.BRONZE_SILVER_DQ_COMPARISON, reads={"delivered": _DELIVERED, "valid": _VALID}, checks=CHECKS)
def bronze_silver_dq_comparison(delivered: Query, valid: Query) -> Query:
    """The same defects counted in bronze and in silver, side by side: what the rules removed."""
    return sql(__package__, "bronze_silver_dq_comparison", typed=typed(delivered), valid=valid).given(
        is_invoice=f"({is_invoice('invoice', in_force.rules())})"
    )


@table_asset(contract.DAILY_COUNTS, reads={"delivered": _DELIVERED, "valid": _VALID}, checks=CHECKS)
def daily_counts(delivered: Query, valid: Query) -> Query:
    """Rows per invoice date in bronze and in silver: how many were kept, and which dates the files contain."""
    return sql(__package__, "daily_counts", typed=typed(delivered), valid=valid)


@table_asset(
    contract.CUSTOMER_IDENTITY,
    reads={"delivered": _DELIVERED, "valid": _VALID, "invoices": every_day_so_far(silver.INVOICES)},
    checks=CHECKS,
)
def customer_identity(delivered: Query, valid: Query, invoices: Query) -> Query:
    """Each day's sales to unknown customers, and ids that may be variants of one person's."""
    return sql(__package__, "customer_identity", typed=typed(delivered), sales=sales(valid), invoices=invoices).given(
        small_id=in_small_letters("CustomerID")
    )


@table_asset(
    contract.RULE_OUTCOMES,
    reads={"delivered": _DELIVERED, "rejected": same_days(silver.REJECTED_TRANSACTIONS)},
    checks=CHECKS,
)
def rule_outcomes(delivered: Query, rejected: Query) -> Query:
    """How many lines of each day passed and failed each rule. A line may fail several."""
    rules = table({rule.name: rule.why for rule in RULES}, key="name", value="why")
    return sql(__package__, "rule_outcomes", delivered=delivered, rejected=rejected, rule=rules)
