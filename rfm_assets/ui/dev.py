"""`rfm dev`: code server, daemon and webserver on this machine, as one program."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import FrameType

import click

from rfm_assets.errors import RfmError
from rfm_assets.home import dagster_home
from rfm_assets.scratch import ScratchFolder, sweep

MODULE = "rfm_assets.definitions"
CODE_SERVER = "code server"
LOCATION = "rfm_assets"  # the same everywhere: sensors' cursors and switches belong to it
_LOOK_EVERY = 0.5  # seconds
_PATIENCE = 30  # seconds that a server gets to end before it is killed
_STEADY_AFTER = 60  # seconds that a code server must live for its end to count as the first
_MOST_ENDS = 5  # of a code server, in quick succession
SIGNALS = [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if sys.platform != "win32" else [])]


@click.command()
@click.option("--port", default=3000, show_default=True, help="The UI's port on 127.0.0.1.")
def dev(port: int) -> None:
    """Open Dagster's UI on http://127.0.0.1:3000, with the daemon that runs sensors, schedules and the queue.

    Like `dagster dev`, but refuses requests that pages of other origins make a browser send. Ctrl-C ends it.
    """
    _make_records()
    sweep()
    with ended_by_signals(), ScratchFolder("dev") as folder:
        # A socket in a private folder: the code server has no login, either.
        socket, workspace = folder / "code.sock", folder / "workspace.yaml"
        workspace.write_text(
            f"load_from:\n  - grpc_server: {{ socket: {socket}, host: localhost, location_name: {LOCATION} }}\n"
        )
        supervise(commands(socket, workspace, port), socket)


def commands(socket: Path, workspace: Path, port: int) -> Mapping[str, Sequence[str]]:
    """The servers' commands, by name, in start order."""
    python = [sys.executable, "-m"]
    code = ["--socket", str(socket), "--module-name", MODULE, "--location-name", LOCATION, "--log-level", "warning"]
    return {
        CODE_SERVER: [*python, "dagster", "code-server", "start", *code],
        "webserver": [*python, "rfm_assets", "webserver", "--port", str(port), "--workspace", str(workspace)],
        "daemon": [*python, "dagster._daemon", "run", "--workspace", str(workspace)],
    }


class _Server:
    """A server, and the last lines of its stderr."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name = name
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE)  # noqa: S603 - our own servers
        self._started = time.monotonic()
        self._last: deque[str] = deque(maxlen=20)
        self._reader = threading.Thread(target=self._pass_on, daemon=True)
        self._reader.start()

    @property
    def has_ended(self) -> bool:
        return self.process.poll() is not None

    @property
    def age(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started

    def why_ended(self) -> str:
        """How the server ended, with its last line of output."""
        self._reader.join(1)  # its child processes may still hold the pipe
        said = next((line for line in reversed(self._last) if line), "it wrote nothing")
        return f"the {self.name} ended with exit code {self.process.returncode} ({said})"

    def _pass_on(self) -> None:
        with self.process.stderr or nullcontext(()) as lines:
            for line in lines:
                text = line.decode(errors="replace")
                self._last.append(text.strip())
                click.echo(text, nl=False, err=True)


def _make_records() -> None:
    """Creates the tables of Dagster's records, before two servers try to at the same moment.

    Raises:
        SettingError: when there is no dagster.yaml.
        RfmError: when they cannot be written.
    """
    home = dagster_home()
    os.environ["DAGSTER_HOME"] = str(home)
    from rfm_assets.automation.records import open_records

    with open_records(home):
        pass


def supervise(servers: Mapping[str, Sequence[str]], socket: Path) -> None:
    """Runs the servers until one ends or the program is stopped; restarts a code server that ends.

    Raises:
        RfmError: when the webserver or the daemon ends on its own, or the code server ends before it has answered, or
            repeatedly.
    """
    running: dict[str, _Server] = {}
    try:
        for name, command in servers.items():
            running[name] = _Server(name, command)
            while not socket.exists():  # connecting earlier would fill the screen with tracebacks
                _look(running)
        ends = 0
        while True:
            _look(running)
            server = running[CODE_SERVER]
            if server.has_ended:
                ends = 1 if server.age > _STEADY_AFTER else ends + 1
                if ends == _MOST_ENDS:
                    raise RfmError(f"{server.why_ended()}, {ends} times in a row: correct that, and start again")
                pause = _LOOK_EVERY * 2**ends
                click.echo(f"{server.why_ended()}: it is started again in {pause:g} s", err=True)
                time.sleep(pause)
                running[CODE_SERVER] = _Server(CODE_SERVER, servers[CODE_SERVER])
    finally:
        _end([server.process for server in reversed(running.values())])


def _look(running: Mapping[str, _Server]) -> None:
    """Waits a moment, and raises when a server has ended that is not restarted."""
    time.sleep(_LOOK_EVERY)
    for name, server in running.items():
        if server.has_ended and (name != CODE_SERVER or len(running) == 1):
            raise RfmError(server.why_ended())


def _end(servers: Sequence[subprocess.Popen[bytes]]) -> None:
    """Asks each server to end, and kills those that do not; immediately on a second signal."""

    def kill(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a handler's signature
        for server in servers:
            server.kill()

    _handle_signals(kill)
    for server in servers:
        server.terminate()
    for server in servers:
        try:
            server.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Ends the block, and the program without a traceback, on Ctrl-C, SIGTERM or a closed terminal."""

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a handler's signature
        _handle_signals(signal.SIG_IGN)  # until `_end` installs its own handler
        raise KeyboardInterrupt

    _handle_signals(end)
    try:
        yield
    except KeyboardInterrupt:
        click.echo("ended")


def _handle_signals(handler: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    for number in SIGNALS:
        signal.signal(number, handler)
