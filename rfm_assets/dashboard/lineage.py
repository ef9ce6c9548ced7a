"""Which table is made from which: declared here, since asking Dagster would load the whole pipeline.

A test holds it to the asset graph.
"""

READS: dict[str, tuple[str, ...]] = {
    "bronze/transactions": (),
    "bronze/landed_files": (),
    "bronze/unloaded_files": (),
    "silver/transactions": ("bronze/transactions",),
    "silver/rejected_transactions": ("bronze/transactions",),
    "silver/customer_invoices": ("silver/transactions", "silver/rejected_transactions"),
    "silver/invoices": ("silver/transactions",),
    "quality/bronze_daily_quality": ("bronze/transactions",),
    "quality/bronze_silver_dq_comparison": ("bronze/transactions", "silver/transactions"),
    "quality/daily_counts": ("bronze/transactions", "silver/transactions"),
    "quality/rule_outcomes": ("bronze/transactions", "silver/rejected_transactions"),
    "silver/file_outcomes": ("silver/transactions", "silver/rejected_transactions"),
    "gold/customer_rfm": ("silver/customer_invoices",),
    "gold/segment_thresholds": ("gold/customer_rfm",),
    "gold/customer_segments": ("gold/customer_rfm", "gold/segment_thresholds"),
    "gold/segment_summary": ("gold/customer_segments",),
    "gold/segment_migration": ("gold/customer_segments", "gold/segment_thresholds"),
    "gold/customer_scores": ("silver/customer_invoices", "gold/customer_rfm"),
    "proof/segment_outcomes": ("gold/customer_segments", "silver/customer_invoices"),
    "proof/backtest": (
        "gold/customer_segments",
        "gold/customer_scores",
        "proof/segment_outcomes",
        "silver/customer_invoices",
    ),
    "proof/expected_revenue": ("gold/customer_segments", "gold/customer_scores", "proof/segment_outcomes"),
    "ml/customer_clusters": ("gold/customer_rfm",),
    "ml/cluster_selection": ("gold/customer_rfm",),
    "ml/cluster_summary": ("gold/customer_rfm",),
    "ml/cluster_stability": ("ml/customer_clusters", "ml/cluster_selection"),
    "publishing/snapshot": (
        "bronze/landed_files",
        "silver/rejected_transactions",
        "silver/invoices",
        "silver/file_outcomes",
        "quality/bronze_daily_quality",
        "quality/bronze_silver_dq_comparison",
        "quality/daily_counts",
        "quality/rule_outcomes",
        "gold/segment_thresholds",
        "gold/customer_segments",
        "gold/segment_summary",
        "gold/segment_migration",
        "gold/customer_scores",
        "proof/segment_outcomes",
        "proof/backtest",
        "proof/expected_revenue",
        "ml/customer_clusters",
        "ml/cluster_selection",
        "ml/cluster_summary",
        "ml/cluster_stability",
    ),
    "publishing/audiences": ("publishing/snapshot",),
}
"""The assets that each asset reads, by key."""

LAYERS = {
    "bronze": "as delivered",
    "silver": "typed and valid",
    "quality": "how clean",
    "gold": "customers and segments",
    "proof": "does it predict",
    "ml": "clusters",
    "publishing": "for readers and campaigns",
}
"""What each layer holds, in the order of the flow."""
