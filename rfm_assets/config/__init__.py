"""What is true of the shop and not of a machine: the shop file `rfm.toml`, its models, and what is in force.

Nothing here reads a table or knows Dagster. Paths, memory and secrets are environment variables (`settings.py`).
"""
