"""The rules a line must pass to be silver, declared once: the filter, the reasons, the checks and the docs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rfm_assets.config import in_force
from rfm_assets.config.aliases import Alias
from rfm_assets.config.shop_file import Rules, Shop
from rfm_assets.config.words import invoice_numbers, lengths
from rfm_assets.delivered import BLANKS, HIGHEST_LINE_AMOUNT, HIGHEST_PRICE, LARGEST_QUANTITY, MALFORMED_LINE
from rfm_assets.literals import literal
from rfm_assets.silver.conditions import is_cancellation, is_invoice, quantity_times_price
from rfm_assets.silver.customers import aliased, in_small_letters, is_email, is_sound_id
from rfm_assets.silver.texts import any_case, trimmed
from rfm_assets.warehouse.query import Query, sql


@dataclass(frozen=True)
class Rule:
    """A rule on one line: what it requires, the SQL condition (over typed.sql) under which it passes, and why.

    A NULL condition fails.
    """

    name: str
    asks: str
    passes: str
    why: str


VALID_STOCK_CODE = Rule(
    "valid_stock_code",
    "StockCode is there",
    "trimmed_stock_code IS NOT NULL",
    "Without a product code it is unknown what was sold.",
)
VALID_QUANTITY = Rule(
    "valid_quantity",
    f"Quantity is a whole number above zero, and not too large: {LARGEST_QUANTITY:,} at most",
    "typed_quantity > 0",
    "A sale has at least one unit; returns carry negative quantities.",
)
VALID_UNIT_PRICE = Rule(
    "valid_unit_price",
    f"Price is a number, zero or more, and not too large: {HIGHEST_PRICE:,} at most",
    "typed_price >= 0",
    "A price below zero is an accounting correction, not a sale.",
)
VALID_LINE_AMOUNT = Rule(
    "valid_line_amount",
    "LineAmount, where a line has one, is a number, below zero only where Quantity is, and not too large: "
    f"{HIGHEST_LINE_AMOUNT:,} at most",
    "trimmed_line_amount IS NULL OR typed_line_amount >= 0 OR (typed_line_amount < 0 AND typed_quantity < 0)",
    "It stands for Quantity times Price, so a wrong one is a wrong revenue.",
)
VALID_CUSTOMER_ID = Rule(
    "valid_customer_id",
    "CustomerID is not in scientific notation, and has no thousands separators",
    f"trimmed_customer IS NULL OR {is_sound_id('trimmed_customer')}",
    "A spreadsheet has written it as a number: digits are dropped or separated, and the customer is lost.",
)
NOT_DELIVERED_BEFORE = Rule(
    "not_delivered_before",
    "The line's file has lines that no other file of its day or the 30 days before has, or fewer than 20",
    "repeats IS NULL",
    "Deliveries overlap, and a sale counts once.",
)


def valid_invoice_no(rules: Rules) -> Rule:
    """The rule on the form of the shop's invoice numbers."""
    is_default = rules.invoice_pattern == Rules().invoice_pattern
    return Rule(
        "valid_invoice_no",
        f"Invoice {'has' if lengths(rules.invoice_pattern) else 'is'} {invoice_numbers(rules)}",
        is_invoice("trimmed_invoice", rules),
        f"{'Shorter or longer texts' if is_default else 'Anything else'} cannot be traced to a sale.",
    )


def valid_invoice_date(first: date) -> Rule:
    """The rule that an invoice has a day, not before the shop's first."""
    return Rule(
        "valid_invoice_date",
        f"InvoiceDate is a day of the calendar, YYYY-MM-DD, {first} or later",
        f"typed_date >= DATE '{first}'",
        "Recency needs the day of every sale; programs write 1900 or 0001 for no date.",
    )


def not_after_its_file(days_ahead: int) -> Rule:
    """The rule that no invoice is dated more than `days_ahead` days after its file."""
    latest = f"at most {days_ahead} {'day' if days_ahead == 1 else 'days'}" if days_ahead else "not"
    return Rule(
        "not_after_its_file",
        f"InvoiceDate is {latest} after the day of its file",
        f"typed_date IS NULL OR datediff('day', processing_date, typed_date) <= {days_ahead}",
        "A sale cannot be dated after its file. RFM_INVOICE_DAYS_AHEAD allows days for shops ahead of UTC.",
    )


def in_currency(code: str) -> Rule:
    """The rule that a line, if it names a currency, is in the shop's."""
    currency = f"trim(Currency, {literal(BLANKS)})"
    is_named = literal(any_case((code.lower(),)))
    return Rule(
        "valid_currency",
        f"Currency is {code}, or not there",
        f"Currency IS NULL OR {currency} = '' OR regexp_matches({currency}, {is_named})",
        "Amounts of several currencies cannot be added up.",
    )


def rules_of(shop: Shop, rules: Rules) -> tuple[Rule, ...]:
    """The rules of a shop: the currency rule if the shop names its currency, repeated files if it skips them."""
    return (
        valid_invoice_no(rules),
        VALID_STOCK_CODE,
        VALID_QUANTITY,
        VALID_UNIT_PRICE,
        VALID_LINE_AMOUNT,
        valid_invoice_date(rules.first_invoice_date),
        not_after_its_file(rules.invoice_days_ahead),
        VALID_CUSTOMER_ID,
        *([in_currency(shop.currency)] if shop.currency else ()),
        *([NOT_DELIVERED_BEFORE] if rules.contained == "skip" else ()),
    )


RULES = rules_of(in_force.shop(), in_force.rules())


def typed(delivered: Query, shop: Rules | None = None) -> Query:
    """Bronze lines with their typed values; cancellations by the given rules, by default those in force."""
    cancels = is_cancellation("trimmed_invoice", shop or in_force.rules())
    return sql(__package__, "typed", trimmed=trimmed(delivered)).given(
        is_cancellation=cancels, is_email=is_email(), small_customer=in_small_letters("trimmed_customer")
    )


def transactions(judged: Query, shop: Rules | None = None, aliases: Sequence[Alias] | None = None) -> Query:
    """The judged lines that fail no rule, by the given rules and aliases, by default those in force."""
    lines = sql(__package__, "transactions", judged=aliased(judged, aliases))
    return lines.given(quantity_times_price=typed_total(shop or in_force.rules()))


def typed_total(rules: Rules) -> str:
    """SQL for the total of a typed line without an amount."""
    return quantity_times_price("typed_quantity", "typed_price", "typed_exact_price", rules)


def judged(delivered: Query, rules: Sequence[Rule] = RULES, shop: Rules | None = None) -> Query:
    """Typed bronze lines with `failed_rules`: the names of all rules a line fails, comma-separated; empty if none."""
    reasons = ",\n        ".join(
        f"CASE WHEN coalesce({rule.passes}, false) THEN NULL ELSE {literal(rule.name)} END" for rule in rules
    )
    return Query(
        f"""SELECT
    *,
    CASE WHEN _rescued_data IS NOT NULL THEN {literal(MALFORMED_LINE)} ELSE concat_ws(
        ',',
        {reasons}
    ) END AS failed_rules
FROM typed""",
        {"typed": typed(delivered, shop)},
    )
