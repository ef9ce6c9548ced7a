"""A run that was created but never launched does not count as in progress, which would silence the sensor."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import dagster as dg
import pytest
import sqlalchemy as sa
from dagster._core.storage.runs import SqlRunStorage
from dagster._core.storage.runs.schema import RunsTable

from rfm_assets.automation.run_tags import tags_of_days
from rfm_assets.automation.runs import is_anything_to_come, is_under_way

DAY = date(2025, 6, 26)


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def made(instance: dg.DagsterInstance, status: str, *, minutes_ago: int) -> None:
    """A run of the day, created some minutes ago."""
    run = dg.DagsterRun("daily_refresh", status=dg.DagsterRunStatus[status], tags=tags_of_days(DAY, DAY))
    instance.add_run(run)
    storage = instance.run_storage
    assert isinstance(storage, SqlRunStorage)
    when = (datetime.now(UTC) - timedelta(minutes=minutes_ago)).replace(tzinfo=None)
    with storage.connect() as connection:
        mine = RunsTable.c.run_id == run.run_id
        connection.execute(sa.update(RunsTable).where(mine).values(create_timestamp=when))


@pytest.mark.parametrize(
    ("status", "minutes_ago", "counts"),
    [("NOT_STARTED", 0, True), ("NOT_STARTED", 6, False), ("STARTING", 600, True), ("STARTED", 600, True)],
)
def test_a_run_that_was_made_and_never_launched_is_not_waited_for(
    instance: dg.DagsterInstance,
    status: str,
    minutes_ago: int,
    counts: bool,  # noqa: FBT001
) -> None:
    made(instance, status, minutes_ago=minutes_ago)
    assert (is_anything_to_come(instance), is_under_way(instance, DAY)) == (counts, counts)
