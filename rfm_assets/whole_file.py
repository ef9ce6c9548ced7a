"""Atomic file writes."""

import os
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Writes a text in UTF-8 under a temporary name, and renames it: the earlier file stays until then.

    Raises:
        OSError: when it cannot be written.
    """
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def sync(path: Path) -> None:
    """Fsyncs a file, or the names in a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
