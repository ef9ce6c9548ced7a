"""The files in deploy/ agree with what they refer to: paths, commands, settings and Dagster's variables.

Neither a container engine nor a cluster is needed. test_started.py checks that the commands start and respond.
"""

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from rfm_assets.settings import Settings
from rfm_assets_tests.deploy.containers import (
    CHART,
    COMPOSE,
    DEPLOY,
    DOCKERFILE,
    OURS,
    PROJECT,
    chart_deployment,
    image_command,
    image_environment,
    image_healthcheck,
    instructions,
)

DAGSTERS = {name: service for name, service in OURS.items() if name != "dashboard"}
SETTINGS = {str(field.validation_alias or f"RFM_{name.upper()}"): name for name, field in Settings.model_fields.items()}
ONLY_OF_THE_DASHBOARD = {"RFM_CURRENCY", "RFM_DAGSTER_URL"}
NOT_APPLYING = {
    "RFM_TEMP_DIRECTORY": "beside the warehouse, on its volume: the rest of the container is read-only or in memory",
    "RFM_EXPORTS": "containers only read the landing zone, and keep no manifests beside it: `rfm land` runs elsewhere",
    "RFM_ID_KEY": "of `rfm land`, too",
    "RFM_ENGINE": "the image has no client of Spark, whose tables lie elsewhere",
    "SPARK_REMOTE": "of the same",
    "RFM_SPARK_WAREHOUSE": "of the same",
    "RFM_SPARK_FORMAT": "of the same",
    "RFM_SPARK_CATALOG": "of the same",
}
# The settings that are named in modules the dashboard imports.
FIELDS_READ_BY_THE_DASHBOARD = """
import pkgutil, re, sys
from importlib import import_module
from pathlib import Path
import rfm_assets.dashboard as dashboard
for module in pkgutil.walk_packages(dashboard.__path__, "rfm_assets.dashboard."):
    if module.name != "rfm_assets.dashboard.app":  # which draws as soon as it is imported
        import_module(module.name)
ours = [module.__file__ for name, module in sys.modules.items() if name.startswith("rfm_assets.")]
print(*{field for file in ours for field in re.findall(r"settings\\(\\)\\.(\\w+)", Path(file).read_text())})
"""


def commands() -> Iterator[list[str]]:
    """Every command that a container runs, healthchecks too."""
    yield image_command()
    yield image_healthcheck()
    for service in OURS.values():
        if "command" in service:
            yield service["command"]
        if "healthcheck" in service:
            yield service["healthcheck"]["test"][1:]


def variables_asked_for(node: object) -> Iterator[str]:
    """The environment variables that a Dagster configuration names."""
    if isinstance(node, Mapping):
        if node.keys() == {"env"}:
            yield node["env"]
        for value in node.values():
            yield from variables_asked_for(value)
    elif isinstance(node, list):
        for value in node:
            yield from variables_asked_for(value)


@pytest.mark.parametrize("copied", instructions("COPY"))
def test_what_the_image_is_made_of_is_there_and_let_through_to_the_builder(copied: str) -> None:
    let_through = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    for source in copied.split()[:-1]:
        assert (PROJECT / source).exists(), source
        assert f"!{source}" in let_through


def test_the_image_installs_what_was_locked_with_everything_that_production_needs() -> None:
    lock = (PROJECT / "requirements.lock").read_text()
    extras = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    needed = [re.split(r"[<>=!]", one)[0] for name in ("dashboard", "postgres", "kubernetes") for one in extras[name]]
    for name in ["dagster", "duckdb", *needed]:
        assert re.search(rf"^{name}==[\d.]+ \\$", lock, flags=re.MULTILINE), name
    assert "--require-hashes -r /app/requirements.lock" in DOCKERFILE


def test_production_runs_the_versions_that_were_tested() -> None:
    locked = [
        dict(re.findall(r"^([\w.-]+)==([\w.]+)", (PROJECT / name).read_text(), flags=re.MULTILINE))
        for name in ("requirements-dev.lock", "requirements.lock")
    ]
    tested, production = locked
    assert {name: tested[name] for name in production if name in tested} == {
        name: version for name, version in production.items() if name in tested
    }


def test_nobody_is_root_in_a_container() -> None:
    assert instructions("USER") == ["10001"]
    user = chart_deployment()["podSecurityContext"]
    assert (user["runAsNonRoot"], user["runAsUser"]) == (True, 10001)


@pytest.mark.parametrize("command", list(commands()), ids=" ".join)
def test_every_command_exists(command: list[str]) -> None:
    program = command[0]
    if program == "pg_isready":
        return
    here = Path(sys.executable).parent
    assert shutil.which(program, path=str(here)) or find_spec(program), program
    for word in command[1:]:
        if word.startswith("/opt/dagster/"):
            assert (DEPLOY / Path(word).name).is_file()
        if word.startswith("rfm_assets."):
            assert find_spec(word)
        if word.endswith(".py") and (PROJECT / word).parent.is_dir():
            assert (PROJECT / word).is_file()


@pytest.mark.parametrize("service", list(DAGSTERS))
def test_every_service_of_dagsters_has_the_variables_that_its_configuration_asks_for(service: str) -> None:
    given = set(DAGSTERS[service]["environment"]) | set(image_environment())
    for name in ("dagster.yaml", "workspace.yaml"):
        asked = set(variables_asked_for(yaml.safe_load((DEPLOY / name).read_text())))
        assert asked <= given


def test_every_setting_that_is_given_is_one() -> None:
    given = set(image_environment()) | {name for service in OURS.values() for name in service["environment"]}
    given |= {one["name"] for one in chart_deployment()["env"]}
    assert {name for name in given if name.startswith("RFM_")} <= SETTINGS.keys()


def test_compose_hands_every_setting_that_applies_to_the_code_server() -> None:
    needed = SETTINGS.keys() - NOT_APPLYING.keys() - ONLY_OF_THE_DASHBOARD
    assert needed - OURS["code"]["environment"].keys() - image_environment().keys() == set()
    assert not NOT_APPLYING.keys() & OURS["code"]["environment"].keys()


@pytest.mark.slow
def test_compose_hands_the_dashboard_every_setting_that_its_modules_read() -> None:
    command = [sys.executable, "-c", FIELDS_READ_BY_THE_DASHBOARD]
    read = set(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())
    assert read >= {"published", "currency"}
    given = OURS["dashboard"]["environment"].keys() | image_environment().keys()
    assert {name for name, field in SETTINGS.items() if field in read} - given == set()


def test_the_chart_has_or_names_every_setting_that_applies() -> None:
    text = (DEPLOY / "kubernetes" / "values.yaml").read_text()
    needed = SETTINGS.keys() - NOT_APPLYING.keys() - ONLY_OF_THE_DASHBOARD - image_environment().keys()
    assert {name for name in needed if not re.search(rf"\b{name}\b", text)} == set()


def test_what_is_written_to_is_a_volume_and_the_warehouse_is_one_containers_alone() -> None:
    mounted = {name: service.get("volumes", []) for name, service in OURS.items()}
    assert [name for name, volumes in mounted.items() if any("/data/warehouse" in one for one in volumes)] == ["code"]
    assert {one.split(":")[1] for one in mounted["code"]} >= {
        str(Path(image_environment()["RFM_WAREHOUSE"]).parent),
        image_environment()["RFM_PUBLISHED"],
        image_environment()["DAGSTER_LOGS"],
    }


def test_only_loopback_ports_are_published_and_none_of_the_trusting_services() -> None:
    published = {name: service["ports"] for name, service in COMPOSE["services"].items() if "ports" in service}
    assert published == {"webserver": ["127.0.0.1:3000:3000"], "dashboard": ["127.0.0.1:8501:8501"]}
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert "--read-only" in OURS["webserver-read-only"]["command"]


def test_alerts_find_a_way_out() -> None:
    networks = [name for name in OURS["code"]["networks"] if not (COMPOSE["networks"][name] or {}).get("internal")]
    assert "RFM_WEBHOOK_URL" in OURS["code"]["environment"]
    assert networks


def test_the_digests_of_erased_customers_are_made_with_the_key_of_the_shell() -> None:
    assert OURS["code"]["environment"].get("RFM_ERASURE_KEY", "missing") is None


@pytest.mark.parametrize("service", ["code", "dashboard"])
def test_whoever_writes_lists_of_customers_is_given_the_key_for_their_ids(service: str) -> None:
    assert OURS[service]["environment"].get("RFM_AUDIENCE_KEY", "missing") is None  # handed on from the shell


def test_no_password_has_a_default() -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    assert set(re.findall(r"PASSWORD: (.+)", text)) == {"${DAGSTER_PG_PASSWORD:?choose a password for PostgreSQL}"}


def test_kubernetes_has_one_writer_and_the_limits_of_the_instance() -> None:
    instance: dict[str, Any] = yaml.safe_load((DEPLOY / "dagster.yaml").read_text())
    chart = CHART | CHART["dagsterDaemon"]
    for block, ours in (
        ("concurrency", "concurrency"),
        ("runMonitoring", "run_monitoring"),
        ("runRetries", "run_retries"),
    ):
        given = {key: value for key, value in snake(chart[block]).items() if block != "concurrency" or key != "enabled"}
        assert given == instance[ours]
    volumes = list(yaml.safe_load_all((DEPLOY / "kubernetes" / "volumes.yaml").read_text()))
    assert {one["spec"]["accessModes"][0] for one in volumes} == {"ReadWriteOnce"}
    claims = [one["persistentVolumeClaim"]["claimName"] for one in chart_deployment()["volumes"]]
    assert claims == [one["metadata"]["name"] for one in volumes]
    assert [one["name"] for one in chart_deployment()["volumeMounts"]] == [
        one["name"] for one in chart_deployment()["volumes"]
    ]
    assert chart_deployment()["includeConfigInLaunchedRuns"] == {"enabled": True}


def test_the_chart_is_of_dagsters_version() -> None:
    lock = (PROJECT / "requirements.lock").read_text()
    (version,) = re.findall(r"^dagster==([\d.]+)", lock, flags=re.MULTILINE)
    assert f"--version {version} " in (DEPLOY / "kubernetes" / "values.yaml").read_text()


def snake(node: Any) -> Any:  # noqa: ANN401 - any YAML
    """The same with dagster.yaml's names, where Helm has maxRetries."""
    if isinstance(node, Mapping):
        return {re.sub(r"(?<!^)(?=[A-Z])", "_", key).lower(): snake(value) for key, value in node.items()}
    return node
