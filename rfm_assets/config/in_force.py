"""What holds for this process: the environment over the shop file, that over its preset, and that over the defaults.

Read once, when it is first asked for, as the settings are.
"""

from functools import cache

from rfm_assets.config.aliases import Alias
from rfm_assets.config.aliases import aliases as read_aliases
from rfm_assets.config.audiences import Audiences
from rfm_assets.config.currency import CURRENCIES, Currency
from rfm_assets.config.customers import Customers
from rfm_assets.config.load import DEFAULT, rules_of, shop_file
from rfm_assets.config.segments import Segments
from rfm_assets.config.shop_file import Clusters, Rules, Shop
from rfm_assets.settings import settings


@cache
def shop() -> Shop:
    """Who sells; the first day in force is among the settings."""
    own, chosen = shop_file(settings().config).shop, settings().currency
    return own.model_copy(update={"currency": chosen}) if chosen in CURRENCIES else own


@cache
def rules() -> Rules:
    """What a sale is."""
    config = settings().config
    own = rules_of(shop_file(config), config)
    return own.model_copy(update={"invoice_days_ahead": settings().invoice_days_ahead})


@cache
def segments() -> Segments:
    """Where the segments begin, and what they are called."""
    return shop_file(settings().config).segments


@cache
def customers() -> Customers:
    """Which texts name nobody, and which are the same customer."""
    return shop_file(settings().config).customers


@cache
def aliases() -> tuple[Alias, ...]:
    """The ids that are another customer's."""
    return read_aliases(customers(), beside=settings().config or DEFAULT)


@cache
def clusters() -> Clusters:
    """How customers are grouped by likeness."""
    return shop_file(settings().config).clusters


@cache
def audiences() -> Audiences:
    """How much of each audience is held out."""
    return shop_file(settings().config).audiences


def currency() -> Currency:
    """How amounts are written: a symbol of RFM_CURRENCY stands in place of that of the shop's currency."""
    chosen, symbol = CURRENCIES.get(shop().currency or ""), settings().currency
    if chosen is None:
        return Currency(symbol, 2)
    return chosen if symbol in CURRENCIES else chosen._replace(symbol=symbol)
