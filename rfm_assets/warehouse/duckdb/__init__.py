"""The warehouse in a DuckDB file: opening it patiently, the safe write, what its errors mean.

Nothing outside the engine imports DuckDB to write.
"""
