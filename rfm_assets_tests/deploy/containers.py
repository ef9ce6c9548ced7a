"""Reads the files in deploy/ and runs the commands of a container as processes on loopback.

The command and environment are exactly the container's. Only what a container engine provides is replaced: hosts
become loopback, ports become free ones, and mounted folders become the test's folders. Of the shell's environment,
only the paths of programs are passed on.
"""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from rfm_assets_tests.helpers.servers import LOOPBACK, PROJECT, end, wait_until

BIN = Path(sys.executable).parent
DEPLOY = PROJECT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
OURS: Mapping[str, Mapping[str, Any]] = {
    name: service for name, service in COMPOSE["services"].items() if service["image"] == "rfm-assets"
}
CHART = yaml.safe_load((DEPLOY / "kubernetes" / "values.yaml").read_text())


def instructions(name: str) -> list[str]:
    """The arguments of a Dockerfile instruction, continued lines joined."""
    joined = DOCKERFILE.replace("\\\n", " ")
    return re.findall(rf"^\s*{name} (.+)$", joined, flags=re.MULTILINE)


def image_environment() -> dict[str, str]:
    """The variables that every container has."""
    return dict(word.split("=", 1) for text in instructions("ENV") for word in shlex.split(text))


def image_command() -> list[str]:
    """What a container runs if it is given no other command."""
    return list(yaml.safe_load(instructions("CMD")[-1]))


def image_healthcheck() -> list[str]:
    """The image's healthcheck, used unless a container has its own."""
    (check,) = instructions("HEALTHCHECK")
    return list(yaml.safe_load(check.partition(" CMD ")[2]))


def chart_deployment() -> dict[str, Any]:
    """The one code server of the chart."""
    (deployment,) = CHART["dagster-user-deployments"]["deployments"]
    return dict(deployment)


@dataclass(frozen=True)
class Container:
    """A command, its healthcheck, and the environment of both."""

    command: Sequence[str]
    healthcheck: Sequence[str]
    environment: Mapping[str, str]

    @classmethod
    def of_service(cls, name: str, **given: str) -> "Container":
        """A service of the compose file; `given` is the shell environment for compose."""
        service = OURS[name]
        check = service["healthcheck"]["test"] if "healthcheck" in service else ["CMD", *image_healthcheck()]
        own = {key: _interpolated(value, given) for key, value in service["environment"].items() if value is not None}
        return cls(service.get("command") or image_command(), check[1:], image_environment() | own)

    def here(self, places: Mapping[str, str], ports: Mapping[str, int], hosts: Mapping[str, str]) -> "Container":
        """The same on this machine: folders and hosts are replaced by name in the container, ports by number."""

        def local(word: str) -> str:
            for place, folder in places.items():
                if word.startswith(place):
                    return folder + word.removeprefix(place)
            for port, free in ports.items():
                word = str(free) if word == port else word.replace(f":{port}/", f":{free}/")
            return {"0.0.0.0": LOOPBACK, **hosts}.get(word, word)  # noqa: S104 - what a container listens on

        return Container(
            [local(word) for word in self.command],
            [local(word) for word in self.healthcheck],
            {name: local(value) for name, value in self.environment.items()},
        )

    @contextmanager
    def running(self, log: Path) -> Iterator[subprocess.Popen[bytes]]:
        """The process, until the block ends; it runs in the project's folder, which is /app in the image."""
        with log.open("wb") as output:
            process = subprocess.Popen(
                self.command,
                cwd=PROJECT,
                env=self._surroundings(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            yield process
        finally:
            end(process)

    def wait_until_well(self, process: subprocess.Popen[bytes], log: Path) -> None:
        """Returns once the file's own healthcheck passes.

        Raises:
            RuntimeError: with the process's output, if it ends or does not become healthy in time.
        """

        def well() -> bool:
            if process.poll() is not None:
                raise RuntimeError(f"{self.command} ended with exit code {process.returncode}:\n{log.read_text()}")
            check = subprocess.run(self.healthcheck, env=self._surroundings(), check=False, capture_output=True)
            return check.returncode == 0

        wait_until(well, f"{self.command} is well", log.read_text)

    def _surroundings(self) -> dict[str, str]:
        return {"PATH": f"{BIN}:/usr/bin:/bin", "HOME": "/nonexistent", **self.environment}


def _interpolated(value: str, given: Mapping[str, str]) -> str:
    """`${NAME:?message}` as compose interpolates it."""
    for name, replacement in given.items():
        if value.startswith(f"${{{name}:?"):
            return replacement
    return value
