"""The Customers page over a copy with hashed ids: it says so, and only a hash finds a customer, never an id."""

import hashlib
import hmac
from pathlib import Path

import duckdb
import pytest

from rfm_assets.dashboard.hashed_note import HASHED_DOWNLOADS
from rfm_assets.dashboard.screens.customers import HASHED_IDS
from rfm_assets.privacy.customer_ids import CustomerIds
from rfm_assets.publishing.publish import publish
from rfm_assets.publishing.source import StoredInFile
from rfm_assets.settings import settings
from rfm_assets_tests.dashboard.conftest import Reads
from rfm_assets_tests.dashboard.shop import LAST_DAY, open_page, stored, texts

pytestmark = pytest.mark.slow

KEY = "a key that nobody may ever see"


@pytest.fixture
def customer(sample_snapshot: Path, tmp_path: Path, dashboard_reads: Reads) -> str:
    """A customer's id, while the dashboard reads a copy with hashes."""
    with duckdb.connect(str(sample_snapshot.parent / "warehouse.duckdb")) as warehouse:
        publish(StoredInFile(warehouse), tmp_path, run_id="a run", ids=CustomerIds(KEY))
    dashboard_reads(tmp_path)
    select = "SELECT min(CustomerID) FROM gold.customer_segments WHERE as_of_date = ?"
    return str(stored(sample_snapshot, select, [LAST_DAY])[0][0])


def test_the_page_says_so_and_an_exact_hash_finds_its_customer(customer: str) -> None:
    hashed = hmac.new(KEY.encode(), customer.encode(), hashlib.sha256).hexdigest()
    said = texts(open_page("customers", customer=hashed))
    assert HASHED_IDS in said
    assert f"Customer {hashed}" in said
    assert f"No customer ID starts with {customer}" in texts(open_page("customers", customer=customer))


@pytest.mark.usefixtures("published")
def test_a_copy_with_ids_as_delivered_says_nothing_of_hashes() -> None:
    assert HASHED_IDS not in texts(open_page("customers"))


@pytest.mark.usefixtures("published")
def test_hashed_downloads_of_a_page_with_plain_ids_are_announced_beside_each_button(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert HASHED_DOWNLOADS not in texts(open_page("customers"))
    monkeypatch.setenv("RFM_AUDIENCE_KEY", KEY)
    settings.cache_clear()
    assert texts(open_page("customers")).count(HASHED_DOWNLOADS) == 2


@pytest.mark.usefixtures("customer")
def test_a_copy_whose_ids_are_hashed_already_announces_them_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RFM_AUDIENCE_KEY", KEY)
    settings.cache_clear()
    said = texts(open_page("customers"))
    assert HASHED_IDS in said
    assert HASHED_DOWNLOADS not in said
