"""Attacks a real `rfm dev`, as `make dev` runs it, with what a page of another origin can make a browser send."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest

from rfm_assets_tests.helpers.api import REPOSITORY, Api
from rfm_assets_tests.helpers.commands import outside_settings
from rfm_assets_tests.helpers.runs import rfm
from rfm_assets_tests.helpers.servers import LOOPBACK, PROJECT, end, free_port, wait_until

pytestmark = pytest.mark.e2e

EVIL = "https://evil.example"


@dataclass(frozen=True)
class Dev:
    """A running `rfm dev`."""

    home: Path
    port: int
    process: subprocess.Popen[bytes]
    first_screen: str = ""

    @property
    def api(self) -> Api:
        return Api(LOOPBACK, self.port)

    def log(self) -> str:
        return (self.home / "dev.log").read_text(errors="replace")

    def loaded(self) -> bool:
        with suppress(ConnectionError, RuntimeError):
            return bool(self.api.assets())
        if self.process.poll() is not None:
            raise RuntimeError(f"`rfm dev` ended with {self.process.returncode}:\n{self.log()}")
        return False

    def sensor(self) -> dict[str, str]:
        """The landing sensor's id, whether it is on, and its latest tick ("" before the first)."""
        document = """query ($it: SensorSelector!) { sensorOrError(sensorSelector: $it) {
            ... on Sensor { id sensorState { status ticks(limit: 1) { id } } } } }"""
        found = self.api.ask(document, it={**REPOSITORY, "sensorName": "landed_files"})
        state = found["sensorState"]
        return {"id": found["id"], "status": state["status"], "tick": "".join(tick["id"] for tick in state["ticks"])}

    def send(self, method: str, path: str, body: str | None = None, **headers: str) -> tuple[int, str]:
        """The status and the body of an answer."""
        with closing(HTTPConnection(LOOPBACK, self.port, timeout=60)) as connection:
            connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()


@pytest.fixture(scope="module")
def dev(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dev]:
    """`rfm dev` in a fresh home, with nothing landed; it has loaded the graph."""
    home, port = tmp_path_factory.mktemp("dev"), free_port()
    (home / "dagster.yaml").write_text((PROJECT / "dagster.yaml").read_text())
    (home / "landing").mkdir()
    settings = {"RFM_LANDING": "landing", "RFM_WAREHOUSE": "warehouse.duckdb", "RFM_PUBLISHED": "published"}
    with (home / "dev.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "rfm_assets", "dev", "--port", str(port)],
            cwd=home,
            env=outside_settings() | settings,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    started = Dev(home, port, process)
    try:
        wait_until(started.loaded, "the graph is loaded", started.log)
        # Before its first tick the daemon stores the sensor's state; a test that stored it too would break the tick.
        wait_until(lambda: bool(started.sensor()["tick"]), "the sensor has looked once", started.log)
        yield replace(started, first_screen=started.log())
    finally:
        end(process)


def stop_sensor(dev: Dev) -> str:
    return f'mutation {{ stopSensor(id: "{dev.sensor()["id"]}") {{ __typename }} }}'


def test_a_picture_in_another_page_does_not_stop_a_sensor(dev: Dev) -> None:
    address = "/graphql?" + urlencode({"query": stop_sensor(dev)})
    assert dev.send("GET", address, Accept="image/*")[0] == 403
    assert dev.send("GET", address, Accept="text/html")[1].lstrip().startswith("<")  # the editor, which runs nothing
    assert dev.sensor()["status"] == "RUNNING"


def test_a_form_of_another_page_does_not_stop_a_sensor(dev: Dev) -> None:
    address = "/graphql?" + urlencode({"query": stop_sensor(dev)})
    form = "application/x-www-form-urlencoded"
    assert dev.send("POST", address, "", Content_Type=form, Origin=EVIL)[0] == 403
    assert dev.send("POST", address, "", Content_Type=form)[0] == 403
    assert dev.sensor()["status"] == "RUNNING"


def test_a_script_of_another_page_does_not_stop_a_sensor(dev: Dev) -> None:
    body = json.dumps({"query": stop_sensor(dev)})
    for content_type in ("application/json", "text/plain; application/json"):
        assert dev.send("POST", "/graphql", body, Content_Type=content_type, Origin=EVIL)[0] == 403
    rebound = {"Host": "evil.example", "Origin": "http://evil.example"}
    status, reason = dev.send("POST", "/graphql", body, Content_Type="application/json", **rebound)
    assert (status, "this machine only" in reason) == (403, True)
    assert dev.sensor()["status"] == "RUNNING"


def test_a_web_socket_is_opened_for_the_ui_only(dev: Dev) -> None:
    opening = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec_WebSocket_Version": "13",
        "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec_WebSocket_Protocol": "graphql-ws",
    }
    assert dev.send("GET", "/graphql", Origin=EVIL, **opening)[0] == 403
    with closing(HTTPConnection(LOOPBACK, dev.port, timeout=60)) as connection:
        headers = {name.replace("_", "-"): value for name, value in opening.items()}
        connection.request("GET", "/graphql", None, headers | {"Origin": f"http://{LOOPBACK}:{dev.port}"})
        assert connection.getresponse().status == 101


def test_the_ui_stops_and_starts_the_sensor(dev: Dev) -> None:
    own = {"Content_Type": "application/json", "Origin": f"http://{LOOPBACK}:{dev.port}"}
    assert dev.send("POST", "/graphql", json.dumps({"query": stop_sensor(dev)}), **own)[0] == 200
    assert dev.sensor()["status"] == "STOPPED"
    selector = {**REPOSITORY, "sensorName": "landed_files"}
    start = "mutation ($it: SensorSelector!) { startSensor(sensorSelector: $it) { __typename } }"
    dev.api.ask(start, it=selector)
    assert dev.sensor()["status"] == "RUNNING"


def test_the_code_location_has_its_one_name_and_every_daemon_is_alive(dev: Dev) -> None:
    workspace = dev.api.ask("{ workspaceOrError { ... on Workspace { locationEntries { name } } } }")
    assert workspace["locationEntries"] == [{"name": "rfm_assets"}]
    document = "{ instance { daemonHealth { allDaemonStatuses { required healthy } } } }"

    def alive() -> bool:
        daemons = dev.api.ask(document)["daemonHealth"]["allDaemonStatuses"]
        return all(one["healthy"] for one in daemons if one["required"])

    wait_until(alive, "every daemon is alive", dev.log)


def test_the_first_start_has_no_traceback_on_its_screen(dev: Dev) -> None:
    assert "Checking for new runs" in dev.first_screen
    assert "Traceback" not in dev.first_screen
    assert "Error" not in dev.first_screen


def test_a_code_server_that_dies_is_started_again(dev: Dev) -> None:
    listed = subprocess.run(["ps", "-eo", "pid,ppid,args"], check=True, capture_output=True, text=True).stdout
    (code_server,) = [
        int(line.split()[0])
        for line in listed.splitlines()
        if line.split()[1] == str(dev.process.pid) and "code-server" in line
    ]
    os.kill(code_server, signal.SIGKILL)
    wait_until(lambda: "it is started again" in dev.log(), "it is started again", dev.log)
    reload = """mutation { reloadRepositoryLocation(repositoryLocationName: "rfm_assets") {
        ... on WorkspaceLocationEntry { locationOrLoadError { __typename } } } }"""
    wait_until(
        lambda: dev.api.ask(reload)["locationOrLoadError"]["__typename"] == "RepositoryLocation",
        "the graph is loaded again",
        dev.log,
    )


def test_a_folder_without_dagsters_configuration_is_refused_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    done = rfm("dev")
    assert done.exit_code == 1
    assert (
        f"there is no dagster.yaml in {tmp_path}: run this in the shop's folder, write one here with `rfm init .`"
        in done.output
    )


def test_servers_find_the_tables_of_the_records_made(dev: Dev) -> None:
    heads = {}
    for database in (dev.home / ".dagster").rglob("*.db"):
        with closing(sqlite3.connect(database)) as connection:
            heads[database.name] = connection.execute("SELECT count(*) FROM alembic_version").fetchall()
    assert {"runs.db", "index.db", "schedules.db"} <= set(heads)
    assert set(map(tuple, heads.values())) == {((1,),)}


def test_the_program_ends_when_it_is_asked_to_and_its_servers_with_it(dev: Dev) -> None:
    dev.process.terminate()
    assert dev.process.wait(60) == 0
    left = subprocess.run(["ps", "-eo", "args"], check=True, capture_output=True, text=True).stdout
    assert f"--port {dev.port}" not in left
    with pytest.raises(ConnectionError):
        dev.api.http("GET", "/server_info")
