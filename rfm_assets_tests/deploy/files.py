"""The files of deploy/, read: instructions of the Dockerfile, services of the compose file, values of the chart."""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

PROJECT = Path(__file__).parents[2]
DEPLOY = PROJECT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
OURS: Mapping[str, Mapping[str, Any]] = {
    name: service for name, service in COMPOSE["services"].items() if service["image"] == "rfm-assets"
}
CHART = yaml.safe_load((DEPLOY / "kubernetes" / "values.yaml").read_text())


def instructions(name: str) -> list[str]:
    """What follows an instruction of the Dockerfile, its continued lines joined."""
    joined = DOCKERFILE.replace("\\\n", " ")
    return re.findall(rf"^\s*{name} (.+)$", joined, flags=re.MULTILINE)


def image_environment() -> dict[str, str]:
    """The variables that every container has."""
    return dict(word.split("=", 1) for text in instructions("ENV") for word in shlex.split(text))


def image_command() -> list[str]:
    """What a container runs that is given no other command."""
    return list(yaml.safe_load(instructions("CMD")[-1]))


def image_healthcheck() -> list[str]:
    """How a container is asked whether it is well, unless it has its own way."""
    (check,) = instructions("HEALTHCHECK")
    return list(yaml.safe_load(check.partition(" CMD ")[2]))


def chart_deployment() -> dict[str, Any]:
    """The one code server of the chart."""
    (deployment,) = CHART["dagster-user-deployments"]["deployments"]
    return dict(deployment)
