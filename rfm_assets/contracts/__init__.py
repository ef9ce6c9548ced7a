"""What every table holds, declared once: its DDL, the UI's column tab, the tests and the docs come from here.

One module a layer. A rule that computes a column is in the layer's `.sql` file, never here.
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
