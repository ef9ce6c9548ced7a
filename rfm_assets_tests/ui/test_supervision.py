"""`rfm dev` supervises its servers: it gives up on one that keeps dying, says why, and leaves none behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from rfm_assets.errors import RfmError
from rfm_assets.ui import dev

DIES = "import sys; sys.exit('no module named shop')"
STUBBORN = """
import os, signal, sys, time
from pathlib import Path
signal.signal(signal.SIGTERM, signal.SIG_IGN)
Path(sys.argv[1] + ".new").write_text(str(os.getpid()))
Path(sys.argv[1] + ".new").rename(sys.argv[1])
time.sleep(600)
"""
# Answers once, and dies as soon as the webserver is up; after that it dies immediately.
DIES_LATER = """
import sys, time
from pathlib import Path
Path(sys.argv[1]).touch()
while not Path(sys.argv[2]).exists():
    time.sleep(0.01)
sys.exit("no module named shop")
"""
ARRIVES = "import sys, time; from pathlib import Path; Path(sys.argv[1]).touch(); time.sleep(600)"
SUPERVISES = """
import sys
from pathlib import Path
from rfm_assets.ui import dev
with dev.ended_by_signals():
    dev.supervise({dev.CODE_SERVER: [sys.executable, *sys.argv[2:]]}, Path(sys.argv[1]))
"""


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "_LOOK_EVERY", 0.01)


@pytest.fixture(autouse=True)
def handlers_kept() -> object:
    """Restores the signal handlers that the supervision replaces."""
    before = {number: signal.getsignal(number) for number in dev.SIGNALS}
    yield None
    for number, handler in before.items():
        signal.signal(number, handler)


def python(program: str, *arguments: Path) -> Sequence[str]:
    return [sys.executable, "-c", program, *map(str, arguments)]


def test_a_server_that_dies_is_named_with_what_it_wrote_last(tmp_path: Path) -> None:
    with pytest.raises(RfmError, match=r"the code server ended with exit code 1 \(no module named shop\)"):
        dev.supervise({dev.CODE_SERVER: python(DIES)}, tmp_path / "code.sock")


def test_a_code_server_that_keeps_dying_is_given_up_with_its_cause(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    servers: Mapping[str, Sequence[str]] = {
        dev.CODE_SERVER: python(DIES_LATER, tmp_path / "code.sock", tmp_path / "arrived"),
        "webserver": python(ARRIVES, tmp_path / "arrived"),
    }
    with pytest.raises(RfmError, match=r"the code server .*\(no module named shop\), 5 times in a row"):
        dev.supervise(servers, tmp_path / "code.sock")
    told = [line.partition("started again in ")[2] for line in capsys.readouterr().err.splitlines() if "again" in line]
    assert told == ["0.02 s", "0.04 s", "0.08 s", "0.16 s"], "each pause is longer than the one before"


@pytest.mark.slow
def test_a_second_signal_kills_servers_that_do_not_end_and_leaves_none(tmp_path: Path) -> None:
    ready, socket = tmp_path / "ready", tmp_path / "code.sock"
    command = python(SUPERVISES, socket)
    with subprocess.Popen([*command, "-c", STUBBORN, str(ready)], stdout=subprocess.PIPE, text=True) as running:
        while not ready.exists():
            assert running.poll() is None
        running.terminate()
        with pytest.raises(subprocess.TimeoutExpired):
            running.wait(1)
        running.send_signal(signal.SIGTERM)
        assert running.wait(20) == 0
    with pytest.raises(ProcessLookupError):
        os.kill(int(ready.read_text()), signal.SIGKILL)
