"""`rfm`, run to its end in a process of its own, as somebody at a terminal does."""

import os
import subprocess
import sys
from pathlib import Path

RFM = str(Path(sys.executable).parent / "rfm")


def outside_settings() -> dict[str, str]:
    """The environment of these tests without what is set there for the pipeline and for Dagster."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("RFM_", "DAGSTER_"))}


def rfm(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Runs a command in a shop's folder with some settings, and with none of this process's."""
    environment = outside_settings() | settings
    return subprocess.run([RFM, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False)
