"""The project's own webserver and daemon on a loopback port, and a client of the GraphQL API that the UI talks to."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from socket import socket
from typing import Any

PROJECT = Path(__file__).parents[2]
LOOPBACK = "127.0.0.1"

_PATIENCE = 120  # seconds, for a busy machine; all of it is spent only where something hangs
_POLL = 0.2
_LOG_TAIL = 40


@dataclass
class Deployment:
    """A folder that is a whole installation: its configuration, records, landing zone, warehouse and servers."""

    home: Path
    settings: Mapping[str, str]
    port: int
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where a browser finds the UI."""
        return f"http://{LOOPBACK}:{self.port}"

    def start_webserver(self) -> None:
        """Starts the UI, its API and, as workspace.yaml says, a code server; returns when they answer.

        Raises:
            RuntimeError: when the webserver ends instead, or does not answer in time.
        """
        webserver = self._start("dagster_webserver", "--host", LOOPBACK, "--port", str(self.port))

        def answers() -> bool:
            if webserver.poll() is not None:
                raise RuntimeError(f"the webserver ended with exit code {webserver.returncode}\n{self.logs()}")
            with suppress(ConnectionError):
                return self._http("GET", "/server_info") is not None
            return False

        self.wait_until(answers, "the webserver answers")

    def start_daemon(self) -> None:
        """Starts the daemon, which takes runs from the queue and backfills in hand. Returns at once."""
        self._start("dagster._daemon", "run")

    def ask(self, document: str, **variables: object) -> Any:  # noqa: ANN401 - what comes back is JSON
        """The data a GraphQL document asks for.

        Raises:
            RuntimeError: when the server calls the document wrong, or failed to answer it.
        """
        body = json.dumps({"query": document, "variables": variables})
        answer = json.loads(self._http("POST", "/graphql", body))
        if "errors" in answer:
            raise RuntimeError(f"GraphQL refused {document}: {answer['errors']}")
        return answer["data"]

    def wait_until(self, condition: Callable[[], bool], what: str) -> None:
        """Returns as soon as a condition holds.

        Raises:
            RuntimeError: when it does not in all the time there is; says what was waited for, and what servers said.
        """
        deadline = time.monotonic() + _PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                raise RuntimeError(f"after {_PATIENCE} seconds it is still not so that {what}\n{self.logs()}")
            time.sleep(_POLL)

    def logs(self) -> str:
        """The last lines that each server wrote."""
        tails = {name: self._log(name).read_text(errors="replace").splitlines()[-_LOG_TAIL:] for name in self.processes}
        return "\n".join(f"--- {name}\n" + "\n".join(lines) for name, lines in tails.items())

    def stop(self) -> None:
        """Ends the servers and all they have started: politely, then for good."""
        for process in self.processes.values():
            os.killpg(process.pid, signal.SIGINT)
        for process in self.processes.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=10)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _start(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("RFM_", "DAGSTER_"))}
        with self._log(module).open("wb") as log:
            self.processes[module] = subprocess.Popen(
                [sys.executable, "-m", module, *arguments, "--workspace", "workspace.yaml"],
                cwd=self.home,
                env=inherited | self.settings | {"DAGSTER_HOME": str(self.home)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # so that the code server and the run workers end with it
            )
        return self.processes[module]

    def _log(self, module: str) -> Path:
        return self.home / f"{module}.log"

    def _http(self, method: str, path: str, body: str | None = None) -> bytes:
        with closing(HTTPConnection(LOOPBACK, self.port, timeout=_PATIENCE)) as connection:
            connection.request(method, path, body, {"Content-Type": "application/json"})
            return connection.getresponse().read()


@contextmanager
def deployed(home: Path, **settings: str) -> Iterator[Deployment]:
    """An installation in `home` with a running webserver; on the way out every process of it is gone.

    What goes wrong inside carries the last lines of the servers' logs.
    """
    for name in ["dagster.yaml", "workspace.yaml"]:
        shutil.copy(PROJECT / name, home)
    deployment = Deployment(home, settings, _free_port())
    try:
        deployment.start_webserver()
        yield deployment
    finally:
        deployment.stop()


def _free_port() -> int:
    with socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
