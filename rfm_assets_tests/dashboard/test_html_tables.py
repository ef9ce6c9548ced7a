"""HTML tables draw bars and shades in proportion and escape delivered text."""

import re
from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from rfm_assets.dashboard.html_bars import Bar, show_bars
from rfm_assets.dashboard.html_tables import Cell, Link, Numbers, Shaded, show_shaded, show_table


def html_of(draw: Callable[..., None], drawn: object) -> str:
    """The HTML that a drawing sends to the browser."""

    def script(module: str, draw: str, drawn: object, options: dict[str, object]) -> None:
        from importlib import import_module

        getattr(import_module(module), draw)(drawn, key="it", alt="What it 'shows'", **options)

    options: dict[str, object] = {"data": dict} if draw is show_shaded else {}
    app = AppTest.from_function(script, args=(draw.__module__, draw.__name__, drawn, options)).run()
    assert not app.exception
    return str(app.get("html")[0].proto.body)


def test_a_bar_is_as_long_as_its_share_of_the_longest() -> None:
    drawn = html_of(show_bars, [Bar("a", 50, "50", "red"), Bar("b", 200, "200", "red"), Bar("c", 0, "0", "red")])
    assert re.findall(r"\* ([\d.]+)\)", drawn) == ["0.2500", "1.0000", "0.0000"]


def test_bars_of_nothing_have_no_length() -> None:
    assert re.findall(r"\* ([\d.]+)\)", html_of(show_bars, [Bar("a", 0, "0", "red")])) == ["0.0000"]


def test_a_number_above_nothing_is_a_pixel_at_least() -> None:
    drawn = html_of(show_bars, [Bar("a", 1, "1", "red"), Bar("b", 1e9, "1bn", "red"), Bar("c", 0, "0", "red")])
    assert re.findall(r"width:max\((\d)px,", drawn) == ["1", "1", "0"]


def test_a_shade_goes_from_little_to_much_and_an_unshaded_cell_has_none() -> None:
    table = Shaded([("title", "below")], [("line", [Cell("1", 0.0), Cell("2", 1.0), Cell("3", None)])])
    drawn = html_of(show_shaded, table)
    assert re.findall(r"<td[^>]*?(?:in srgb,var\(--rfm-much\) ([\d.]+%),var\(--rfm-little\)\))?'>(\d)", drawn) == [
        ("0.0%", "1"),
        ("100.0%", "2"),
        ("", "3"),
    ]


def test_a_cell_that_leads_somewhere_is_a_link() -> None:
    drawn = html_of(show_shaded, Shaded([("a", "")], [("b", [Cell("7", 1.0, to="customers?cohort=2025-06&x=1")])]))
    assert "<a href='customers?cohort=2025-06&amp;x=1'>7</a></td>" in drawn


def test_numbers_are_set_right_and_what_is_missing_is_told_from_a_text() -> None:
    drawn = html_of(show_table, {"Name": ["missing", None], "Lines": Numbers([1, 2200], "{:,}".format)})
    assert re.findall(r"<t[hd](?: scope='col')?( class='number')?(?: data-title='\w+')?>(.*?)</t[hd]>", drawn) == [
        ("", "Name"),
        (" class='number'", "Lines"),
        ("", "missing"),
        (" class='number'", "1"),
        ("", "<i title='missing'>∅</i>"),
        (" class='number'", "2,200"),
    ]


def test_a_delivered_text_is_never_taken_for_markup() -> None:
    bad = "<img src=x onerror='alert(1)'>"
    drawn = html_of(show_bars, [Bar(bad, 1, bad, "red", hint=bad, below=bad)])
    drawn += html_of(show_shaded, Shaded([(bad, bad)], [(bad, [Cell(bad, None, bad)])]))
    drawn += html_of(show_table, {bad: [bad, Link(bad, bad)]})
    assert "<img" not in drawn
    assert drawn.count("&lt;img src=x onerror=&#x27;alert(1)&#x27;&gt;") == 15
    assert "aria-label='What it &#x27;shows&#x27;'" in drawn
