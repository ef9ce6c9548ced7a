"""A table only in the published copy: which table is made from which, as the assets declare."""

from collections.abc import Mapping, Sequence

from rfm_assets.contracts import TABLES
from rfm_assets.contracts.meta import LINEAGE
from rfm_assets.contracts.silver import TRANSACTIONS
from rfm_assets.literals import literal
from rfm_assets.publishing.tables import PUBLISHED
from rfm_assets.tables.table_asset import STEPS

READ_TO_PUBLISH: dict[str, Sequence[str]] = {
    "publishing.snapshot": [TRANSACTIONS.address, *(one.table.address for one in PUBLISHED)],
    "publishing.audiences": ["publishing.snapshot"],
    "publishing.digest": ["publishing.snapshot"],
}
"""What each published asset reads."""


def edges() -> Mapping[str, Sequence[str]]:
    """The tables that each table or published asset reads, in flow order."""
    steps = [(table.address, STEPS[table]) for table in TABLES.values() if table in STEPS]
    return {made: [read.table.address for read in step.reads.values()] for made, step in steps} | READ_TO_PUBLISH


def make_lineage(database: str) -> str:
    """The statement that makes the table in a database."""
    rows = [
        f"({place}, {literal(made)}, {literal(source) if source else 'NULL'})"
        for place, (made, sources) in enumerate(edges().items(), start=1)
        for source in sources or ("",)
    ]
    types, columns = LINEAGE.types, ", ".join(LINEAGE.types)
    typed = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in types.items())
    return (
        f"CREATE OR REPLACE TABLE {database}.{LINEAGE.address} AS "
        f"SELECT {typed} FROM (VALUES {', '.join(rows)}) AS edge({columns})"
    )
