"""Holds what a check says of wrong texts to the commonest form, with a count, an example and the way out."""

import duckdb
import pytest

from rfm_assets.forms import common
from rfm_assets.forms.common import Form, commonest, select_forms
from rfm_assets.warehouse.query import literal


def forms(rule: str, *texts: str | None) -> list[Form]:
    """What is found of the texts that failed a rule."""
    listed = ", ".join(f"({'CAST(NULL AS VARCHAR)' if text is None else literal(text)})" for text in texts)
    with duckdb.connect() as connection:
        found = connection.execute(select_forms({rule: f"SELECT text FROM (VALUES {listed}) AS given(text)"}))
        return list(commonest(found.fetchall()))


def test_prices_of_one_kind_are_one_form_shown_by_an_example() -> None:
    (form,) = forms("valid_unit_price", "$36.93", "$41.20", "$7.00")
    assert form.lines == form.of == 3
    assert form.of_some() == '"$36.93": a currency sign; deliver plain numbers such as 36.93'


def test_the_commonest_form_comes_first_with_how_many_have_it() -> None:
    first, *others = forms("valid_unit_price", "5,00", "6,00", "$1.00", None)
    assert first.of_some() == '(2 of 4) "5,00": a decimal comma; deliver plain numbers such as 5.00'
    assert {form.example for form in others} == {'"$1.00"', "nothing"}


def test_codes_are_told_apart_by_their_shape() -> None:
    first, second = forms("product_rule", "SKU036", "SKU041", "POST")
    assert first.in_full() == (
        'product_rule: 2 of 3 StockCode look like "SKU036": not a product; '
        "RFM counts codes of five digits, letters behind them or not, and PADS"
    )
    assert second.example == '"POST"'


def test_a_raw_line_is_shown_by_its_shape_only_since_it_may_name_a_customer() -> None:
    (form,) = forms("malformed_line", "489434,85048,Jane Doe")
    assert form.example == '"999999,99999,AAAA AAA"'


def test_an_example_is_one_short_line() -> None:
    (form,) = forms("valid_unit_price", "a\nb" + "x" * 500)
    assert form.example == f'"a�b{"x" * 37}…"'


def test_beyond_so_many_shapes_a_count_says_that_it_is_the_least(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(common, "_MOST_SHAPES", 1)
    (form,) = forms("valid_unit_price", "$36.93", "$41.20", "5,00")
    assert form.of_some().startswith('(at least 2 of 3) "$36.93"')
