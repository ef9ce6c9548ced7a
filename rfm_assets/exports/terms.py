"""What of the shop an export is read with: its currency, its time zone, and the key of its customers' ids."""

from dataclasses import dataclass, field

from rfm_assets.config.currency import CURRENCIES
from rfm_assets.config.shop_file import Shop
from rfm_assets.privacy.customer_ids import CustomerIds


@dataclass(frozen=True)
class Terms:
    """The shop's currency and zone, None where the shop file says nothing of them."""

    currency: str | None = None
    time_zone: str | None = None
    ids: CustomerIds = field(default_factory=CustomerIds)
    """How customers' ids leave where a profile pseudonymises them."""

    @classmethod
    def of(cls, shop: Shop) -> "Terms":
        """Those of the shop file."""
        return cls(shop.currency or None, shop.time_zone if "time_zone" in shop.model_fields_set else None)

    def decimals(self, currencies: tuple[str, ...] = ()) -> int:
        """Decimals of an amount: of the shop's currency, or of the only one in an export; else 2."""
        code = self.currency or (currencies[0] if len(currencies) == 1 else "")
        return CURRENCIES[code].decimals if code in CURRENCIES else 2


def name_the_currency(example: str) -> str:
    """How to say which of several currencies is the shop's."""
    return (
        f'name the shop\'s own, for example {example}: `currency = "{example}"` in [shop] of rfm.toml; for a new shop, '
        f"`rfm init --currency {example}` or `make demo EXPORT=... CURRENCY={example}`. Lines in another currency are "
        "then refused and counted"
    )
