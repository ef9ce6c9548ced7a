"""The folder of Dagster's configuration and records."""

import os
from pathlib import Path

from rfm_assets.errors import SettingError


def dagster_home() -> Path:
    """The folder that DAGSTER_HOME names, by default the working directory.

    Raises:
        SettingError: when there is no dagster.yaml in it.
    """
    home = Path(os.environ.get("DAGSTER_HOME") or ".").resolve()
    if not (home / "dagster.yaml").is_file():
        message = (
            f"there is no dagster.yaml in {home}: run this in the shop's folder, write one here with `rfm init .`, "
            "or set DAGSTER_HOME to the folder that has it"
        )
        raise SettingError(message)
    return home
