"""Publishing disturbs no reader, neither when it is killed half-way nor while it runs."""

import os
import signal
import threading
from multiprocessing.connection import Connection
from pathlib import Path
from unittest.mock import patch

import duckdb
import pytest

from rfm_assets.errors import CopyLockedError, PublishedError
from rfm_assets.publishing import reader
from rfm_assets.publishing.publish import publish
from rfm_assets.publishing.source import StoredInFile
from rfm_assets.publishing.versions import COPY, Pointer
from rfm_assets_tests.helpers.processes import hold_for_writing, started, told
from rfm_assets_tests.publishing.shops import LAST_DAY, open_shop, open_shop_again

pytestmark = pytest.mark.slow

# Where a publish can be stopped, in the order it reaches these points.
STOPS = {
    "before the first byte": "rfm_assets.publishing.source.StoredInFile.take_stock",
    "copied, nothing replaced": "rfm_assets.publishing.written_copy._stale_days",
    "replaced, not yet checked": "rfm_assets.publishing.written_copy._is_complete",
    "written, no Parquet": "rfm_assets.publishing.publish.write_parquet",
    "on its way to the disk": "rfm_assets.publishing.versions._store",
    "the next pointer made": "pathlib.Path.replace",
}


def publish_until(database: str, folder: Path, stop: str, channel: Connection) -> None:
    """Publishes, and hangs at the given point."""

    def stopped(*_: object, **__: object) -> None:
        channel.send(os.getpid())
        threading.Event().wait()

    with duckdb.connect(database) as warehouse, patch(stop, stopped):
        publish(StoredInFile(warehouse), folder, run_id="a run to be killed")


def read_in_a_loop(folder: Path, channel: Connection) -> None:
    """Opens the newest copy in a loop until told to stop; reports each version it sees, and whether it is whole."""
    seen = ""
    while not channel.poll(0.1):
        with reader.published_copy(folder) as held:
            run, *torn = held.execute(_TORN_DAYS).fetchall()[0]
        if torn != [0]:
            channel.send(f"{run} has {torn} days that are not whole")
        if run != seen:
            channel.send(run)
            seen = run


# Every customer of a day is in its segments, its thresholds and its summary, or the day is not whole.
_TORN_DAYS = """
    SELECT (SELECT run_id FROM meta.published), count(*) FROM (
        SELECT as_of_date, count(*) AS customers FROM gold.customer_segments GROUP BY as_of_date
    ) AS segments
    FULL JOIN (SELECT as_of_date, customers FROM gold.segment_thresholds) AS thresholds USING (as_of_date)
    FULL JOIN (
        SELECT as_of_date, sum(Customer_Count) AS customers FROM gold.segment_summary GROUP BY as_of_date
    ) AS summary USING (as_of_date)
    WHERE segments.customers IS DISTINCT FROM thresholds.customers
        OR segments.customers IS DISTINCT FROM summary.customers"""


@pytest.mark.parametrize("stop", STOPS.values(), ids=STOPS)
def test_a_publish_killed_half_way_leaves_the_old_copy_and_the_next_one_heals(tmp_path: Path, stop: str) -> None:
    with open_shop(tmp_path) as shop:
        shop.publish()
        before, version = shop.contents(), reader.version(shop.published)
        shop.deliver(LAST_DAY, "A", "B", "C")
    with started(publish_until, str(tmp_path / "warehouse.duckdb"), shop.published, stop) as (process, channel):
        assert told(channel) == process.pid
        process.kill()
        process.join()
        assert process.exitcode == -signal.SIGKILL
    assert (shop.contents(), reader.version(shop.published)) == (before, version)
    with open_shop_again(tmp_path) as shop:
        shop.publish()
        healed = shop.contents()
        shop.publish(tmp_path / "anew")
        assert healed == shop.contents(tmp_path / "anew") != before
    shown = {reader.version(shop.published), version, "rfm.duckdb", "parquet"}
    left = {path.name for path in shop.published.iterdir() if not path.name.startswith("parquet-")}
    assert left == shown


def test_a_copy_that_another_program_writes_into_is_said_to_be_locked_and_is_left_behind(tmp_path: Path) -> None:
    with open_shop(tmp_path) as shop:
        file = shop.publish().file
        with started(hold_for_writing, file) as (_, channel):
            assert told(channel) == "open"
            with pytest.raises(CopyLockedError, match="open for writing in another program: close it there"):
                reader.connect(shop.published)
            shop.publish()
            reader.connect(shop.published).close()


def test_a_copy_that_another_program_writes_into_still_guards_its_days_and_is_not_removed(tmp_path: Path) -> None:
    with open_shop(tmp_path) as shop:
        file = shop.publish().file
        shop.warehouse.execute(f"DELETE FROM gold.segment_thresholds WHERE as_of_date = DATE '{LAST_DAY}'")
        with started(hold_for_writing, file) as (_, channel):
            assert told(channel) == "open"
            with pytest.raises(PublishedError, match=f"holds {LAST_DAY}, which the warehouse lacks"):
                shop.publish()
            assert Pointer(shop.published, COPY).newest == file
            shop.deliver(LAST_DAY, "A", "B")
            assert shop.publish().written.from_scratch
            assert file.exists()


def test_a_reader_in_a_loop_sees_every_day_whole_while_several_copies_are_published(tmp_path: Path) -> None:
    with open_shop(tmp_path) as shop:
        publish(StoredInFile(shop.warehouse), shop.published, run_id="0")
        with started(read_in_a_loop, shop.published) as (process, channel):
            assert told(channel) == "0"
            for number in range(1, 5):
                shop.deliver(LAST_DAY, *"ABCDEF"[:number])
                for _ in range(3):  # faster than it looks, so that versions vanish between its looks
                    publish(StoredInFile(shop.warehouse), shop.published, run_id=str(number))
                assert told(channel) == str(number)
            channel.send("end")
            process.join()
            assert process.exitcode == 0
