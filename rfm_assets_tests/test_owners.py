"""An owner is reported gone exactly when it is, whoever asks and from whatever container."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from rfm_assets.owners import abandoned, own

OWN_AND_WAIT = """
import sys
from pathlib import Path
from rfm_assets.owners import own
own(Path(sys.argv[1]))
print("owned", flush=True)
input()
"""
IN_ANOTHER_CONTAINER = ["unshare", "--pid", "--fork", "--mount-proc"]  # same host name, own pids


def may_unshare() -> bool:
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*IN_ANOTHER_CONTAINER, "true"], check=False, capture_output=True).returncode == 0


def owner_of(file: Path, within: Sequence[str] = ()) -> subprocess.Popen[str]:
    """A process that owns a file and waits."""
    command = [*within, sys.executable, "-c", OWN_AND_WAIT, str(file)]
    owner = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    assert owner.stdout.readline() == "owned\n"
    return owner


def is_abandoned(file: Path) -> bool:
    with abandoned(file) as gone:
        return gone


def test_an_owner_is_gone_once_it_was_killed_and_not_before_even_while_nobody_has_asked_about_it(
    tmp_path: Path,
) -> None:
    file = tmp_path / "run"
    owner = owner_of(file)
    assert not is_abandoned(file)
    owner.kill()
    os.waitid(os.P_PID, owner.pid, os.WEXITED | os.WNOWAIT)  # it has ended, but is still in the process table
    assert is_abandoned(file)
    owner.communicate()


@pytest.mark.skipif(not may_unshare(), reason="needs the right to make a namespace of pids")
def test_an_owner_with_a_pid_of_another_container_is_judged_rightly(tmp_path: Path) -> None:
    file = tmp_path / "run"
    owner = owner_of(file, IN_ANOTHER_CONTAINER)
    assert not is_abandoned(file)
    owner.communicate("\n")
    assert is_abandoned(file)


def test_this_process_owns_until_it_lets_go(tmp_path: Path) -> None:
    descriptor = own(tmp_path / "run")
    assert not is_abandoned(tmp_path / "run")
    os.close(descriptor)
    assert is_abandoned(tmp_path / "run")


def test_of_two_that_ask_at_once_one_is_told(tmp_path: Path) -> None:
    os.close(own(tmp_path / "run"))
    with abandoned(tmp_path / "run") as first, abandoned(tmp_path / "run") as second:
        assert (first, second) == (True, False)


def test_what_is_not_seen_is_not_judged(tmp_path: Path) -> None:
    assert not is_abandoned(tmp_path / "run")


def test_what_an_owner_has_started_does_not_own_in_its_place(tmp_path: Path) -> None:
    program = "import subprocess, sys; from pathlib import Path; from rfm_assets.owners import own; "
    program += "own(Path(sys.argv[1])); nowhere = {'stdout': subprocess.DEVNULL, 'stderr': subprocess.DEVNULL}; "
    program += "print(subprocess.Popen(['sleep', '60'], **nowhere).pid)"
    command = [sys.executable, "-W", "ignore", "-c", program, str(tmp_path / "run")]
    started = int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    try:
        os.kill(started, 0)
        assert is_abandoned(tmp_path / "run")
    finally:
        os.kill(started, signal.SIGTERM)
