"""What a delivered text may hold: said once for the rules, the messages about them and the docs.

What a shop may choose is in `rfm_assets/config`.
"""

from datetime import date
from decimal import Decimal

SPACES = "\t \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
"""The tab, and every space of Unicode."""

BLANKS = SPACES + "\u200b\u200c\u200d\u2060\ufeff"
"""The characters that do not count at either end of a text: spaces, and those without a width."""

NO_VALUE_WORDS = (
    *("-", "--", "\u2014", ".", "?", "nan", "nat", "nil", "none", "null", "(null)", "na", "n/a", "<na>", "undefined"),
    *("#n/a", "#null!", "#ref!", "#value!", "#name?", "#div/0!", "#num!"),
)
"""What exporters and spreadsheets write where they have no value, in small or capital letters."""

DATABASE_NULL = "\\N"
"""What MySQL and Hive write for NULL."""

LARGEST_QUANTITY = 2**31 - 1
HIGHEST_PRICE = Decimal("99999999.99")
HIGHEST_LINE_AMOUNT = Decimal("9999999999999999.99")

FIRST_INVOICE_DATE = date(1990, 1, 1)
"""By default, dates before it are not sales, but what programs write for no date, such as 1900 or 0001."""

MALFORMED_LINE = "malformed_line"
"""What stands in place of a rule's name where a line does not split into the columns of its header."""
