"""What several test files share: where the real data is, if it is there at all."""

import os
from pathlib import Path

import pytest

REAL_LANDING = Path(os.environ.get("RFM_TEST_LANDING", "../shared/daily_sales"))


@pytest.fixture(scope="session")
def real_landing() -> Path:
    """The folder of real daily files, beside the checkout or where RFM_TEST_LANDING says."""
    if not REAL_LANDING.is_dir():
        pytest.skip(f"the real daily files are not at {REAL_LANDING}; set RFM_TEST_LANDING to use them")
    return REAL_LANDING.resolve()
