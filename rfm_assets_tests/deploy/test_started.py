"""Starts the commands of the Dockerfile, the compose file and the Helm values, and checks that each responds."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from dagster._grpc.client import DagsterGrpcClient
from dagster._grpc.types import ListRepositoriesResponse
from dagster_shared.serdes import deserialize_value

from rfm_assets_tests.deploy.containers import (
    CHART,
    DEPLOY,
    OURS,
    Container,
    chart_deployment,
    image_environment,
    image_healthcheck,
)
from rfm_assets_tests.deploy.postgres import Postgres, postgres
from rfm_assets_tests.helpers.api import Api
from rfm_assets_tests.helpers.servers import LOOPBACK, free_port, wait_until

pytestmark = pytest.mark.e2e

PASSWORD = "never asked for on loopback"  # noqa: S105 - of a server that trusts loopback
PORTS = {"code": "4000", "webserver": "3000", "webserver-read-only": "3000", "dashboard": "8501"}


@dataclass(frozen=True)
class Machine:
    """Stands in for the container engine: the mounted folders, and a free port for each service."""

    folder: Path
    database: Postgres
    ports: Mapping[str, int]

    def container(self, container: Container, name: str) -> Container:
        """A container as a process of this machine."""
        own = {PORTS[name]: self.ports[name]} if name in PORTS else {}
        ports = {"4000": self.ports["code"], "5432": self.database.port, **own}
        places = {"/data": f"{self.folder}/data", "/opt/dagster": f"{self.folder}/home", "/tmp/": f"{self.folder}/"}  # noqa: S108
        return container.here(places, ports, {"postgres": LOOPBACK, "code": LOOPBACK})

    def api(self, name: str) -> Api:
        return Api(LOOPBACK, self.ports[name])


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """Folders as the Dockerfile and the volumes make them, and a PostgreSQL server."""
    folder = tmp_path_factory.mktemp("containers")
    for name in ("landing", "warehouse", "published", "logs"):
        (folder / "data" / name).mkdir(parents=True)
    (folder / "home").mkdir()
    for name in ("dagster.yaml", "workspace.yaml"):
        (folder / "home" / name).write_text((DEPLOY / name).read_text())
    with postgres() as database:
        yield Machine(folder, database, {name: free_port() for name in PORTS})


@pytest.fixture(scope="module")
def services(machine: Machine) -> Iterator[Machine]:
    """Every service of the compose file, healthy by its own check; after the code server all start at once."""
    with ExitStack() as stack:
        for batch in (["code"], [name for name in OURS if name != "code"]):
            started = []
            for name in batch:
                container = machine.container(Container.of_service(name, DAGSTER_PG_PASSWORD=PASSWORD), name)
                log = machine.folder / f"{name}.log"
                started.append((container, stack.enter_context(container.running(log)), log))
            for container, process, log in started:
                container.wait_until_well(process, log)
        yield machine


def assert_serves_the_repository(port: int) -> None:
    client = DagsterGrpcClient(port=port, host=LOOPBACK)
    assert client.ping("are you there?")["echo"] == "are you there?"
    listed = deserialize_value(client.list_repositories(), ListRepositoriesResponse)
    assert [one.repository_name for one in listed.repository_symbols] == ["__repository__"]


def test_the_images_own_command_serves_the_repository(services: Machine) -> None:
    assert_serves_the_repository(services.ports["code"])


@pytest.mark.parametrize("name", ["webserver", "webserver-read-only"])
def test_a_webserver_shows_the_graph_under_the_one_name_of_the_code_location(services: Machine, name: str) -> None:
    api = services.api(name)
    assert b"dagster_version" in api.http("GET", "/server_info")
    workspace = api.ask("{ workspaceOrError { ... on Workspace { locationEntries { name loadStatus } } } }")
    assert workspace["locationEntries"] == [{"name": "rfm_assets", "loadStatus": "LOADED"}]
    assert "gold/customer_rfm" in api.assets()


def test_the_webserver_that_is_for_everybody_switches_nothing_off(services: Machine) -> None:
    with pytest.raises(RuntimeError, match="UnauthorizedError"):
        services.api("webserver-read-only").stop_sensor("landed_files")
    services.api("webserver").stop_sensor("landed_files")


def test_every_part_of_the_daemon_reports_that_it_is_alive(services: Machine) -> None:
    def reports() -> dict[str, bool]:
        document = "{ instance { daemonHealth { allDaemonStatuses { daemonType required healthy } } } }"
        found = services.api("webserver").ask(document)["daemonHealth"]["allDaemonStatuses"]
        return {one["daemonType"]: one["healthy"] for one in found if one["required"]}

    log = services.folder / "daemon.log"
    wait_until(lambda: all(reports().values()), "every daemon is healthy", log.read_text)
    assert {"SENSOR", "SCHEDULER", "QUEUED_RUN_COORDINATOR", "MONITORING"} <= set(reports())


def test_the_dashboard_answers_its_health_address(services: Machine) -> None:
    assert services.api("dashboard").http("GET", "/_stcore/health") == b"ok"
    assert b"<title>" in services.api("dashboard").http("GET", "/")


def test_servers_that_start_at_the_same_moment_leave_one_version_of_the_records(services: Machine) -> None:
    assert len(services.database.ask("SELECT version_num FROM alembic_version")) == 1


def test_the_charts_code_server_serves_the_repository(machine: Machine, tmp_path: Path) -> None:
    deployment = chart_deployment()
    port = free_port()
    given = {one["name"]: one["value"] for one in deployment["env"]}
    # As the chart's templates/deployment-user.yaml renders the values.
    command = ["dagster", "api", "grpc", "-h", "0.0.0.0", "-p", str(deployment["port"])]  # noqa: S104
    container = Container(
        [*command, *deployment["dagsterApiGrpcArgs"]],
        image_healthcheck(),
        image_environment() | given | {"DAGSTER_HOME": "/opt/dagster"} | machine.database.environment,
    )
    here = container.here(
        {"/data": f"{machine.folder}/data", "/opt/dagster": f"{machine.folder}/home"}, {"4000": port}, {}
    )
    log = tmp_path / "code.log"
    with here.running(log) as process:
        here.wait_until_well(process, log)
        assert_serves_the_repository(port)


def test_the_chart_names_the_code_location_as_everything_else_does() -> None:
    deployment = chart_deployment()
    workspace = CHART["dagsterWebserver"]["workspace"]
    assert workspace["enabled"]
    assert workspace["servers"] == [{"host": deployment["name"], "port": deployment["port"], "name": "rfm_assets"}]
    assert [
        one["grpc_server"]["location_name"]
        for one in yaml.safe_load((DEPLOY / "workspace.yaml").read_text())["load_from"]
    ] == ["rfm_assets"]


def test_no_container_listens_on_a_port_that_only_root_may_open() -> None:
    ports = [CHART["dagsterWebserver"]["service"]["port"], chart_deployment()["port"], *map(int, PORTS.values())]
    assert min(ports) > 1023
