"""Holds a process to being called gone only when it is: not of another host, not while it runs, not for its pid."""

import os
import subprocess
import sys
from dataclasses import replace

from rfm_assets.processes import Process

SAY_WHO_AND_WAIT = "from rfm_assets.processes import Process; print(Process.this().encode(), flush=True); input()"


def started() -> tuple[subprocess.Popen[str], Process]:
    """A process that waits, and how it calls itself."""
    child = subprocess.Popen(
        [sys.executable, "-c", SAY_WHO_AND_WAIT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    process = Process.decode(child.stdout.readline().strip())
    assert process is not None
    return child, process


def test_a_process_is_gone_once_it_was_killed_and_not_before_even_while_nobody_has_asked_about_it() -> None:
    child, process = started()
    assert process.pid == child.pid
    assert not process.is_gone
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # it has ended, and stays in the system's list
    assert process.is_gone, "a zombie works at nothing"
    child.communicate()
    assert process.is_gone


def test_a_pid_that_another_process_has_now_is_told_by_its_start() -> None:
    assert not Process.this().is_gone
    assert replace(Process.this(), started="an earlier time").is_gone


def test_a_process_of_another_host_is_never_called_gone() -> None:
    assert not replace(Process.this(), host="another-host", pid=2**22 + 1).is_gone


def test_what_is_no_process_is_read_as_none() -> None:
    assert Process.decode(Process.this().encode()) == Process.this()
    assert [Process.decode(text) for text in ("", "host", "host pid now", "host 12")] == [None] * 4
