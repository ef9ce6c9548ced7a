"""Advice for a full disk: the free space of each folder that a run writes to."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rfm_assets.settings import settings

_SIGNS_OF_NO_ROOM = ("No space left on device", "failed to offload data block", "database or disk is full")


def advice(*texts: str) -> str:
    """What to do if one of an error's texts reports a full disk; empty for other errors."""
    if any(sign in text for text in texts for sign in _SIGNS_OF_NO_ROOM):
        return f"A disk is full: {_room()}. Make room, or set another folder"
    return ""


def _room() -> str:
    """Free space by folder, the fullest first, each with the setting that moves it."""
    free = sorted((shutil.disk_usage(folder).free, setting, folder) for setting, folder in _folders())
    return "; ".join(f"{space / 1e6:,.0f} MB are free in {folder} ({setting})" for space, setting, folder in free)


def _folders() -> Iterator[tuple[str, Path]]:
    chosen = settings()
    yield "DAGSTER_HOME", Path(os.environ.get("DAGSTER_HOME") or ".").resolve()
    yield "TMPDIR", Path(tempfile.gettempdir())
    yield "RFM_WAREHOUSE", _existing(chosen.warehouse.parent)
    yield "RFM_PUBLISHED", _existing(chosen.published)
    if chosen.temp_directory:
        yield "RFM_TEMP_DIRECTORY", _existing(chosen.temp_directory)


def _existing(folder: Path) -> Path:
    resolved = folder.resolve()
    return next(path for path in (resolved, *resolved.parents) if path.exists())
