"""The shop file's rules as SQL: invoice number, cancellation, product, total."""

from rfm_assets.config.patterns import portable
from rfm_assets.config.shop_file import Rules, is_pattern
from rfm_assets.config.words import lengths
from rfm_assets.literals import literal

_FOLDER = "split(source_file, '/')[1]"


def is_invoice(number: str, rules: Rules) -> str:
    """SQL for whether an expression is an invoice number; NULL for NULL."""
    if few_and_many := lengths(rules.invoice_pattern):  # five times as fast as the pattern
        return f"length({number}) BETWEEN {few_and_many[0]} AND {few_and_many[1]}"
    return _matches(number, rules.invoice_pattern)


def numbered(number: str, rules: Rules) -> str:
    """SQL for a line's invoice number, unique across stores: prefixed with the store's folder, if stores have any."""
    if rules.stores == "one":
        return number
    return f"CASE WHEN contains(source_file, '/') THEN {_FOLDER} || '/' || {number} ELSE {number} END"


def store(rules: Rules) -> str:
    """SQL for a line's store: its file's first folder, if stores have folders; blank otherwise."""
    return "''" if rules.stores == "one" else f"CASE WHEN contains(source_file, '/') THEN {_FOLDER} ELSE '' END"


def is_cancellation(number: str, rules: Rules) -> str:
    """SQL for whether an invoice number is a cancellation's."""
    return _matches(number, rules.cancellation_pattern)


def is_product(code: str, rules: Rules) -> str:
    """SQL for whether a code counts for a customer."""
    if rules.not_product is None:
        return _matches(code, rules.product_pattern)
    codes = ", ".join(literal(one) for one in rules.not_product if not is_pattern(one))
    others = [f"{code} IN ({codes})"] if codes else []
    others += [_matches(code, one) for one in rules.not_product if is_pattern(one)]
    return f"NOT ({' OR '.join(others)})" if others else "true"


def quantity_times_price(quantity: str, price: str, exact_price: str, rules: Rules) -> str:
    """SQL for a line's total, rounded half up to two decimals, at the point that the rules set."""
    # Widened first: the product of the largest values would overflow the default type.
    if rules.rounding == "line":
        return f"CAST({quantity} * CAST({exact_price} AS DECIMAL(26, 6)) AS DECIMAL(21, 2))"
    return f"{quantity} * CAST({price} AS DECIMAL(21, 2))"


def _matches(text: str, pattern: str) -> str:
    return f"regexp_matches({text}, {literal(portable(pattern))})"
