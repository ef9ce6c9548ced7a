"""The declared rules and tables, for the page Data quality."""

import streamlit as st

from rfm_assets.config import in_force
from rfm_assets.config.words import product_codes
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard import html_tables
from rfm_assets.silver.rules import RULES


def rules() -> None:
    """Draws the rules that a line must pass."""
    st.header("The rules", anchor=False)
    st.caption(
        f"A line is accepted if it passes all rules. Empty values fail. Segments count products only: "
        f"{fmt.md(product_codes(in_force.rules()))}."
    )
    html_tables.show_table(
        {
            "Rule": (rule.name for rule in RULES),
            "Asks that": (rule.asks for rule in RULES),
            "Why": (rule.why for rule in RULES),
        },
        key="data_quality_rules",
        alt="The rules of silver, with the reason for each.",
    )


def tables() -> None:
    """Draws the columns of a chosen table; only on demand, since the declarations load Dagster."""
    asked = st.expander("What each table holds", on_change="rerun", key="data_quality_contract")
    if not asked.open:
        return
    with asked:
        from rfm_assets.contracts import TABLES

        by_address = {table.address: table for table in TABLES.values()}
        table = by_address[st.selectbox("Table", list(by_address), key="data_quality_table")]
        st.markdown(fmt.md(table.grain))
        html_tables.show_table(
            {
                "Column": (column.name for column in table.columns),
                "Type": (column.type for column in table.columns),
                "May be empty": ("yes" if column.nullable else "no" for column in table.columns),
                "What it means": (column.meaning for column in table.columns),
            },
            key="data_quality_columns",
            alt=f"The columns of {table.address}.",
        )
