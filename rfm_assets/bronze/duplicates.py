"""Which files are copies of others: a text counts once, however often and under whatever names it is delivered.

Of files with the same text, the one of the earliest day is loaded, on one day the first by name.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

COMPARED = 32
"""Hexadecimal characters: as many as a folder's version of a file has, which is a digest of its bytes, too."""


class Content(NamedTuple):
    """A file and a digest of its text; the order is the one in which files have precedence."""

    day: date
    key: str
    digest: str


def copies_of(files: Iterable[Content], contents: Iterable[Content]) -> frozenset[Content]:
    """Those of some contents that have the text of one of the files."""
    texts = {file.digest[:COMPARED] for file in files}
    return frozenset(content for content in contents if content.digest[:COMPARED] in texts)


def originals(files: Iterable[Content], held: Iterable[Content]) -> Mapping[str, str]:
    """The key of the file that is loaded in its place, for the key of each file that is a copy.

    `held` are the files whose lines stay in bronze whatever becomes of `files`.
    """
    files = list(files)
    first: dict[str, Content] = {}
    for content in sorted([*files, *held]):
        first.setdefault(content.digest[:COMPARED], content)
    earliest = {content.key: first[content.digest[:COMPARED]].key for content in files}
    return {key: original for key, original in earliest.items() if key != original}
