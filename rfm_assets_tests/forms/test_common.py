"""A check reports the most common form of unusable text, with a count, an example and the way out."""

import re

import duckdb
import pytest

from rfm_assets.forms import common
from rfm_assets.forms.common import Form, commonest, select_forms
from rfm_assets.forms.shape import shape_in_sql, shape_of
from rfm_assets.literals import literal


def forms(rule: str, *texts: str | None) -> list[Form]:
    """The forms found among texts that failed a rule."""
    listed = ", ".join(f"({'CAST(NULL AS VARCHAR)' if text is None else literal(text)})" for text in texts)
    with duckdb.connect() as connection:
        found = connection.execute(select_forms({rule: f"SELECT text FROM (VALUES {listed}) AS given(text)"}))
        return list(commonest(found.fetchall()))


def test_prices_of_one_kind_are_one_form_shown_by_an_example() -> None:
    (form,) = forms("valid_unit_price", "$36.93", "$41.20", "$7.00")
    assert form.lines == form.of == 3
    assert form.description_with_share() == '"$36.93": a currency sign; deliver plain numbers such as 36.93'


def test_the_commonest_form_comes_first_with_how_many_have_it() -> None:
    first, *others = forms("valid_unit_price", "5,00", "6,00", "$1.00", None)
    assert first.description_with_share() == '(2 of 4) "5,00": a decimal comma; deliver plain numbers such as 5.00'
    assert {form.example for form in others} == {'"$1.00"', "nothing"}


def test_days_of_one_shape_are_told_apart_by_what_is_wrong_with_them() -> None:
    first, second = forms("valid_invoice_date", "2026-02-30", "2026-02-31", "2026-02-30 08:26", "1989-02-03")
    assert first.description_with_share() == '(3 of 4) "2026-02-30": a day that does not exist; correct the date'
    assert (second.lines, second.kind.name) == (1, "before 1990")


def test_codes_are_told_apart_by_their_shape() -> None:
    first, second = forms("product_rule", "SKU036", "SKU041", "POST")
    assert first.description_with_rule() == (
        'product_rule: 2 of 3 StockCode look like "SKU036": not a product; '
        "RFM counts codes of five digits, with or without letters behind them, and PADS; if it is one, "
        'set product_pattern = "^([0-9]{5}[a-zA-Z]*|PADS|[A-Za-z]+[0-9]+)$" in [rules] of rfm.toml'
    )
    assert second.example == '"POST"'


def test_a_raw_line_is_shown_by_its_shape_only_since_it_may_name_a_customer() -> None:
    (form,) = forms("malformed_line", "489434,85048,Jane Doe")
    assert form.example == '"999999,99999,aaaa aaa"'


@pytest.mark.parametrize(
    ("rule", "delivered", "shown"),
    [
        ("valid_unit_price", "jane@shop.de", "aaaa@aaaa.aa"),
        ("valid_unit_price", "JOSÉ MÜLLER", "aaaa aaaaaa"),
        ("valid_unit_price", "$Jane", "$aaaa"),
        ("valid_unit_price", "CUS042", "aaa999"),
        ("valid_unit_price", "123456789012", "999999999999"),
        ("valid_unit_price", "$13085551234", "$99999999999"),
        ("valid_quantity", "020 7946 0018", "999 9999 9999"),
        ("valid_invoice_date", "41000", "99999"),
        ("valid_invoice_date", "1794441600", "9999999999"),
        ("valid_invoice_date", "2026-11-12 Jane", "9999-99-99 aaaa"),
        ("valid_invoice_no", "13085", "99999"),
        ("valid_invoice_no", "jane@shop.de", "aaaa@aaaa.aa"),
        ("product_rule", "13085.0", "99999.9"),
        ("product_rule", "Jane", "aaaa"),
        ("product_rule", "jane.doe@shop.de", "aaaa.aaa@aaaa.aa"),
    ],
)
def test_what_may_be_a_customer_in_a_shifted_column_is_shown_by_its_shape_and_nowhere_else(
    rule: str, delivered: str, shown: str
) -> None:
    (form,) = forms(rule, delivered)
    assert form.example == f'"{shown}"'
    assert all(part not in form.description_with_rule() for part in re.findall(r"\w{4,}", delivered) if part != "2026")


@pytest.mark.parametrize(
    ("rule", "delivered"),
    [
        *(("valid_unit_price", text) for text in ("$36.93", "-£1,234.50", "EUR 5.00", "1 234,50 €", "(5.00)", "#N/A")),
        *(("valid_quantity", text) for text in ("-1", "0", "1.5", "1,000", "1e3")),
        *(("valid_invoice_date", text) for text in ("12/11/2026", "31.12.26 08:30", "20261112", "0001-01-01", "NaT")),
        ("not_after_its_file", "2026-11-13"),
        *(("valid_invoice_no", text) for text in ("10000000", "C10000000")),
        *(("product_rule", text) for text in ("SKU036", "gift_0001_20", "POST")),
    ],
)
def test_what_cannot_be_a_customer_is_quoted(rule: str, delivered: str) -> None:
    (form,) = forms(rule, delivered)
    assert form.example == f'"{delivered}"'


def test_sql_and_python_give_a_text_the_same_shape() -> None:
    text = "Jane É ß 13085 ٣ ½ @.-_ e\u0301 🎄"
    with duckdb.connect() as connection:
        assert connection.execute(f"SELECT {shape_in_sql('$text')}", {"text": text}).fetchall() == [(shape_of(text),)]


def test_an_example_is_one_short_line() -> None:
    (form,) = forms("valid_unit_price", "a\nb" + "x" * 500)
    assert form.example == f'"a�a{"a" * 37}…"'


def test_beyond_so_many_shapes_a_count_says_that_it_is_the_least(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(common, "_MOST_SHAPES", 1)
    (form,) = forms("valid_unit_price", "$36.93", "$41.20", "5,00")
    assert form.description_with_share().startswith('(at least 2 of 3) "$36.93"')
