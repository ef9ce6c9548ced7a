"""The versions of the contracts as a whole, and the upgrade steps of stored tables, as data.

Current tables are in `contracts`; upgrading a warehouse is in `warehouse/`.
"""
