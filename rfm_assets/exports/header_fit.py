"""Compares a profile with an export's headers: which it reads, which are missing, which are unused."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rfm_assets.exports.header import key_of, plain
from rfm_assets.exports.profile import Profile
from rfm_assets.exports.profile_cells import Cell

NEEDS = {
    "number": "the order's number",
    "placed": "the order's date",
    "amount": "an amount of money",
    "customer": "the customer",
}
"""The fields that RFM requires."""


def single_cells(profile: Profile) -> dict[str, Cell | None]:
    """The cells that a profile has at most once, by their names in SQL."""
    order, line, refund, totals = profile.order, profile.line, profile.refund, profile.totals
    return {
        "number": order.number if not order.number.by else None,
        "placed": order.placed,
        "clock": order.placed.time,
        "status": order.status,
        "currency": order.currency,
        "country": order.country,
        "product": line.product,
        "description": line.description,
        "quantity": line.quantity,
        "packed": line.packed,
        "customer": profile.customer.key,
        "consent": profile.customer.accepts_marketing,
        "refund_row": refund.rows,
        "refunded": refund.amount,
        "refunded_on": refund.date,
        "total_line": totals.line,
        "total_order": totals.order,
    }


def cells_of(profile: Profile) -> Iterator[tuple[str, Cell]]:
    """Every cell of a profile with its name in SQL, including all alternative amounts."""
    yield from ((name, cell) for name, cell in single_cells(profile).items() if cell is not None)
    yield from (("amount", amount) for amount in profile.line.amount)
    yield from ((f"discount_{place}", one) for place, one in enumerate(profile.line.discounts))
    yield from ((f"filter_{place}", one) for place, one in enumerate(profile.filter))
    yield from ((f"less_{place}", one) for place, one in enumerate(profile.totals.less))


def known_headers(profile: Profile) -> set[str]:
    """The keys of all headers that a profile may read."""
    carried = profile.order.carry_down
    more = (*carried.by, *carried.columns) if carried else ()
    joins = [name for join in profile.join for name in (*join.has, join.on)]
    cells = [name for _, cell in cells_of(profile) for name in cell.headers]
    return {key_of(name) for name in (*cells, *more, *joins, *profile.file.has)}


def _key(profile: Profile) -> Callable[[str], str]:
    """The function by which this profile compares headers."""
    return plain if profile.file.loose_headers else key_of


@dataclass(frozen=True)
class Fit:
    """How a profile fits the headers of an export."""

    profile: Profile
    headers: Sequence[str]
    present: Mapping[str, str]
    """The header of each key."""

    @classmethod
    def of(cls, profile: Profile, headers: Sequence[str]) -> "Fit":
        """Compares the headers of an export with a profile's."""
        return cls(profile, headers, {_key(profile)(name): name for name in reversed(headers)})

    def found(self, cell: Cell | None) -> tuple[str, ...]:
        """The headers that fill a cell; empty if none do."""
        if cell is None:
            return ()
        key = _key(self.profile)
        some = tuple(self.present[key(name)] for name in cell.headers if key(name) in self.present)
        return some if cell.first_filled or cell.join else some[:1]

    def has(self, cell: Cell | None) -> bool:
        """Whether a cell can be filled."""
        return cell is not None and (cell.value is not None or bool(self.found(cell)))

    @property
    def amount(self) -> Cell | None:
        """The first amount that the export has."""
        return next((one for one in self.profile.line.amount if self.has(one)), None)

    @property
    def missing(self) -> dict[str, tuple[str, ...]]:
        """Missing required fields, by name, with the headers that would do."""
        profile = self.profile
        required: dict[str, Cell | None] = {
            name: cell
            for name, cell in cells_of(profile)
            if name in {"number", "placed", "product", "quantity", "status", "refund_row"} and not cell.optional
        }
        lacking = {name: cell.headers for name, cell in required.items() if cell is not None and not self.has(cell)}
        if self.amount is None:
            lacking["amount"] = tuple(name for one in profile.line.amount for name in one.headers)
        if not self.has(profile.customer.key):
            lacking["customer"] = profile.customer.key.headers if profile.customer.key else ()
        return lacking

    @property
    def used(self) -> dict[str, tuple[str, ...]]:
        """The headers that fill each cell."""
        amount = self.amount
        cells = [(name, cell) for name, cell in cells_of(self.profile) if name != "amount"]
        found = {name: self.found(cell) for name, cell in (*cells, *([("amount", amount)] if amount else []))}
        return {name: headers for name, headers in found.items() if headers}

    @property
    def unused(self) -> list[str]:
        """Headers that the profile does not read."""
        read = {header for headers in self.used.values() for header in headers}
        carried = self.profile.order.carry_down
        read |= {self.present[key] for name in (carried.by if carried else ()) if (key := key_of(name)) in self.present}
        return [header for header in self.headers if header not in read]

    @property
    def twice(self) -> list[str]:
        """Required headers that occur more than once, so that the intended one is unknown."""
        keys = [key_of(name) for name in self.headers]
        needed = {key_of(header) for headers in self.used.values() for header in headers}
        return sorted({name for name in self.headers if key_of(name) in needed and keys.count(key_of(name)) > 1})
