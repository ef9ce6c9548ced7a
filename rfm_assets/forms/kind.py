"""A kind of wrong text, and what to do about it."""

from typing import NamedTuple


class Kind(NamedTuple):
    """What a delivered text is instead of what was asked for, and what to deliver."""

    name: str
    way_out: str
    telling: bool = True
    """Whether texts of the kind are alike enough to be counted as one form; if not, their shapes tell them apart."""


# What exports write where there is no value.
NO_VALUE_WORDS = frozenset({"nan", "null", "none", "n/a", "#n/a", "na", "nat", "-"})


def empty(what: str) -> Kind:
    """The kind of a field in which nothing is."""
    return Kind("empty", f"deliver {what}")
