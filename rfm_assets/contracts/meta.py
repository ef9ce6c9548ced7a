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

CUSTOMER_PRODUCTS = Table(
    "meta.customer_products",
    "The ten products at most that each customer spent most on, as of the newest day that has customers. Products are "
    "those that RFM counts.",
    (
        Column("as_of_date", "DATE", "That day, the same in every row.", nullable=False),
        Column("CustomerID", "VARCHAR", "The customer.", nullable=False),
        Column("Place", "INTEGER", "1 for the product that most was spent on.", nullable=False),
        Column("StockCode", "VARCHAR", "Product code.", nullable=False),
        Column("Description", "VARCHAR", "The text of the line that was invoiced last and has one."),
        Column("Units", "BIGINT", "Units sold, returns not taken off.", nullable=False),
        Column("Gross", "DECIMAL(31,2)", "Money spent on it, returns not taken off.", nullable=False),
        Column("Orders", "BIGINT", "Orders it is in.", nullable=False),
        Column("Last_Bought", "DATE", "Day of the last of them.", nullable=False),
    ),
    key=("CustomerID", "Place"),
)
