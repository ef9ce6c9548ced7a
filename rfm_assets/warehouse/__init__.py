"""Where tables live: lazy queries, the safe write, and the IO manager that joins them to Dagster.

No business rule belongs here; those are the `.sql` files of the layers.
"""
