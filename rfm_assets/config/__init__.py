"""Settings of the shop, not of a machine: the shop file `rfm.toml`, its models, and the values in force.

Nothing here reads a table or imports Dagster. Paths, memory and secrets are environment variables (`settings.py`).
"""
