"""Tables, and their columns, written as `format` writes numbers."""

from typing import Any

import streamlit as st

from rfm_assets.dashboard import format as fmt


def table(rows: Any, shown: dict[str, Any], **options: Any) -> Any:  # noqa: ANN401 - whatever Streamlit takes and returns
    """All rows of a table as high as they are, in the columns to show."""
    return st.dataframe(
        rows, hide_index=True, height="content", column_order=list(shown), column_config=shown, **options
    )


def money(label: str, **options: Any) -> Any:  # noqa: ANN401 - Streamlit's own
    """Money to the penny, with the currency's symbol."""
    return st.column_config.NumberColumn(label, format=fmt.printf_money(2), **options)


def count(label: str, **options: Any) -> Any:  # noqa: ANN401
    """Whole numbers with separators, fractions where there are any."""
    return st.column_config.NumberColumn(label, format="localized", **options)
