"""Storage of tables: lazy queries, the safe write, and the IO manager that connects them to Dagster.

No business rule belongs here; those are the `.sql` files of the layers.
"""
