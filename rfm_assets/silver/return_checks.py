"""Checks that every return is stored, takes back what had been sold, and that returns are not unusually many."""

from rfm_assets.config import in_force
from rfm_assets.config.words import product_codes
from rfm_assets.contracts.silver import FILE_OUTCOMES, REJECTED_TRANSACTIONS, RETURNS, TRANSACTIONS
from rfm_assets.silver.sales import orders, product_sales
from rfm_assets.silver.usable import refused
from rfm_assets.tables.check import WARN, Check, days_of
from rfm_assets.warehouse.days import stored_rows
from rfm_assets.warehouse.query import Query

USUAL_SHARE = 0.5
"""Returns above this share of a day's sales need a look: a batch of refunds, or a file with wrong signs."""

_VALID = Query(f"SELECT * FROM {TRANSACTIONS.address} WHERE {days_of(TRANSACTIONS)}")
_REFUSED = Query(f"SELECT * FROM {REJECTED_TRANSACTIONS.address} WHERE {days_of(REJECTED_TRANSACTIONS)}")

_OF_RETURNERS = Query(f"""
    SELECT * FROM {TRANSACTIONS.address}
    WHERE CustomerID IN (SELECT CustomerID FROM {RETURNS.address} WHERE {days_of(RETURNS)} AND IsMatched)""")

RETURNS_RECONCILE = Check(
    "returns_reconcile_with_silver",
    "The returns of a day are its negative lines that fail no other rule, and its cancellations, unit for unit.",
    broken=f"""
        SELECT processing_date, sum(delivered) AS delivered, sum(kept) AS kept,
            sum(units_delivered) AS units_delivered, sum(units) AS units
        FROM (
            SELECT processing_date, 1 AS delivered, 0 AS kept, -CAST(typed_quantity AS BIGINT) AS units_delivered,
                0 AS units
            FROM ({refused(_REFUSED).sql()}) WHERE takes_back
            UNION ALL
            SELECT processing_date, 1, 0, Quantity, 0 FROM ({_VALID.text}) WHERE IsCancellation
            UNION ALL
            SELECT processing_date, 0, 1, 0, Quantity FROM {RETURNS.address} WHERE {days_of(RETURNS)}
        )
        GROUP BY processing_date HAVING sum(delivered) <> sum(kept) OR sum(units_delivered) <> sum(units)""",
)

NO_RETURN_BEFORE_ITS_SALE = Check(
    "no_return_before_its_sale",
    "A return takes back what had been sold and delivered by its day, and no more. It does not if an earlier day has "
    "changed and later days were not made again: materialize from it to the latest day.",
    broken=f"""
        SELECT returned.processing_date, returned.InvoiceNo, returned.CustomerID, StockCode, InvoiceDate, Quantity,
            TakesBack, SoldOn, SoldQuantity, first_delivered
        FROM (SELECT * FROM {RETURNS.address} WHERE {days_of(RETURNS)} AND IsMatched) AS returned
        LEFT JOIN (
            SELECT CustomerID, OrderNo, min(processing_date) AS first_delivered
            FROM ({orders(_OF_RETURNERS, stored_rows(TRANSACTIONS, "<= $last")).sql()}) AS ordered
            GROUP BY CustomerID, OrderNo
        ) AS sold ON sold.CustomerID = returned.CustomerID AND sold.OrderNo = TakesBack
        WHERE coalesce(first_delivered > returned.processing_date, true)
            OR SoldOn > InvoiceDate OR SoldQuantity < Quantity""",
)

RETURNS_ARE_USUAL = Check(
    "returns_are_usual",
    f"Customers' returns on a day are at most {USUAL_SHARE:.0%} of what they buy on it "
    f"(products: {product_codes(in_force.rules())}).",
    broken=f"""
        SELECT processing_date, sum(returned) AS returned, sum(sold) AS sold FROM (
            SELECT processing_date, Amount AS returned, 0 AS sold
            FROM {RETURNS.address} WHERE {days_of(RETURNS)} AND CountsForCustomer
            UNION ALL
            SELECT processing_date, 0, TotalPrice FROM ({product_sales(_VALID).sql()})
        )
        GROUP BY processing_date HAVING sum(returned) > {USUAL_SHARE} * sum(sold)""",
    severity=WARN,
    per_day=True,
)

EARLIER_RETURNS_ARE_THERE = Check(
    "earlier_returns_are_there",
    "Each day before the run has its returns here. A day made by a version without this table does not: run "
    "`rfm refresh`, or customers' returns are too low.",
    broken=f"""
        SELECT processing_date, sum(returns) AS returns FROM {FILE_OUTCOMES.address}
        WHERE processing_date < $first AND processing_date NOT IN (SELECT processing_date FROM {RETURNS.address})
        GROUP BY processing_date HAVING sum(returns) > 0""",
    severity=WARN,
)

RETURN_CHECKS = (RETURNS_RECONCILE, NO_RETURN_BEFORE_ITS_SALE, RETURNS_ARE_USUAL, EARLIER_RETURNS_ARE_THERE)
