"""The buttons beneath every figure and table: save it as a picture, or its data as CSV.

`picture.js` makes the pictures in the browser, from whatever is in the figure's container.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from html import escape
from itertools import zip_longest
from math import isnan

import streamlit as st

from rfm_assets.dashboard import address
from rfm_assets.publishing.csv_file import csv_parts

Data = Mapping[str, Sequence[object]]
"""Columns by title, all of the same length; None is missing."""

COPY_LINK = "<button type='button' class='rfm-copy' title='With the date and all that is chosen'>Copy link</button>"


@contextmanager
def figure(name: str, alt: str, data: Callable[[], Data]) -> Iterator[None]:
    """Lets the reader save what is drawn inside as PNG and SVG, and the result of `data`, called on demand, as CSV.

    `name` is the key and the name of the files; `alt` describes the figure and is the title of the pictures.
    """
    with st.container(key=f"rfm_figure_{name}", gap="small"):
        yield
    title = escape(alt.rstrip("."))
    pictures = "".join(
        f"<button type='button' data-as='{kind}' data-name='{name}' data-title='{title}' "
        f"aria-label='{kind.upper()}: {title}' title='Save as {kind.upper()}'>{kind.upper()}</button>"
        for kind in ("png", "svg")
    )
    _ways(name, data, pictures)


def offer_data(name: str, data: Callable[[], Data]) -> None:
    """Draws the button that saves a table's data as CSV."""
    _ways(name, data)


def _ways(name: str, data: Callable[[], Data], pictures: str = "") -> None:
    with st.container(horizontal=True, horizontal_alignment="right", gap="small", key=f"rfm_take_{name}"):
        if pictures:
            st.html(f"<div class='rfm-take'>{pictures}</div>", width="content")
        st.download_button(
            "CSV",
            partial(_csv, data),
            f"{st.session_state.get(address.DAY)}_{name}.csv",
            mime="text/csv",
            on_click="ignore",
            type="tertiary",
            help="Save the data as CSV",
            key=f"rfm_csv_{name}",
        )


def _csv(data: Callable[[], Data]) -> bytes:
    return csv_of(data())


def csv_of(data: Data) -> bytes:
    """Columns as a CSV file, with unformatted numbers."""
    columns = [list(column) for column in data.values()]
    return b"".join(csv_parts(list(data), (list(map(_cell, line)) for line in zip_longest(*columns))))


def _cell(value: object) -> object:
    if isinstance(value, float):
        return None if isnan(value) else int(value) if value.is_integer() else value
    return value
