"""Whether the process that owns something is still alive: it holds a lock on a file beside it.

The system releases the lock when the process ends, however it ends. Any process that sees the file can ask, also from
another container or under another pid; where the file is not seen, nothing is known and nothing is judged.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":  # which has no such locks: every owner counts as alive there
    import fcntl


def own(file: Path) -> int:
    """Makes a file that this process owns until it ends, or closes the descriptor that is returned.

    The file appears locked, so nobody sees it without its owner.

    Raises:
        OSError: when it cannot be written.
    """
    new = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(new, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        lock(descriptor, wait=True)
        new.rename(file)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


@contextmanager
def abandoned(file: Path) -> Iterator[bool]:
    """Whether the owner of a file is gone; if so, nobody else is told the same until the block ends.

    A file that is not there, or that may not be opened, says nothing: its owner counts as alive.
    """
    try:
        descriptor = os.open(file, os.O_RDWR)
    except OSError:
        yield False
        return
    try:
        yield lock(descriptor, wait=False)
    finally:
        os.close(descriptor)


@contextmanager
def alone(file: Path, *, wait: bool) -> Iterator[bool]:
    """Whether no other process is in a block for the same file, which is made where it is missing.

    Waits for that where asked to. On a system without such locks everybody counts as alone.

    Raises:
        OSError: when the file cannot be written or locked.
    """
    descriptor = os.open(file, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        yield lock(descriptor, wait=wait) or sys.platform == "win32"
    finally:
        os.close(descriptor)


def lock(descriptor: int, *, wait: bool) -> bool:
    """Locks an open file until its descriptor is closed.

    Returns False, unlocked, where another process holds it and nobody waits, and on a system without such locks.

    Raises:
        OSError: when it cannot be locked however long one waits.
    """
    if sys.platform == "win32":
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        if wait:
            raise
        return False
    return True
