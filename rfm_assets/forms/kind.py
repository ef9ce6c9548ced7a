"""A kind of wrong text, and what to do about it."""

from typing import NamedTuple

from rfm_assets.delivered import BLANKS, NO_VALUE_WORDS


class Kind(NamedTuple):
    """What a delivered text is instead of what was asked for, and what to deliver."""

    name: str
    way_out: str
    is_one_form: bool = True
    """Whether texts of the kind are alike enough to be counted as one form; if not, their shapes tell them apart."""


def trimmed(text: str | None) -> str:
    """A text without the blanks around it, as the rules read it; empty where nothing is there."""
    return (text or "").strip(BLANKS)


def is_no_value(text: str) -> bool:
    """Whether a trimmed text is a word that exporters write where they have no value."""
    return text.lower() in NO_VALUE_WORDS


def empty(what: str) -> Kind:
    """The kind of a field in which nothing is."""
    return Kind("empty", f"deliver {what}")
