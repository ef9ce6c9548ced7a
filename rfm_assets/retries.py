"""How long to wait before something that failed is tried again."""

import time


def pause(attempt: int, *, first_seconds: float) -> None:
    """Waits after a failed attempt, counted from 0: `first_seconds`, then twice as long each time."""
    time.sleep(first_seconds * 2**attempt)
