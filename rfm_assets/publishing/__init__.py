"""What leaves the pipeline: a read-only copy for dashboards and BI tools, and lists of customers for campaigns.

`reader` is what readers import; it and `versions` need neither Dagster nor the warehouse.
"""
