"""Guesses the header of each field, with the evidence."""

from collections.abc import Iterator

from rfm_assets.exports.evidence import Evidence
from rfm_assets.exports.evidence_of_discounts import discount_of
from rfm_assets.exports.evidence_of_kinds import Kinds, kinds
from rfm_assets.exports.evidence_of_money import amount_of, quantity_of
from rfm_assets.exports.evidence_of_orders import date_of, number_of


class Guess:
    """The guessed header of each field, in the order in which headers are assigned."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.customer = evidence.first("customer")
        self.placed = date_of(evidence)
        self.number, self.refuted = number_of(evidence, self.customer)
        self.kinds: Kinds = kinds(evidence)
        self.product = evidence.first("product")
        self.quantity = quantity_of(evidence, self.product)
        number = self.number.headers[0] if self.number else None
        self.amount, self.of = amount_of(evidence, number, self.product, self.quantity)
        money = self.amount.headers[0] if self.amount else None
        self.discount = discount_of(evidence, number, self.quantity, money, self.of) if money else None
        self.description = evidence.first("description")
        self.currency, self.country = evidence.first("currency"), evidence.first("country")
        self.decimal = evidence.decimal([one for one in (money, self.quantity) if one])

    @property
    def missing(self) -> list[str]:
        """Required fields that were not found."""
        wanted = {"the order's date": self.placed, "the customer": self.customer, "an amount of money": self.amount}
        return [what for what, header in wanted.items() if header is None]

    def mapping(self) -> Iterator[tuple[str, str, str]]:
        """Field, headers and evidence of each guess."""
        if self.number:
            yield "order", self.number.headers[0], self.number.why
        else:
            yield "order", "", "no order number: a customer's purchases of a day are one order"
        if self.placed:
            yield "date", " ".join(self.placed.headers), self.placed.why
        yield "customer", self.customer or "", f"{self.evidence.distinct(self.customer or ''):,} distinct values"
        if self.amount:
            yield f"{self.of} amount", self.amount.headers[0], self.amount.why
        if self.discount:
            yield "discount", self.discount.header, self.discount.why
        named = {"quantity": self.quantity, "product": self.product, "status": self.kinds.status}
        named |= {"refunds": self.kinds.rows, "currency": self.currency, "country": self.country}
        yield from ((field, header, "") for field, header in named.items() if header)
