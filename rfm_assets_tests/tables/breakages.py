"""What breaks each check: one statement over the sound warehouse of test_run_checks, and what red then shows."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import dagster as dg

from rfm_assets.contracts import TABLES
from rfm_assets.contracts.bronze import OPTIONAL_SOURCE_COLUMNS
from rfm_assets.silver.rules import RULES
from rfm_assets_tests.helpers.plain import CHECKED, day

DAYS = [day(number) for number in range(1, 10)]
BROKEN_DAY, LAST_DAY = DAYS[1], DAYS[-1]


class Breakage(NamedTuple):
    """A statement that breaks a check on one day, how many rows the check must name, and a text they show."""

    table: str
    check: str
    statement: str
    failed: int = 1
    shows: str = str(BROKEN_DAY)
    on: date = BROKEN_DAY

    def showing(self, text: str, *, failed: int = 1) -> "Breakage":
        """The same breakage, with another text in its rows."""
        return self._replace(shows=text, failed=failed)


def change(table: str, check: str, assignment: str, where: str = "true", *, on: date = BROKEN_DAY) -> Breakage:
    """Changes one row of the day."""
    row = f"SELECT min(rowid) FROM {table} WHERE {day_column(table)} = DATE '{on}' AND {where}"
    statement = f"UPDATE {table} SET {assignment} WHERE rowid = ({row})"
    return Breakage(table, check, statement, shows=str(on), on=on)


def lose(table: str, check: str, where: str = "true") -> Breakage:
    """Deletes rows of the day."""
    statement = f"DELETE FROM {table} WHERE {day_column(table)} = DATE '{BROKEN_DAY}' AND {where}"
    return Breakage(table, check, statement)


def refuse(table: str, check: str, reasons: str) -> Breakage:
    """Adds a rejected row."""
    columns = "'489999', '85048', 'a line refused', '1', '1', 'A', NULL, 'never', NULL, 'f.csv', TIMESTAMP '2025-06-26'"
    optional = ", ".join(["NULL"] * len(OPTIONAL_SOURCE_COLUMNS))
    statement = (
        f"INSERT INTO silver.rejected_transactions VALUES ({columns}, DATE '{BROKEN_DAY}', {optional}, {reasons})"
    )
    return Breakage(table, check, statement, shows="a line refused")


def send_back(check: str, **varied: str) -> Breakage:
    """Adds a return by A on the day, which takes back the day's own invoice unless columns say otherwise."""
    values = {
        "processing_date": f"DATE '{BROKEN_DAY}'",
        "InvoiceNo": "'C500009'",
        "StockCode": "'85048'",
        "CustomerID": "'A'",
        "InvoiceDate": f"DATE '{BROKEN_DAY}'",
        "Quantity": "12",
        "Amount": "1.00",
        "Kind": "'cancellation'",
        "CountsForCustomer": "true",
        "IsMatched": "true",
        "TakesBack": "'501000'",
        "SoldOn": f"DATE '{BROKEN_DAY}'",
        "SoldQuantity": "12",
        "OrderQuantity": "12",
        "source_file": "'f.csv'",
    } | varied
    statement = f"INSERT INTO silver.returns ({', '.join(values)}) VALUES ({', '.join(values.values())})"
    return Breakage("silver.returns", check, statement)


def address_of(key: dg.AssetKey) -> str:
    return ".".join(key.path)


def day_column(address: str) -> str:
    return TABLES[dg.AssetKey(address.split("."))].day


ON_LAST_DAY = f"processing_date = DATE '{LAST_DAY}'"
IS_A, IS_SILVER = "CustomerID = 'A'", "table_layer = 'silver_transactions_clean'"

BREAKAGES = [
    lose("bronze.transactions", "every_day_was_delivered"),
    change("bronze.transactions", "no_malformed_lines", "_rescued_data = '489434,8504'").showing("999999,9999"),
    refuse("silver.transactions", "valid_invoice_no", "'valid_invoice_no'"),
    refuse("silver.transactions", "valid_stock_code", "'valid_invoice_no,valid_stock_code,valid_quantity'"),
    refuse("silver.transactions", "valid_quantity", "'valid_stock_code,valid_quantity'"),
    refuse("silver.transactions", "valid_unit_price", "'valid_unit_price,valid_invoice_date'"),
    refuse("silver.transactions", "valid_line_amount", "'valid_line_amount,valid_invoice_date'"),
    refuse("silver.transactions", "valid_invoice_date", "'valid_unit_price,valid_invoice_date'"),
    refuse("silver.transactions", "valid_customer_id", "'valid_customer_id'"),
    refuse("silver.transactions", "not_after_its_file", "'valid_unit_price,not_after_its_file'"),
    lose("silver.transactions", "nothing_is_lost", IS_A).showing("2025-06-27_transactions.csv"),
    refuse("silver.transactions", "nothing_is_lost", "'valid_quantity'").showing("f.csv"),
    change("silver.transactions", "nothing_is_lost", "source_file = 'other.csv'").showing("other.csv", failed=2),
    *(
        change("silver.transactions", "values_are_in_range", wrong)
        for wrong in (
            "InvoiceNo = '48943'",
            "Quantity = 0, TotalPrice = 0",
            "UnitPrice = -1, TotalPrice = -Quantity",
            "TotalPrice = TotalPrice + 0.01",
            "LineAmount = TotalPrice + 0.01",
            "LineAmount = -1, TotalPrice = -1",
            "Year = 2024",
            "Month = 7",
            "DayOfWeek = 1",
        )
    ),
    refuse("silver.rejected_transactions", "reasons_are_known", "'valid_quantity,valid_customer'"),
    refuse("silver.rejected_transactions", "reasons_are_known", "''"),
    change("quality.bronze_daily_quality", "every_line_is_counted", "total_records = 1"),
    lose("quality.bronze_daily_quality", "every_line_is_counted"),
    change("quality.bronze_daily_quality", "volume_is_usual", "total_records = 7", on=LAST_DAY),
    change("quality.bronze_daily_quality", "volume_is_usual", "total_records = 0", on=LAST_DAY),
    lose("quality.bronze_silver_dq_comparison", "both_layers_are_there"),
    lose("quality.bronze_silver_dq_comparison", "both_layers_are_there", IS_SILVER),
    *(
        change("quality.bronze_silver_dq_comparison", "both_layers_are_there", f"{defect} = 1", IS_SILVER)
        for defect in (
            *("null_invoice", "bad_invoice", "null_stock_code", "null_quantity"),
            *("bad_quantity", "null_invoice_date", "bad_price"),
        )
    ),
    *(
        change("quality.customer_identity", "identity_adds_up", f"{number} = {number} + 1")
        for number in ("sales_lines", "revenue", "anonymous_revenue")
    ),
    lose("quality.customer_identity", "identity_adds_up"),
    change("quality.daily_counts", "counts_add_up", "record_counts = 1"),
    lose("quality.daily_counts", "counts_add_up"),
    change("quality.rule_outcomes", "every_rule_is_counted", "passed_records = 1"),
    change("quality.rule_outcomes", "every_rule_is_counted", "passed_records = -1, failed_records = 3"),
    *(lose("quality.rule_outcomes", "every_rule_is_counted", f"rule = '{rule.name}'") for rule in RULES),
    lose("quality.rule_outcomes", "every_rule_is_counted"),
    change("silver.customer_invoices", "revenue_reconciles_with_silver", "Amount = Amount + 0.01"),
    lose("silver.customer_invoices", "revenue_reconciles_with_silver", IS_A),
    Breakage(
        "silver.customer_invoices",
        "every_day_so_far_is_judged",
        f"DELETE FROM silver.transactions WHERE processing_date = DATE '{BROKEN_DAY}'",
        on=LAST_DAY,
    ),
    Breakage(
        "silver.customer_invoices",
        "every_day_so_far_is_judged",
        f"UPDATE bronze.transactions SET ingestion_timestamp = TIMESTAMP '2030-01-01' "
        f"WHERE processing_date = DATE '{BROKEN_DAY}'",
        on=LAST_DAY,
    ),
    *(
        Breakage(
            "silver.customer_invoices",
            "newest_day_is_usable",
            f"UPDATE silver.file_outcomes SET {outcome} WHERE {ON_LAST_DAY}",
            shows=f"{LAST_DAY}_transactions.csv",
            on=LAST_DAY,
        )
        for outcome in (
            "failing_lines = lines",
            "counted_sales = 0",
            "counted_revenue = known_customer_revenue / 2 - 1",
        )
    ),
    *(
        Breakage(
            "silver.customer_invoices", "every_file_is_counted", f"{statement} WHERE processing_date = '{BROKEN_DAY}'"
        )
        for statement in ("DELETE FROM silver.file_outcomes", "UPDATE silver.file_outcomes SET lines = lines + 1")
    ),
    Breakage(
        "silver.file_outcomes",
        "no_file_is_within_another",
        f"""INSERT INTO bronze.transactions BY NAME SELECT one.* REPLACE (name AS source_file)
        FROM (SELECT * FROM bronze.transactions WHERE processing_date = DATE '{BROKEN_DAY}' LIMIT 1) AS one,
        generate_series(1, 20), (VALUES ('first.csv'), ('again.csv')) AS named(name)""",
        shows="again.csv",
    ),
    change("silver.invoices", "revenue_reconciles_with_silver", "Amount = Amount + 0.01"),
    change("silver.invoices", "revenue_reconciles_with_silver", "ProductAmount = ProductAmount - 0.01"),
    change("silver.invoices", "revenue_reconciles_with_silver", "ProductAmount = NULL"),
    lose("silver.invoices", "revenue_reconciles_with_silver", IS_A),
    send_back("returns_reconcile_with_silver"),
    send_back("no_return_before_its_sale", TakesBack="'500000'", CustomerID="'B'"),  # which is the invoice of A
    send_back("no_return_before_its_sale", TakesBack="'502000'"),  # which is delivered on the day after
    send_back("no_return_before_its_sale", SoldOn=f"DATE '{LAST_DAY}'"),
    send_back("no_return_before_its_sale", SoldQuantity="11"),
    send_back("returns_are_usual", Amount="83.41"),  # of two sales of 83.40
    *(
        change("gold.customer_money", "net_is_what_is_left", wrong)
        for wrong in (
            "Net = Net - 0.01",
            "Gross = -1, Net = -1, Return_Rate = NULL",
            "Returned = -1, Net = Gross + 1",
            "Orders = 0, Orders_Kept = 0",
            "Orders_Kept = -1",
            "Orders_Kept = Orders + 1",
            "Return_Rate = 0.5",
        )
    ),
    *(
        change("gold.customer_money", "money_reconciles_with_silver", wrong)
        for wrong in (
            "Gross = Gross + 0.01, Net = Net + 0.01",
            "Returned = 0.01, Net = Net - 0.01",
            "Net = Net - 0.01",
            "Orders = Orders + 1",
        )
    ),
    lose("gold.customer_money", "money_reconciles_with_silver", IS_A),
    lose("gold.customer_money", "money_reconciles_with_silver"),
    change("gold.customer_rfm", "recency_is_not_negative", "Recency = -1, MaxInvoiceDate = as_of_date + 1"),
    change("gold.customer_rfm", "recency_is_not_negative", "Recency = 0, MaxInvoiceDate = as_of_date + 1"),
    change("gold.customer_rfm", "recency_is_not_negative", "Recency = Recency + 1"),
    change("gold.customer_rfm", "frequency_is_at_least_one", "Frequency = 0"),
    change("gold.customer_rfm", "monetary_is_not_negative", "Monetary = -0.01"),
    change("gold.customer_rfm", "revenue_reconciles_with_invoices", "Monetary = Monetary + 0.01"),
    change("gold.customer_rfm", "revenue_reconciles_with_invoices", "Frequency = Frequency + 1"),
    lose("gold.customer_rfm", "revenue_reconciles_with_invoices", IS_A),
    lose("gold.customer_rfm", "revenue_reconciles_with_invoices"),
    Breakage(
        "gold.customer_rfm",
        "revenue_reconciles_with_invoices",
        "INSERT INTO gold.customer_rfm (as_of_date, CustomerID, MaxInvoiceDate, Recency, Frequency, Monetary) "
        f"VALUES ('{BROKEN_DAY}', 'nobody', '{BROKEN_DAY}', 0, 1, 0)",
    ),
    change("gold.segment_thresholds", "customers_are_those_of_the_day", "customers = 1"),
    lose("gold.segment_thresholds", "customers_are_those_of_the_day"),
    change("gold.customer_segments", "segment_is_one_of_twelve", "segment = 'Lukewarm'").showing("Lukewarm"),
    lose("gold.customer_segments", "every_customer_has_one_segment", IS_A),
    change("gold.customer_segments", "every_customer_has_one_segment", "CustomerID = 'C'", IS_A).showing(
        "| a | NULL | True", failed=2
    ),
    lose("gold.segment_summary", "summary_adds_up"),
    *(
        change("gold.segment_summary", "summary_adds_up", f"{number} = {number} - {less}")
        for number, less in (
            ("Customer_Count", 1),
            ("Total_Revenue", 0.01),
            ("Pct_of_Customers", 1),
            ("Pct_of_Revenue", 1),
        )
    ),
    lose("gold.segment_migration", "every_customer_is_followed"),
    change("gold.segment_migration", "every_customer_is_followed", "Customer_Count = Customer_Count + 1"),
    change("gold.segment_migration", "every_customer_is_followed", "Monetary = Monetary + 0.01"),
    change("gold.segment_migration", "every_customer_is_followed", "compared_to = compared_to - 1").showing(
        str(BROKEN_DAY), failed=2
    ),
    *(
        change("gold.segment_migration", "every_move_has_a_cause", wrong)
        for wrong in ("purchased = 1", "aged = 1", "threshold = 1", "purchased = 1, aged = -1")
    ),
    change("gold.segment_migration", "every_move_has_a_cause", "to_segment = 'elsewhere'").showing("elsewhere"),
    lose("gold.customer_scores", "every_customer_has_scores", IS_A),
    *(
        change("gold.customer_scores", "scores_are_in_range", wrong)
        for wrong in (
            *("R_Score = 0", "F_Score = 6", "M_Score = 0", "RFM_Name = 'Lukewarm'"),
            *("Value_Score = -1", "Value_Rank = 1.1", "Typical_Gap_Days = 0"),
        )
    ),
    change("gold.customer_scores", "ranks_balance", "Value_Rank = Value_Rank - 0.1"),
    *(
        change("proof.segment_outcomes", "outcomes_add_up", wrong)
        for wrong in ("customers = 3", "revenue = revenue + 0.01")
    ),
    *(
        change("proof.segment_outcomes", "outcomes_are_in_range", wrong)
        for wrong in (
            *("buyers = 3", "horizon_days = 2", "purchase_rate = 0.8", "purchase_rate_low = -0.1"),
            *("purchase_rate_high = 1.1", "revenue_low = revenue_high + 1"),
        )
    ),
    change("proof.backtest", "every_method_ranks_every_customer", "customers = 1"),
    change("proof.backtest", "every_method_ranks_every_customer", "buyers = 1"),
    *(
        change("proof.backtest", "measures_are_in_range", wrong)
        for wrong in (
            *("spearman = 1.1", "auc_purchase = 1.1", "top10_share = -0.1", "top20_share = 0.4"),
            *("normalised_gini = 1.1", "horizon_days = 2"),
        )
    ),
    *(
        change("proof.expected_revenue", "expectations_are_in_order", wrong)
        for wrong in (
            *("overdue_customers = customers + 1", "revenue_at_risk = -0.01"),
            *("expected_revenue = 1, expected_low = 2, expected_high = 1", "expected_revenue = 1"),
        )
    ),
    lose("ml.customer_clusters", "every_customer_has_one_cluster", IS_A),
    change("ml.customer_clusters", "every_customer_has_one_cluster", "CustomerID = 'C'", IS_A).showing(
        "| a | NULL | True", failed=2
    ),
    change("ml.cluster_selection", "one_k_is_chosen", "chosen = false", "chosen"),
    change("ml.cluster_selection", "one_k_is_chosen", "chosen = true", "NOT chosen"),
    change("ml.cluster_selection", "one_k_is_chosen", "combined_score = 0.95", "NOT chosen"),
    lose("ml.cluster_selection", "one_k_is_chosen"),
    change("ml.cluster_selection", "clusters_are_apart", "silhouette_score = 0.24", "chosen"),
    change("ml.cluster_summary", "sizes_add_up", "Count = 2"),
    lose("ml.cluster_summary", "sizes_add_up", "Cluster = 0"),
    *(
        change("ml.cluster_stability", "clusters_are_steady", unsteady)
        for unsteady in ("k = 3", "previous_k = NULL", "matched_agreement = 0.79")
    ),
]


def broken_contracts() -> Iterator[Breakage]:
    """What breaks the checks that every table has, except the check of its columns."""
    for table in CHECKED:
        required = next(column.name for column in table.columns if not column.nullable and column.name != table.day)
        if table.address == "silver.rejected_transactions":
            yield refuse(table.address, "required_columns_are_filled", "NULL")
        elif table.address == "silver.returns":
            yield send_back("required_columns_are_filled", Kind="NULL")
        else:
            yield change(table.address, "required_columns_are_filled", f"{required} = NULL")
        if table.key:
            again = f"INSERT INTO {table.address} FROM {table.address} WHERE {table.day} = DATE '{BROKEN_DAY}' LIMIT 1"
            yield Breakage(table.address, "key_is_unique", again)


ALL_BREAKAGES = [*BREAKAGES, *broken_contracts()]
ONE_OF_EACH = {(broken.table, broken.check): broken for broken in ALL_BREAKAGES}.values()
