"""Variants of the same export: older headers, other locales, files that a spreadsheet saved."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from rfm_assets.sample.shapes import SHAPES
from rfm_assets.sample.shapes.shape import Shape

Edit = Callable[[str], str]


@dataclass(frozen=True)
class Variant:
    """How a variant differs from the sample's format: renamed or missing columns, cells written differently."""

    preset: str
    columns: Mapping[str, str] = field(default_factory=dict)
    dropped: frozenset[str] = frozenset()
    cells: Mapping[str, Edit] = field(default_factory=dict)
    delimiter: str | None = None
    encoding: str | None = None

    @property
    def shape(self) -> Shape:
        return SHAPES[self.preset]

    def rewrite(self, path: Path) -> None:
        """Writes a sample file in this variant."""
        shape = self.shape
        quoting = shape.quoting
        form = {"quoting": quoting, "quotechar": None if quoting == csv.QUOTE_NONE else '"'}
        with path.open(encoding=shape.encoding, newline="") as file:
            rows = list(csv.DictReader(file, delimiter=shape.delimiter, quoting=quoting))
        header = [name for name in rows[0] if name not in self.dropped]
        with path.open("w", encoding=self.encoding or shape.encoding, newline="") as file:
            writer = csv.writer(file, delimiter=self.delimiter or shape.delimiter, **form)  # type: ignore[arg-type]
            writer.writerow([self.columns.get(name, name) for name in header])
            writer.writerows([self.cells.get(name, str)(str(row[name])) for name in header] for row in rows)


def dated(read: str, written: str) -> Edit:
    """Dates in another format; blank ones stay blank."""
    return lambda text: f"{datetime.strptime(text, read):{written}}" if text else ""  # noqa: DTZ007 - as it stands


def worded(words: Mapping[str, str]) -> Edit:
    """Some words replaced by others."""
    return lambda text: words.get(text, text)


def swapped(text: str) -> str:
    """Decimal commas and points swapped."""
    return text.translate(str.maketrans(",.", ".,"))


def _without(*names: str) -> frozenset[str]:
    return frozenset(names)


_GERMAN = {
    "Completed": "Abgeschlossen",
    "Pending payment": "Zahlung ausstehend",
    "Cancelled": "Storniert",
    "Refunded": "Rückerstattet",
}
_WOO_MONEY = (
    "Item Cost", "Order Line Total", "Order Line Total Refunded", "Order Total Amount", "Order Shipping Amount",
)  # fmt: skip
_SQUARE_2026 = (
    "Unit", "Count", "GTIN", "Itemization Type", "Commission", "Employee", "Fulfillment Note", "Channel", "Token",
    "Card Brand", "PAN Suffix", "Location", "Dining Option", "Customer Name",
)  # fmt: skip
_STRIPE_MONEY = ("Amount", "Amount Refunded", "Fee")

VARIANTS = {
    "shopify saved by a spreadsheet": Variant(
        "shopify",
        dropped=_without("Tax 3 Name", "Tax 3 Value", "Duties", "Phone", "Lineitem compare at price"),
        cells={"Created at": lambda text: dated("%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M")(text[:19])},
        delimiter=";",
        encoding="cp1252",
    ),
    "shopify as Excel's day numbers": Variant(
        "shopify",
        cells={
            "Created at": lambda text: (
                str((datetime.fromisoformat(text[:10]) - datetime(1899, 12, 30)).days + 0.34) if text else ""  # noqa: DTZ001
            )
        },
    ),
    "woocommerce in German": Variant(
        "woocommerce-lines",
        cells={"Order Status": worded(_GERMAN), "Order Date": dated("%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M")},
    ),
    "woocommerce with commas between and points in numbers": Variant(
        "woocommerce-lines", cells=dict.fromkeys(_WOO_MONEY, swapped), delimiter=",", encoding="utf-8"
    ),
    "woocommerce without totals": Variant(
        "woocommerce-lines",
        dropped=_without("Order Line Total", "Order Line (w/o tax)", "Order Total Amount", "Order Subtotal Amount"),
    ),
    "square in 2024, 21 columns": Variant("square-items", dropped=_without(*_SQUARE_2026)),
    "square with American dates": Variant("square-items", cells={"Date": dated("%Y-%m-%d", "%m/%d/%Y")}),
    "stripe before 2023": Variant(
        "stripe-payments",
        columns={"Created date (UTC)": "Created (UTC)"},
        dropped=_without("Converted Amount", "Converted Amount Refunded", "Converted Currency", "Is Link"),
        cells={"Created date (UTC)": lambda text: text[:16]},
    ),
    "stripe with decimal commas": Variant(
        "stripe-payments",
        dropped=_without("Converted Amount", "Converted Amount Refunded", "Converted Currency"),
        cells=dict.fromkeys(_STRIPE_MONEY, swapped),
    ),
    "amazon in Japan": Variant(
        "amazon-order-report",
        cells={"ship-city": lambda _: "とうきょう", "product-name": lambda _: "マグカップ"},
        encoding="shift_jis",
    ),
    "bigcommerce with dates as in e-mails": Variant(
        "bigcommerce", cells={"Order Date": dated("%d/%m/%Y", "%a, %d %b %Y 14:21:24 +0000")}
    ),
    "magento with narrow spaces": Variant(
        "magento-grid", cells={"Purchase Date": lambda text: f"{text[:-3]}\u202f{text[-2:]}"}
    ),
    "magento in British English": Variant(
        "magento-grid", cells={"Purchase Date": dated("%b %d, %Y, %I:%M:%S %p", "%d %b %Y, %H:%M:%S")}
    ),
    "lightspeed with the date on sales only": Variant(
        "lightspeed", cells={"User": lambda _: "Zoë", "Register": lambda _: ""}, encoding="utf-16"
    ),
    "sap with points in dates": Variant("sap-billing", cells={"ERDAT": dated("%Y%m%d", "%d.%m.%Y")}, encoding="utf-8"),
    "events without a zone": Variant("events", cells={"event_time": lambda text: text.removesuffix(" UTC")}),
}
