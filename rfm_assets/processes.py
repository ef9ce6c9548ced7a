"""Which process does a job, and whether it is still there."""

import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_ENDED = {"Z", "X"}  # states of a process that has ended and that nobody has asked about yet


@dataclass(frozen=True)
class Process:
    """A process of some host. A pid is used again sooner or later; the time of the start tells the two apart."""

    host: str
    pid: int
    started: str

    @classmethod
    def this(cls) -> Self:
        """The process that asks."""
        return cls(socket.gethostname(), os.getpid(), _started(os.getpid()) or "")

    def encode(self) -> str:
        """One line of text."""
        return f"{self.host} {self.pid} {self.started}"

    @classmethod
    def decode(cls, text: str) -> Self | None:
        """Reads what `encode` wrote; None for anything else."""
        host, _, rest = text.partition(" ")
        pid, _, started = rest.partition(" ")
        return cls(host, int(pid), started) if host and pid.isdecimal() and started else None

    @property
    def is_gone(self) -> bool:
        """Whether it is known to have ended: never of another host's process, nor where the system does not say."""
        return _can_tell() and self.host == socket.gethostname() and _started(self.pid) != self.started


def _can_tell() -> bool:
    return bool(_started(os.getpid()))


def _started(pid: int) -> str | None:
    """When a running process was started, exactly as the system puts it; None if there is no such process."""
    return _started_on_linux(pid) if sys.platform == "linux" else _started_elsewhere(pid)


def _started_on_linux(pid: int) -> str | None:
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return None
    state, *fields = status.rpartition(")")[2].split()  # the name before may hold anything
    return None if state in _ENDED else f"{boot}+{fields[18]}"  # ticks since the machine was started


def _started_elsewhere(pid: int) -> str | None:
    try:
        command = ["ps", "-o", "state=,lstart=", "-p", str(pid)]
        plain = os.environ | {"LC_ALL": "C"}
        found = subprocess.run(command, capture_output=True, text=True, check=False, env=plain)  # noqa: S603
    except OSError:
        return None
    state, _, started = found.stdout.strip().partition(" ")
    return None if state[:1] in _ENDED else " ".join(started.split()) or None
