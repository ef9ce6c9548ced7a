"""Rules are described in words, and the suggested setting accepts the texts it was suggested for."""

import re
import tomllib

import pytest

from rfm_assets.config.patterns import checked
from rfm_assets.config.shop_file import Rules
from rfm_assets.config.words import invoice_numbers, line_for, product_codes


@pytest.mark.parametrize(
    ("rules", "invoices", "products"),
    [
        (Rules(), "6 or 7 characters", "codes of five digits, with or without letters behind them, and PADS"),
        (Rules(invoice_pattern="^.{4}$", product_pattern="^SKU"), "4 characters", "codes that match ^SKU"),
        (Rules(invoice_pattern="^.{1,9}$", not_product=()), "1 to 9 characters", "all codes"),
        (Rules(invoice_pattern="^#", not_product=("POST", "^G")), "what matches ^#", 'all codes but "POST", ^G'),
    ],
)
def test_rules_are_said_in_words(rules: Rules, invoices: str, products: str) -> None:
    assert (invoice_numbers(rules), product_codes(rules)) == (invoices, products)


@pytest.mark.parametrize(
    ("pattern", "taken"),
    [
        (Rules().product_pattern, "85048A"),
        (Rules().product_pattern, "PADS"),
        (Rules().invoice_pattern, "4894341"),
        ("^SKU", "SKU 9/x"),
        ("(?i)^(a|b(c))$", "BC"),
        ("x|y", "a yard"),
    ],
)
@pytest.mark.parametrize("text", ["SKU036", "#1001", "a-b_c/9.5", "[x]", "é1", "it's \\ & ^ $5", "12 34"])
def test_the_line_takes_texts_like_the_one_and_what_was_taken(pattern: str, taken: str, text: str) -> None:
    (written,) = tomllib.loads(line_for("product_pattern", pattern, text)).values()
    assert checked(written) == written
    assert re.search(pattern, taken)
    assert all(re.search(written, one) for one in (taken, text))
