"""The defaults are those of the contract, unworkable settings are refused, and importing stays light."""

import math
import subprocess
import sys

import pytest

from rfm_assets.errors import SettingError
from rfm_assets.ml.settings import ClusterSettings


def test_the_defaults_are_those_of_the_contract() -> None:
    settings = ClusterSettings()
    assert list(settings.ks) == [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    assert (settings.silhouette_weight, settings.elbow_weight, settings.fence) == (0.6, 0.4, 1.5)
    assert (settings.seed, settings.max_iterations, settings.n_init) == (42, 1000, "auto")
    assert settings.fewest_points == 13


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        ({"smallest_k": 1}, "smallest_k must be at least 2"),
        ({"smallest_k": 5, "largest_k": 5}, "largest_k must be greater than smallest_k"),
        ({"silhouette_weight": -0.1}, "must be finite and not negative"),
        ({"silhouette_weight": 0, "elbow_weight": 0}, "nor both 0"),
        ({"elbow_weight": math.nan}, "must be finite and not negative"),
        ({"fence": -1.5}, "fence must be finite and not negative"),
        ({"fence": math.inf}, "fence must be finite"),
        ({"seed": -1}, "seed must be from 0"),
        ({"n_init": 0}, "n_init must be"),
        ({"max_iterations": 0}, "max_iterations must be at least 1"),
        ({"silhouette_sample": 12}, "silhouette_sample must be greater than largest_k"),
        ({"exact_silhouette_limit": 9_999}, "exact_silhouette_limit must be at least silhouette_sample"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_by_name(broken: dict[str, object], rule: str) -> None:
    with pytest.raises(SettingError, match=rule):
        ClusterSettings(**broken)


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(SettingError, match=r"fence .*seed .*fence=-1"):
        ClusterSettings(fence=-1, seed=-1)


def test_settings_and_names_load_without_the_scientific_libraries() -> None:
    program = (
        "import sys, rfm_assets.ml.settings, rfm_assets.ml.naming;"
        "print({'numpy', 'pandas', 'scipy', 'sklearn'} & set(sys.modules))"
    )
    assert (
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "set()\n"
    )
