"""The warehouse in a DuckDB file: opening with patience, the safe write, and explained errors.

Nothing outside the engine imports DuckDB to write.
"""
