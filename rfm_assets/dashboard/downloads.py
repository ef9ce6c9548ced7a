"""Keeps what a download button leads to until the browser has learnt what it leads to now.

Streamlit gives a file that is made on demand a new name with each run of a page, and forgets the old one at the run's
end. A click on a page that is about to change asks for the old one, and would be lost. Streamlit has no setting for it.
"""

from time import monotonic

from streamlit.runtime.media_file_manager import MediaFileManager

KEPT = 60.0
"""Seconds that a replaced download can still be asked for."""

_replaced_at: dict[str, float] = {}


def keep_replaced_downloads() -> None:
    """Has Streamlit forget downloads only a while after they were replaced."""
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
