"""The values in force: the environment takes precedence over the shop file, then its preset, then the defaults.

Read once, on first use, like the settings.
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
    """The shop; its first day in force is among the settings."""
    own, chosen = shop_file(settings().config).shop, settings().currency
    return own.model_copy(update={"currency": chosen}) if chosen in CURRENCIES else own


@cache
def rules() -> Rules:
    """What counts as a sale."""
    config = settings().config
    own = rules_of(shop_file(config), config)
    return own.model_copy(update={"invoice_days_ahead": settings().invoice_days_ahead})


@cache
def segments() -> Segments:
    """Where segments begin, and their names."""
    return shop_file(settings().config).segments


@cache
def customers() -> Customers:
    """Texts that name nobody, and texts that are the same customer."""
    return shop_file(settings().config).customers


@cache
def aliases() -> tuple[Alias, ...]:
    """Ids that mean another customer."""
    return read_aliases(customers(), beside=settings().config or DEFAULT)


@cache
def clusters() -> Clusters:
    """How similar customers are grouped."""
    return shop_file(settings().config).clusters


@cache
def audiences() -> Audiences:
    """The share of each audience that is held out."""
    return shop_file(settings().config).audiences


def currency() -> Currency:
    """How amounts are written; a symbol in RFM_CURRENCY replaces that of the shop's currency."""
    chosen, symbol = CURRENCIES.get(shop().currency or ""), settings().currency
    if chosen is None:
        return Currency(symbol, 2)
    return chosen if symbol in CURRENCIES else chosen._replace(symbol=symbol)
