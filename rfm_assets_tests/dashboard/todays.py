"""Today in SQL: who is on each card, with their money, and what the week brought, as of `$day`."""

OVERDUE, SECOND, SLIPPED = (
    "Best customers overdue for their next order",
    "New customers due for a second order",
    "Best customers who slipped to At Risk this week",
)
MEMBERS = {
    OVERDUE: "Overdue AND value_tier = 'High Value'",
    SECOND: "Frequency = 1 AND date_diff('day', as_of_date, Next_Order_Due) BETWEEN -30 AND 7",
    SLIPPED: """segment = 'High Value - At Risk' AND CustomerID IN (
        SELECT CustomerID FROM gold.customer_segments WHERE as_of_date = $day - 7
        AND value_tier = 'High Value' AND engagement_status IN ('Active & Engaged', 'Developing'))""",
}
WON_BACK = """segment IN ('High Value - Active & Engaged', 'High Value - Developing') AND CustomerID IN (
    SELECT CustomerID FROM gold.customer_segments WHERE as_of_date = $day - 7
    AND segment IN ('High Value - At Risk', 'High Value - Inactive'))"""
GROUP = """
    SELECT count(*), sum(Monetary), sum(CAST(expected_revenue AS DOUBLE) / customers),
        sum(CAST(expected_low AS DOUBLE) / customers), sum(CAST(expected_high AS DOUBLE) / customers),
        count(expected_revenue)
    FROM gold.customer_segments JOIN gold.customer_scores USING (as_of_date, CustomerID)
    LEFT JOIN proof.expected_revenue USING (as_of_date, segment)
    WHERE as_of_date = $day AND ({members})
"""
FIRST_OF_THEM = """
    SELECT CustomerID, Monetary FROM gold.customer_segments JOIN gold.customer_scores USING (as_of_date, CustomerID)
    WHERE as_of_date = $day AND ({members}) ORDER BY Monetary DESC, CustomerID LIMIT 3
"""
WEEK = """
    SELECT sum(ProductAmount) FILTER (processing_date > $day - 7),
        sum(ProductAmount) FILTER (processing_date <= $day - 7)
    FROM silver.invoices WHERE CustomerID IS NOT NULL AND processing_date > $day - 14 AND processing_date <= $day
"""
