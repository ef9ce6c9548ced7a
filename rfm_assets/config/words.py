"""Describes the rules in force, and suggests the line of the shop file that would accept a refused text."""

import re

from rfm_assets.config.problems import toml
from rfm_assets.config.shop_file import Rules, is_pattern

_DEFAULT = Rules()
_LENGTHS = re.compile(r"\^\.\{([0-9]+)(?:,([0-9]+))?\}\$")


def lengths(pattern: str) -> tuple[int, int] | None:
    """The fewest and the most characters, for a pattern that requires only a length, such as `^.{6,7}$`."""
    match = _LENGTHS.fullmatch(pattern)
    return (int(match[1]), int(match[2] or match[1])) if match else None


def invoice_numbers(rules: Rules) -> str:
    """What an invoice number must look like, such as `6 or 7 characters`."""
    pattern = rules.invoice_pattern
    if (few_and_many := lengths(pattern)) is None:
        return f"what matches {pattern}"
    fewest, most = few_and_many
    if fewest == most:
        return f"{fewest} characters"
    return f"{fewest} {'or' if most == fewest + 1 else 'to'} {most} characters"


def product_codes(rules: Rules) -> str:
    """The codes that count for a customer; any other is postage, a fee or a correction."""
    if rules.not_product is not None:
        codes = [code if is_pattern(code) else f'"{code}"' for code in rules.not_product]
        return f"all codes but {', '.join(codes)}" if codes else "all codes"
    if rules.product_pattern == _DEFAULT.product_pattern:
        return "codes of five digits, with or without letters behind them, and PADS"
    return f"codes that match {rules.product_pattern}"


def cancellations(rules: Rules) -> str:
    """The invoice numbers that are cancellations."""
    if rules.cancellation_pattern == _DEFAULT.cancellation_pattern:
        return "C followed by digits only"
    return f"what matches {rules.cancellation_pattern}"


def totals(rules: Rules) -> str:
    """How the total of a line without an amount is computed."""
    return "Quantity times UnitPrice" if rules.rounding == "unit" else "Quantity times ExactUnitPrice, rounded half up"


def line_for(key: str, pattern: str, text: str) -> str:
    """A line for `[rules]` whose pattern also accepts texts like this one, if one can be written.

    Its letters and digits stand for any others, so that it reveals no id.
    """
    flag = "(?i)" if pattern.startswith("(?i)") else ""
    return f"{key} = {toml(f'{flag}^({_inside(pattern.removeprefix(flag))}{_like(text)})$')}"


def _inside(pattern: str) -> str:
    """The pattern between ^ and $, followed by |; empty if it cannot be combined that way."""
    start, end = "" if pattern.startswith("^") else ".*", "" if pattern.endswith("$") else ".*"
    inside = pattern.removeprefix("^").removesuffix("$")
    if re.fullmatch(r"\([^()]*\)", inside):
        inside = inside[1:-1]
    elif _has_alternatives(inside):
        if "" in (start, end):  # each anchor belongs to a single alternative
            return ""
        inside = f"({inside})"
    return f"{start}{inside}{end}|"


def _has_alternatives(pattern: str) -> bool:
    """Whether the pattern has a | outside all brackets."""
    bare = re.sub(r"\\.|\[[^]]*\]", "", pattern)
    while (shorter := re.sub(r"\([^()]*\)", "", bare)) != bare:
        bare = shorter
    return "|" in bare


def _like(text: str) -> str:
    """A pattern, without anchors, of all texts with the same runs of letters, digits and other characters."""

    def said(run: re.Match[str]) -> str:
        if run["digits"]:
            return "[0-9]+"
        if run["letters"]:
            return "[A-Za-z]+" if run["letters"].isascii() else ".+"
        return "".join(one if one in " ,:_" else f"[{one}]" if one not in "[]\\^&-" else f"\\{one}" for one in run[0])

    return re.sub(r"(?P<digits>[0-9]+)|(?P<letters>[^\W\d_]+)|[\W\d_]", said, text)
