"""`rfm dev`: code server, daemon and webserver on this machine, as one program."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click

from rfm_assets.errors import RfmError, SettingError

MODULE = "rfm_assets.definitions"
CODE_SERVER = "code server"
LOCATION = "rfm_assets"  # as everywhere: cursors and switches of sensors belong to it
_LOOK_EVERY = 0.5  # seconds
_PATIENCE = 30  # seconds for a server to end, then it is killed


@click.command()
@click.option("--port", default=3000, show_default=True, help="Where the UI is on 127.0.0.1.")
def dev(port: int) -> None:
    """Open Dagster's UI on http://127.0.0.1:3000, with the daemon that runs sensors, schedules and the queue.

    It does what `dagster dev` does, and refuses what pages of other origins have a browser send. Ctrl-C ends it.
    """
    _make_records()
    with _ended_by_signals(), tempfile.TemporaryDirectory(prefix="rfm-dev-") as folder:
        # A socket in a private folder: the code server has no login either.
        socket, workspace = Path(folder) / "code.sock", Path(folder) / "workspace.yaml"
        workspace.write_text(
            f"load_from:\n  - grpc_server: {{ socket: {socket}, host: localhost, location_name: {LOCATION} }}\n"
        )
        _supervise(commands(socket, workspace, port), socket)


def commands(socket: Path, workspace: Path, port: int) -> Mapping[str, Sequence[str]]:
    """The servers, by name, in the order in which they start."""
    python = [sys.executable, "-m"]
    code = ["--socket", str(socket), "--module-name", MODULE, "--location-name", LOCATION, "--log-level", "warning"]
    return {
        CODE_SERVER: [*python, "dagster", "code-server", "start", *code],
        "webserver": [*python, "rfm_assets", "webserver", "--port", str(port), "--workspace", str(workspace)],
        "daemon": [*python, "dagster._daemon", "run", "--workspace", str(workspace)],
    }


def _make_records() -> None:
    """Makes the tables of Dagster's records: two servers that found none at the same moment would both make them.

    Raises:
        SettingError: when there is no dagster.yaml to say where records are kept.
    """
    home = Path(os.environ.setdefault("DAGSTER_HOME", str(Path.cwd())))
    if not (home / "dagster.yaml").is_file():
        raise SettingError(f"there is no dagster.yaml in {home}: set DAGSTER_HOME to the project's folder")
    from dagster import DagsterInstance

    with DagsterInstance.get() as instance:
        instance.get_runs_count()
        instance.all_asset_keys()
        instance.schedule_storage.all_instigator_state()  # type: ignore[union-attr]


def _supervise(servers: Mapping[str, Sequence[str]], socket: Path) -> None:
    """Runs the servers until one ends or the program is asked to; a code server that ends is started again.

    Raises:
        RfmError: when the webserver or the daemon ends by itself, or the code server before it has answered.
    """
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in servers.items():
            running[name] = subprocess.Popen(command)  # noqa: S603 - our own servers
            while not socket.exists():  # whoever asks it earlier fills the screen with tracebacks
                _look(running)
        while True:
            _look(running)
            if running[CODE_SERVER].poll() is not None:
                click.echo("the code server ended: it is started again", err=True)
                running[CODE_SERVER] = subprocess.Popen(servers[CODE_SERVER])  # noqa: S603 - our own server
    finally:
        _end(list(reversed(running.values())))


def _look(running: Mapping[str, subprocess.Popen[bytes]]) -> None:
    """Waits a moment, and raises when a server has ended that is not to be started again."""
    time.sleep(_LOOK_EVERY)
    for name, server in running.items():
        if server.poll() is not None and (name != CODE_SERVER or len(running) == 1):
            raise RfmError(f"the {name} ended with exit code {server.returncode}, see above")


def _end(servers: Sequence[subprocess.Popen[bytes]]) -> None:
    """Asks each server to end, and kills those that do not."""
    for server in servers:
        server.terminate()
    for server in servers:
        try:
            server.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Ctrl-C, SIGTERM and a closed terminal end the block, and the program without a traceback."""

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a handler's signature
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    try:
        yield
    except KeyboardInterrupt:
        click.echo("ended")
