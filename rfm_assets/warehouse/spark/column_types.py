"""The types of contracts in Spark's words, and back."""

from rfm_assets.contracts import Table

_TYPES = {"VARCHAR": "STRING", "INTEGER": "INT", "TIMESTAMP": "TIMESTAMP_NTZ"}  # the others have the same name
_DECLARED = {spark: declared for declared, spark in _TYPES.items()}


def spark_type(declared: str) -> str:
    """A contract's type as Spark writes it."""
    return _TYPES.get(declared, declared)


def spark_columns(table: Table) -> str:
    """A table's columns with their types as Spark declares them."""
    return ", ".join(f"`{name}` {spark_type(kind)}" for name, kind in table.types.items())


def declared_type(kind: str) -> str:
    """A type of Spark as contracts write it."""
    return _DECLARED.get(kind.upper(), kind.upper())
