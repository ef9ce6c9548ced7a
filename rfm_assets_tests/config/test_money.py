"""Amounts are formatted in the currency in force."""

from decimal import Decimal

import pytest

from rfm_assets.config import in_force
from rfm_assets.config.currency import CURRENCIES, Currency
from rfm_assets.config.money import money, smallest_amount
from rfm_assets.dashboard import format as fmt


@pytest.fixture
def yen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_force, "currency", lambda: CURRENCIES["JPY"])


def test_pounds_have_pennies_unless_a_shop_says_otherwise() -> None:
    assert (money(Decimal("-1234.5")), smallest_amount()) == ("-£1,234.50", Decimal("0.01"))


def test_half_a_penny_is_rounded_up_whatever_kind_of_number_it_is_of() -> None:
    assert [money(309.865), money(Decimal("309.865"))] == ["£309.87"] * 2
    assert money(Decimal("-0.125")) == "-£0.13"
    assert (
        money(Decimal("99999999999999999999999999999999999.995"))
        == "£100,000,000,000,000,000,000,000,000,000,000,000.00"
    )


@pytest.mark.usefixtures("yen")
def test_yen_have_no_decimals() -> None:
    assert [write(1234.0) for write in (money, fmt.money, fmt.exact_money, fmt.whole_money)] == ["¥1,234"] * 4
    assert (fmt.short_money(8_670_000), fmt.printf_money(0)) == ("¥8.67m", "¥%,.0f")
    assert smallest_amount() == 1


def test_currencies_are_written_as_english_does() -> None:
    assert CURRENCIES["EUR"] == Currency("€", 2)
    assert CURRENCIES["CHF"] == Currency("CHF\u00a0", 2)
    assert CURRENCIES["KRW"] == Currency("₩", 0)
    assert all(len(code) == 3 and code.isupper() for code in CURRENCIES)
