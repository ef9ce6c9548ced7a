"""Keeps a download available until the browser has its new URL.

Streamlit gives a file made on demand a new URL with each run of a page, and drops the old one at the end of the run. A
click just before the page changes asks for the old URL, and would fail. Streamlit has no setting for this.
"""

from time import monotonic

from streamlit.runtime.media_file_manager import MediaFileManager

KEPT = 60.0
"""Seconds that a replaced download stays available."""

_replaced_at: dict[str, float] = {}


def keep_replaced_downloads() -> None:
    """Makes Streamlit drop replaced downloads only after a while."""
    setattr(MediaFileManager, "_remove_orphaned_deferred_callables", _forget_late)  # noqa: B010 - mypy forbids the other


def _forget_late(self: MediaFileManager) -> None:
    """Called with the manager's lock held."""
    now = monotonic()
    shown = {one for files in self._files_by_session_and_coord.values() for one in files.values()}
    for one in self._deferred_callables.keys() - shown:
        if now - _replaced_at.setdefault(one, now) > KEPT:
            self._drop_deferred_id(one)
    for gone in _replaced_at.keys() - self._deferred_callables.keys():
        del _replaced_at[gone]
