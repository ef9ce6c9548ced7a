"""What leaves the pipeline: a read-only copy for dashboards and BI tools, and lists of customers for campaigns.

Readers import `reader`; it and `versions` need neither Dagster nor the warehouse.
"""
