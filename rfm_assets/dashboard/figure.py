"""What every figure and table has beneath it: ways to take it away, as a picture and as its data.

The pictures are made where the figure is seen, by `picture.js`, from whatever stands in the figure's container.
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
"""Columns by their titles, all as long as each other; None is missing."""

COPY_LINK = "<button type='button' class='rfm-copy' title='With the date and all that is chosen'>Copy link</button>"


@contextmanager
def figure(name: str, alt: str, data: Callable[[], Data]) -> Iterator[None]:
    """What is drawn in it can be saved as PNG and SVG; what `data` finds, once it is asked for, as CSV.

    `name` is that of its files and its key; `alt` says in words what it shows, and is the title of the pictures.
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
    """Offers the data of a table as CSV."""
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
    """Columns as a CSV file, numbers as they are."""
    columns = [list(column) for column in data.values()]
    return b"".join(csv_parts(list(data), (list(map(_cell, line)) for line in zip_longest(*columns))))


def _cell(value: object) -> object:
    if isinstance(value, float):
        return None if isnan(value) else int(value) if value.is_integer() else value
    return value
