"""The shop from which customers are erased."""

import shutil
from pathlib import Path

import pytest

from rfm_assets_tests.erasure.shop import made


@pytest.fixture(scope="session")
def first_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop as it was made; tests do not change it."""
    return made(tmp_path_factory.mktemp("shop"))


@pytest.fixture
def shop(first_shop: Path, tmp_path: Path) -> Path:
    """A copy of the shop for one test."""
    return Path(shutil.copytree(first_shop, tmp_path / "shop", symlinks=True))
