"""The shop's terms for reading exports: currency, time zone, and how to hash customer ids."""

from dataclasses import dataclass, field

from rfm_assets.config.currency import CURRENCIES
from rfm_assets.config.shop_file import Shop
from rfm_assets.privacy.customer_ids import CustomerIds


@dataclass(frozen=True)
class Terms:
    """The shop's currency and time zone; None if the shop file does not set them."""

    currency: str | None = None
    time_zone: str | None = None
    ids: CustomerIds = field(default_factory=CustomerIds)
    """How to hash customers' ids, if a profile pseudonymises them."""

    @classmethod
    def of(cls, shop: Shop) -> "Terms":
        """The terms of the shop file."""
        return cls(shop.currency or None, shop.time_zone if "time_zone" in shop.model_fields_set else None)

    def decimals(self, currencies: tuple[str, ...] = ()) -> int:
        """The decimals of amounts, by the shop's currency, or the only one in an export; else 2."""
        code = self.currency or (currencies[0] if len(currencies) == 1 else "")
        return CURRENCIES[code].decimals if code in CURRENCIES else 2


def name_the_currency(example: str) -> str:
    """Advice on declaring the shop's currency."""
    return (
        f'name the shop\'s own, for example {example}: `currency = "{example}"` in [shop] of rfm.toml; for a new shop, '
        f"`rfm init --currency {example}` or `make demo EXPORT=... CURRENCY={example}`. Lines in another currency are "
        "then refused and counted"
    )
