"""Finds files that are copies of others: a text counts once, however often and under whatever name it is delivered.

Of files with the same text, the earliest day's is loaded; within a day, the first by name.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

COMPARED = 32
"""Hexadecimal characters: the length of a file version in a folder, which is also a digest of the bytes."""


class Content(NamedTuple):
    """A file and a digest of its text; sorted by precedence."""

    day: date
    key: str
    digest: str


def copies_of(files: Iterable[Content], contents: Iterable[Content]) -> frozenset[Content]:
    """The contents whose text is that of one of the files."""
    texts = {file.digest[:COMPARED] for file in files}
    return frozenset(content for content in contents if content.digest[:COMPARED] in texts)


def originals(files: Iterable[Content], held: Iterable[Content]) -> Mapping[str, str]:
    """For the key of each copy, the key of the file that is loaded in its place.

    `held` are the files whose lines stay in bronze whatever becomes of `files`.
    """
    files = list(files)
    first: dict[str, Content] = {}
    for content in sorted([*files, *held]):
        first.setdefault(content.digest[:COMPARED], content)
    earliest = {content.key: first[content.digest[:COMPARED]].key for content in files}
    return {key: original for key, original in earliest.items() if key != original}
