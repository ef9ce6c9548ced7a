"""Retries with pauses."""

import time
from collections.abc import Callable


def pause(attempt: int, *, first_seconds: float) -> None:
    """Waits after a failed attempt, counted from 0: `first_seconds`, then twice as long each time."""
    time.sleep(first_seconds * 2**attempt)


def problem_of(attempt: Callable[[], str | None], *, attempts: int, first_seconds: float) -> str | None:
    """Calls `attempt`, with pauses, until it returns no problem; returns the last problem."""
    problem = attempt()
    for failed in range(attempts - 1):
        if problem is None:
            break
        pause(failed, first_seconds=first_seconds)
        problem = attempt()
    return problem
