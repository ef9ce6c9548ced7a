"""How something that failed is tried again, and how long to wait before it."""

import time
from collections.abc import Callable


def pause(attempt: int, *, first_seconds: float) -> None:
    """Waits after a failed attempt, counted from 0: `first_seconds`, then twice as long each time."""
    time.sleep(first_seconds * 2**attempt)


def problem_of(attempt: Callable[[], str | None], *, attempts: int, first_seconds: float) -> str | None:
    """Does something that says what was wrong until nothing was, with pauses; returns what was wrong the last time."""
    problem = attempt()
    for failed in range(attempts - 1):
        if problem is None:
            break
        pause(failed, first_seconds=first_seconds)
        problem = attempt()
    return problem
