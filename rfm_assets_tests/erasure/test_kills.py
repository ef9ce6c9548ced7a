"""Wherever its process is killed, an erasure is either complete after the next run or has not begun."""

import os
import random
import shutil
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path
from unittest.mock import patch

import pytest

from rfm_assets.erasure.erasure import erase, finish_erasures
from rfm_assets.privacy.register import Register
from rfm_assets_tests.erasure.shop import PERSON, naming, published, revenue_per_day, with_its_bytes
from rfm_assets_tests.helpers.processes import started, told
from rfm_assets_tests.helpers.scenario import warehouse

pytestmark = pytest.mark.slow

STOPS = (
    "rfm_assets.privacy.register.Register.begin",
    "rfm_assets.erasure.rewrite._copy",
    "rfm_assets.erasure.rewrite._make_again",
    "rfm_assets.privacy.register.Register.move",  # the new file is in place, but not yet recorded
    "rfm_assets.publishing.publish.write_parquet",
    "rfm_assets.erasure.erasure.remove_all_audiences",
)
RANDOM_KILLS = int(os.environ.get("RFM_TEST_KILLS", "1"))
"""How often a process is killed at a random moment: 30 by hand, once in the suite."""


@pytest.fixture(scope="module")
def seconds(first_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long an erasure takes if it is not killed."""
    unharmed = Path(shutil.copytree(first_shop, tmp_path_factory.mktemp("unharmed") / "shop", symlinks=True))
    with started(erase_until, unharmed, "") as (_, channel):
        assert told(channel) == "begun"
        begun = time.monotonic()
        assert told(channel) == "done"
        return time.monotonic() - begun


def erase_until(shop: Path, stop: str, channel: Connection) -> None:
    """Erases, and hangs at the given point; reports where it is, or that it is done."""

    def stopped(*_: object, **__: object) -> None:
        channel.send(stop)
        threading.Event().wait()

    if stop:
        with patch(stop, stopped):
            erase(warehouse(shop), published(shop), [PERSON])
    channel.send("begun")
    erase(warehouse(shop), published(shop), [PERSON])
    channel.send("done")


def must_be_done_or_not_begun(shop: Path, revenue: list[tuple[object, ...]], *, done: bool) -> None:
    """After the next run either all of the person's data is there or none, and revenue is unchanged."""
    assert revenue_per_day(shop) == revenue
    finish_erasures(warehouse(shop), published(shop))
    assert revenue_per_day(shop) == revenue
    register = Register.of(shop / "warehouse.duckdb")
    assert register.at("begun", "stored") == []
    assert bool(register.at("done")) == done
    left = naming(shop)
    if done:
        assert left == set()
        assert with_its_bytes(shop) == []
    else:
        assert {"bronze.transactions.CustomerID", "gold.customer_segments.CustomerID"} <= left


@pytest.mark.parametrize("stop", STOPS)
def test_an_erasure_killed_on_its_way_is_done_after_the_next_run_or_has_not_begun(shop: Path, stop: str) -> None:
    revenue = revenue_per_day(shop)
    with started(erase_until, shop, stop) as (process, channel):
        assert told(channel) == stop
        process.kill()
        process.join()
    must_be_done_or_not_begun(shop, revenue, done=stop != STOPS[0])


@pytest.mark.parametrize("seed", range(RANDOM_KILLS))
def test_an_erasure_killed_at_a_random_moment_is_done_after_the_next_run_or_has_not_begun(
    shop: Path, seconds: float, seed: int
) -> None:
    revenue = revenue_per_day(shop)
    with started(erase_until, shop, "") as (process, channel):
        assert told(channel) == "begun"
        channel.poll(seconds * random.Random(seed).random())  # noqa: S311 - not a secret
        process.kill()
        process.join()
    must_be_done_or_not_begun(shop, revenue, done=bool(Register.of(shop / "warehouse.duckdb").stages))
