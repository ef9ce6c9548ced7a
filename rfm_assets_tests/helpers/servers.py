"""Servers on loopback: in a thread of the test, or the project's own webserver and daemon over an installation."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from socket import SO_REUSEADDR, SOL_SOCKET, socket
from socketserver import BaseServer
from threading import Thread

from rfm_assets_tests.helpers.api import Api
from rfm_assets_tests.helpers.commands import outside_settings

PROJECT = Path(__file__).parents[2]
LOOPBACK = "127.0.0.1"

_PATIENCE = 300  # seconds, for a busy machine; used up only if something hangs
_PORTS = count(61 * os.getpid())  # spreads out the ports of processes that start together
_POLL = 0.5
_LOG_TAIL = 40


@dataclass
class Deployment:
    """An installation: its configuration, records, landing zone and warehouse in `home`, and its servers."""

    home: Path
    settings: dict[str, str]
    port: int
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def api(self) -> Api:
        """The API of the webserver."""
        return Api(LOOPBACK, self.port)

    def start_webserver(self) -> None:
        """Starts the UI, its API and, as workspace.yaml says, a code server; returns when they answer.

        Raises:
            RuntimeError: when the webserver exits, or does not answer in time.
        """
        address = ["--host", LOOPBACK, "--port", str(self.port)]
        webserver = self._start("dagster_webserver", *address, "--workspace", "workspace.yaml")

        def answers() -> bool:
            if webserver.poll() is not None:
                raise RuntimeError(f"the webserver ended with exit code {webserver.returncode}\n{self.logs()}")
            with suppress(ConnectionError):
                return self.api.http("GET", "/server_info") is not None
            return False

        self.wait_until(answers, "the webserver answers")

    def start_daemon(self) -> None:
        """Starts the daemon, which launches queued runs and creates runs of backfills. Returns at once.

        It looks for backfills when it starts and then every 30 seconds, so request one before starting it.
        """
        self._start("dagster._daemon", "run", "--workspace", "workspace.yaml")

    def start_code_server(self, port: int) -> None:
        """Starts a separate code server, for a workspace that names one. Returns at once: its clients wait."""
        self._start("dagster", "api", "grpc", "-m", "rfm_assets.definitions", "--host", LOOPBACK, "--port", str(port))

    def wait_until(self, condition: Callable[[], bool], what: str, *, poll: float = _POLL) -> None:
        """Returns as soon as a condition holds.

        Raises:
            RuntimeError: when it does not hold in time; names the condition and shows the servers' logs.
        """
        wait_until(condition, what, self.logs, poll=poll)

    def logs(self) -> str:
        """The last lines that each server wrote."""
        tails = {name: self._log(name).read_text(errors="replace").splitlines()[-_LOG_TAIL:] for name in self.processes}
        return "\n".join(f"--- {name}\n" + "\n".join(lines) for name, lines in tails.items())

    def stop(self) -> None:
        """Ends the servers and everything they started: politely first, then by force."""
        for process in self.processes.values():
            _signal_all(process, signal.SIGINT)
        for process in self.processes.values():
            end(process)

    def _start(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        with self._log(module).open("wb") as log:
            self.processes[module] = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=self.home,
                env=outside_settings() | {"RFM_THREADS": "1"} | self.settings | {"DAGSTER_HOME": str(self.home)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # so that the code server and the run workers can be killed with it
            )
        return self.processes[module]

    def _log(self, module: str) -> Path:
        return self.home / f"{module}.log"


@contextmanager
def deployed(
    home: Path, *, configured: Path = PROJECT, code_server: int | None = None, **settings: str
) -> Iterator[Deployment]:
    """An installation in `home` with a running webserver; all its processes are gone when the block ends.

    It has the dagster.yaml and workspace.yaml of the folder `configured`, and a code server of its own on the port
    `code_server`, if one is given.
    """
    for name in ["dagster.yaml", "workspace.yaml"]:
        shutil.copy(configured / name, home)
    deployment = Deployment(home, settings, free_port())
    try:
        if code_server:
            deployment.start_code_server(code_server)
        deployment.start_webserver()
        yield deployment
    finally:
        deployment.stop()


def wait_until(condition: Callable[[], bool], what: str, logs: Callable[[], str], *, poll: float = _POLL) -> None:
    """Returns as soon as a condition holds.

    Raises:
        RuntimeError: when it does not hold in time; names the condition and shows the servers' logs.
    """
    deadline = time.monotonic() + _PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError(f"after {_PATIENCE} seconds it is still not so that {what}\n{logs()}")
        time.sleep(poll)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends a session leader and everything it started: politely first, then by force."""
    _signal_all(process, signal.SIGINT)
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=5)
    _signal_all(process, signal.SIGKILL)
    process.wait()


@contextmanager
def in_a_thread(server: BaseServer) -> Iterator[None]:
    """Lets a server answer in a thread until the block ends."""
    with server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def free_port() -> int:
    """A free loopback port for a server that starts later; no port is returned twice.

    Linux hands out ports from 32768 up to anyone who asks for any port, so those could be taken by then.
    """
    while True:
        port = 10_000 + next(_PORTS) % 22_000
        with socket() as probe, suppress(OSError):
            probe.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
            probe.bind((LOOPBACK, port))
            return port


def _signal_all(leader: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(leader.pid, number)
