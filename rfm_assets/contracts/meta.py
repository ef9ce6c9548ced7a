"""Meta: what the published copy says of itself. The warehouse does not have these tables."""

from rfm_assets.contracts.table import Column, Table

LINEAGE = Table(
    "meta.lineage",
    "Which table is made from which: a row for each table and each table that it reads.",
    (
        Column("place", "INTEGER", "The table's place in the flow, from the first made to the last.", nullable=False),
        Column("made", "VARCHAR", "The table, or what is published, such as publishing.snapshot.", nullable=False),
        Column("reads", "VARCHAR", "What it reads; empty for what is made from the daily files."),
    ),
    key=("made", "reads"),
)
