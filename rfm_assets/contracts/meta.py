"""Meta: how the published copy describes itself. The warehouse does not have these tables."""

from rfm_assets.contracts.table import Column, Table

LINEAGE = Table(
    "meta.lineage",
    "Which table is made from which: one row per table and table that it reads.",
    (
        Column(
            "place", "INTEGER", "The table's place in the flow, in the order in which tables are made.", nullable=False
        ),
        Column("made", "VARCHAR", "The table, or a published asset, such as publishing.snapshot.", nullable=False),
        Column("reads", "VARCHAR", "What it reads; empty if it is made from the daily files."),
    ),
    key=("made", "reads"),
)

CUSTOMER_PRODUCTS = Table(
    "meta.customer_products",
    "Up to ten products that each customer spent most on, as of the newest day that has customers. Only products that "
    "RFM counts.",
    (
        Column("as_of_date", "DATE", "That day, the same in every row.", nullable=False),
        Column("CustomerID", "VARCHAR", "The customer.", nullable=False),
        Column("Place", "INTEGER", "1 for the product with the highest spending.", nullable=False),
        Column("StockCode", "VARCHAR", "Product code.", nullable=False),
        Column("Description", "VARCHAR", "The text of the latest invoiced line that has one."),
        Column("Units", "BIGINT", "Units sold, before returns.", nullable=False),
        Column("Gross", "DECIMAL(31,2)", "Money spent on it, before returns.", nullable=False),
        Column("Orders", "BIGINT", "Orders that contain it.", nullable=False),
        Column("Last_Bought", "DATE", "Day of the latest of these orders.", nullable=False),
    ),
    key=("CustomerID", "Place"),
)
