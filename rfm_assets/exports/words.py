"""What headers and the words of a status are called: the lists of the preset `generic`, for drafts to choose among."""

from functools import cache

from rfm_assets.exports.fit import single_cells
from rfm_assets.exports.header import plain
from rfm_assets.exports.presets import load_preset

REFUND = frozenset(
    {"refund", "refunds", "refunded", "return", "returns", "credit", "storno", "avoir", "retoure", "reso"}
)
"""Words of a row that takes money back, among rows that are sales."""
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
"""Headers of what is taken off a price."""
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
    """The headers that may be a role by their names, the likeliest first."""
    wanted = names(role)
    found = [(wanted.index(plain(header)), header) for header in headers if plain(header) in wanted]
    return [header for _, header in sorted(found, key=lambda one: one[0])]


def is_sale(word: str) -> bool | None:
    """Whether a word of a status means a sale, None where it is not clear: "Shipped - Returned to Seller" is none."""
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
    """A word of a status without case, accents and signs, one blank between its parts."""
    return " ".join(plain(part) for part in word.replace("-", " ").replace("_", " ").split() if plain(part))
