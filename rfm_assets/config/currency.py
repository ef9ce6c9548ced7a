"""Currencies by ISO 4217 code: the decimals of amounts, and how English writes them."""

from collections.abc import Iterator
from types import MappingProxyType
from typing import NamedTuple

_CODES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY
COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS
INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU
MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK
SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF
XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
_WITHOUT_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
# English symbols (CLDR); any other currency is written as its code and a space.
_SYMBOLS = """
AUD A$ BRL R$ CAD CA$ CNY CN¥ EUR € GBP £ HKD HK$ ILS ₪ INR ₹ JPY ¥ KRW ₩ MXN MX$ NZD NZ$ PHP ₱ TWD NT$ USD $ VND ₫
"""


class Currency(NamedTuple):
    """How amounts are written: the symbol in front, and the decimals."""

    symbol: str
    decimals: int


def _written() -> Iterator[tuple[str, Currency]]:
    words = _SYMBOLS.split()
    symbols = dict(zip(words[::2], words[1::2], strict=True))
    # Three decimals, as for dinars, would be invented: the warehouse stores two.
    for code in _CODES.split():
        yield code, Currency(symbols.get(code, f"{code}\u00a0"), 0 if code in _WITHOUT_DECIMALS else 2)


CURRENCIES = MappingProxyType(dict(_written()))
"""Every currency in use, and recently abolished ones, by code."""
