"""Common names of headers and words of statuses, from the preset `generic`, for drafts."""

from functools import cache

from rfm_assets.exports.header import plain
from rfm_assets.exports.header_fit import single_cells
from rfm_assets.exports.presets import load_preset

REFUND = frozenset(
    {"refund", "refunds", "refunded", "return", "returns", "credit", "storno", "avoir", "retoure", "reso"}
)
"""Row types that mean a refund, among sales."""
SOLD = frozenset({"sale", "sales", "payment", "invoice", "purchase", "order", "charge", "buy", "verkauf", "vente"})
KINDS = ("receipttype", "transactiontype", "eventtype", "ordertype", "saletype", "documenttype", "type")
FLAGS = (
    "cancelled",
    "canceled",
    "iscancelled",
    "iscanceled",
    "void",
    "voided",
    "isvoid",
    "returned",
    "isreturned",
    "test",
)
DISCOUNTS = frozenset(
    {
        *("discount", "discounts", "discountamount", "discountvalue", "linediscount", "itemdiscount", "orderdiscount"),
        *("lineitemdiscount", "totaldiscount", "discounttotal", "promotiondiscount", "couponamount", "couponvalue"),
        *("rabatt", "rabattbetrag", "nachlass", "remise", "montantremise", "reduction", "descuento", "desconto"),
        *("sconto", "korting", "kortingsbedrag", "rabat", "alennus"),
    }
)
"""Headers of discounts."""
YES = frozenset({"yes", "y", "true", "1", "1.0", "t", "x"})
NO = frozenset({"", "no", "n", "false", "0", "0.0", "f"})
BLANK = frozenset({"", r"\n", "null", "nan", "none", "n/a", "-", "#n/a"})


@cache
def names(role: str) -> tuple[str, ...]:
    """The plain headers of a role: a cell of an order, line or customer, or `unit`, `line`, `order` for amounts."""
    generic = load_preset("generic")
    if role in {"unit", "line", "order"}:
        return next(one.column for one in generic.line.amount if one.of == role)
    cell = single_cells(generic)[role]
    return cell.column if cell else ()


@cache
def known() -> frozenset[str]:
    """Every plain header of any role."""
    roles = ("number", "placed", "status", "currency", "product", "quantity", "unit", "line", "order", "customer")
    return frozenset(name for role in roles for name in names(role))


def named(headers: list[str], role: str) -> list[str]:
    """The headers whose names fit a role, the likeliest first."""
    wanted = names(role)
    found = [(wanted.index(plain(header)), header) for header in headers if plain(header) in wanted]
    return [header for _, header in sorted(found, key=lambda one: one[0])]


def is_sale(word: str) -> bool | None:
    """Whether a status means a sale, or None if unclear; "Shipped - Returned to Seller" is not one."""
    status = load_preset("generic").order.status
    lists = (status.sale, status.not_a_sale) if status else ((), ())
    sale, not_a_sale = ({_bare(one) for one in words} for words in lists)
    bare = _bare(word)
    parts = {bare, *bare.split()}
    if word.strip().lower() in BLANK or bare in sale:
        return True
    if parts & not_a_sale:
        return False
    return True if parts & sale else None


def _bare(word: str) -> str:
    """A status without case, accents and signs, its parts separated by single blanks."""
    return " ".join(plain(part) for part in word.replace("-", " ").replace("_", " ").split() if plain(part))
