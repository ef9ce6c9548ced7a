"""The contract of every table, declared once: DDL, the UI's Columns tab, tests and docs come from here.

One module per layer. The rule that computes a column is in the layer's `.sql` file, never here.
"""

from rfm_assets.contracts import bronze, gold, ml, proof, quality, silver
from rfm_assets.contracts.table import Column, Table

TABLES = {
    table.asset_key: table
    for layer in (bronze, silver, quality, gold, proof, ml)
    for table in vars(layer).values()
    if isinstance(table, Table)
}

__all__ = ["TABLES", "Column", "Table"]
