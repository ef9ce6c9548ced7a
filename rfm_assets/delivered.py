"""Fixed limits of delivered texts, for the rules, their messages and the docs.

Limits that a shop may choose are in `rfm_assets/config`.
"""

from datetime import date
from decimal import Decimal

SPACES = "\t \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
"""The tab, and every Unicode space."""

BLANKS = SPACES + "\u200b\u200c\u200d\u2060\ufeff"
"""Characters trimmed from both ends of a text: spaces, and characters without width."""

NO_VALUE_WORDS = (
    *("-", "--", "\u2014", ".", "?", "nan", "nat", "nil", "none", "null", "(null)", "na", "n/a", "<na>", "undefined"),
    *("#n/a", "#null!", "#ref!", "#value!", "#name?", "#div/0!", "#num!"),
)
"""What exporters and spreadsheets write for a missing value, in any case."""

DATABASE_NULL = "\\N"
"""What MySQL and Hive write for NULL."""

LARGEST_QUANTITY = 2**31 - 1
HIGHEST_PRICE = Decimal("99999999.99")
HIGHEST_LINE_AMOUNT = Decimal("9999999999999999.99")

FIRST_INVOICE_DATE = date(1990, 1, 1)
"""The default limit: programs write earlier dates, such as 1900 or 0001, for no date."""

MALFORMED_LINE = "malformed_line"
"""Stands for a rule's name if a line does not split into the columns of its header."""
