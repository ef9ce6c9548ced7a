"""A temporary PostgreSQL server on a loopback port; removed when the block ends."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest

from rfm_assets_tests.helpers.servers import LOOPBACK, free_port

USER = DATABASE = "dagster"
ACCOUNT = "postgres"  # which Debian's package makes; the server refuses to run as root

_INSTALLED = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def _tool(name: str) -> str | None:
    """The path of a PostgreSQL tool, in its newest version; on Debian it is not on the PATH."""
    return shutil.which(name, path=os.pathsep.join([*map(str, reversed(_INSTALLED)), os.environ.get("PATH", "")]))


@dataclass(frozen=True)
class Postgres:
    """A running server with one empty database."""

    folder: Path
    port: int

    @property
    def environment(self) -> dict[str, str]:
        """The variables that deploy/dagster.yaml needs."""
        return {
            "DAGSTER_PG_HOST": LOOPBACK,
            "DAGSTER_PG_PORT": str(self.port),
            "DAGSTER_PG_USER": USER,
            "DAGSTER_PG_PASSWORD": "never asked for on loopback",
            "DAGSTER_PG_DB": DATABASE,
        }

    def ask(self, select: str) -> list[tuple[object, ...]]:
        """The rows of a SELECT."""
        connection = psycopg2.connect(host=LOOPBACK, port=self.port, user=USER, dbname=DATABASE)
        try:
            with connection.cursor() as cursor:
                cursor.execute(select)
                return cursor.fetchall()
        finally:
            connection.close()

    def statements(self, beginning: str) -> list[str]:
        """The statements with this beginning that changed something, in order."""
        lines = (self.folder / "server.log").read_text().splitlines()
        return [line.split(": ", 2)[-1] for line in lines if f"statement: {beginning}" in line]


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A fresh server; skips the test, saying why, where PostgreSQL is not installed or may not be started."""
    if not (_tool("initdb") and _tool("pg_ctl")):
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="rfm-postgres-"))
    try:
        if os.geteuid() == 0:
            account = _account()
            os.chown(folder, account.pw_uid, account.pw_gid)
        server = Postgres(folder, free_port())
        _run("initdb", "--pgdata", f"{folder}/data", "--username", USER, "--auth", "trust", "--no-sync", folder=folder)
        options = f"-p {server.port} -c listen_addresses={LOOPBACK} -k {folder} -c fsync=off -c log_statement=mod"
        control = ["--pgdata", f"{folder}/data", "--wait", "--log", f"{folder}/server.log"]
        _run("pg_ctl", "start", *control, "--options", options, folder=folder)
        try:
            _run("createdb", "--host", str(folder), "--port", str(server.port), "-U", USER, DATABASE, folder=folder)
            yield server
        finally:
            _run("pg_ctl", "stop", "--pgdata", f"{folder}/data", "--mode", "immediate", folder=folder)
    finally:
        shutil.rmtree(folder)


def _account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        pytest.skip(f"PostgreSQL does not run as root, and there is no account {ACCOUNT}")


def _run(tool: str, *arguments: str, folder: Path) -> None:
    command: Sequence[str] = [str(_tool(tool)), *arguments]
    if os.geteuid() == 0:
        command = ["runuser", "-u", ACCOUNT, "--", *command]
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    if done.returncode:
        log = folder / "server.log"
        raise RuntimeError(f"{command} failed:\n{done.stdout}{done.stderr}{log.read_text() if log.exists() else ''}")
