"""A kind of wrong text, and what to do about it."""

from typing import NamedTuple

from rfm_assets.delivered import BLANKS, NO_VALUE_WORDS


class Kind(NamedTuple):
    """What a delivered text is instead of what the rule requires, and what to deliver."""

    name: str
    way_out: str
    is_one_form: bool = True
    """Whether texts of the kind are one form; if not, each shape is a form."""


def trimmed(text: str | None) -> str:
    """A text trimmed as the rules trim it; empty for None."""
    return (text or "").strip(BLANKS)


def is_no_value(text: str) -> bool:
    """Whether a trimmed text is a word that exporters write for a missing value."""
    return text.lower() in NO_VALUE_WORDS


def empty(what: str) -> Kind:
    """The kind of an empty field."""
    return Kind("empty", f"deliver {what}")
