"""Checks of bronze's tables launched by themselves, without a day, as the UI and the daily look do."""

import warnings
from pathlib import Path

import dagster as dg

from rfm_assets.bronze.assets import landed
from rfm_assets.bronze.landing_checks import LANDING_CHECKS
from rfm_assets_tests.scenario import resources


def launch(shop: Path) -> dg.ExecuteInProcessResult:
    """Evaluates every check of bronze's tables over all that is stored."""
    with dg.DagsterInstance.ephemeral() as instance, warnings.catch_warnings():
        warnings.filterwarnings("ignore", "InitResourceContext.dagster_run", DeprecationWarning)  # Dagster's own call
        every_check = dg.AssetSelection.all_asset_checks()
        return dg.materialize(
            [landed, *LANDING_CHECKS],
            selection=every_check,
            resources=resources(shop),
            instance=instance,
            raise_on_error=False,
        )
