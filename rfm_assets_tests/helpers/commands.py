"""Runs `rfm` to its end in a process of its own, as at a terminal."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from rfm_assets_tests.helpers.processes import PROCESSES

RFM = str(Path(sys.executable).parent / "rfm")


def outside_settings() -> dict[str, str]:
    """The environment of these tests without the variables of the pipeline and of Dagster."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("RFM_", "DAGSTER_"))}


def rfm(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Runs a command in a shop's folder with these settings, and none from this process."""
    environment = outside_settings() | {"RFM_THREADS": "1"} | settings
    with tempfile.NamedTemporaryFile("r") as out, tempfile.NamedTemporaryFile("r") as err:
        process = PROCESSES.Process(target=_run, args=(folder, arguments, environment, out.name, err.name))
        process.start()
        process.join()
        assert process.exitcode is not None
        return subprocess.CompletedProcess([RFM, *arguments], process.exitcode, out.read(), err.read())


def _run(folder: Path, arguments: tuple[str, ...], environment: dict[str, str], out: str, err: str) -> None:
    """Runs the program in a process that has already imported the package's dependencies."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for path, stream in ((out, sys.stdout), (err, sys.stderr)):
        with Path(path).open("wb") as file:
            os.dup2(file.fileno(), stream.fileno())
    sys.argv = [RFM, *arguments]
    from rfm_assets.commands.main import main

    main()
