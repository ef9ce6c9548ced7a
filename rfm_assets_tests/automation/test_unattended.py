"""The deployed system runs unattended: files are uploaded, the tables follow, and a kill loses nothing.

One story over real servers: an S3 server, the webserver and the daemon. Three days are uploaded; the daemon is killed,
and an old day is corrected and a new one uploaded while it is away; it is killed again in the middle of their run.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import md5
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from rfm_assets.landing.folder import FolderLandingZone
from rfm_assets.partitions import days_of_tags
from rfm_assets_tests.helpers.plain import load, materialize, new_database
from rfm_assets_tests.helpers.runs import Contents, contents
from rfm_assets_tests.helpers.s3 import aws_settings, seaweedfs_server
from rfm_assets_tests.helpers.scenario import DAY, NEXT_DAY, THIRD_DAY, land, rows, sale, warehouse
from rfm_assets_tests.helpers.servers import Deployment, deployed
from rfm_assets_tests.landing.conftest import BUCKET, client_of

pytestmark = pytest.mark.e2e

LAST_DAY = "2025-06-29"
TARGET = f"s3://{BUCKET}/daily_sales"
FIRST_STEP = "landed"  # the name of the step that loads the files


class Run(NamedTuple):
    """A run of any job."""

    job: str
    status: str
    days: tuple[str, str]


class Tables(NamedTuple):
    """What is stored, and what a fresh warehouse would hold after one run over the same files."""

    stored: Contents
    expected: Contents


@dataclass
class Source:
    """The source's side: an export folder, uploaded to the bucket, and the same files in a folder to compare with."""

    home: Path
    environment: dict[str, str]

    def export(self, day: str, *customers: str) -> None:
        lines = [sale(invoice=f"4894{n}{day[-2:]}", customer_id=c, invoice_date=day) for n, c in enumerate(customers)]
        path = land(self.home, f"{day}/{day}", *lines)
        (self.home / "export").mkdir(exist_ok=True)
        (self.home / "export" / path.name).write_bytes(path.read_bytes())

    def upload(self, day: str) -> None:
        program = Path(sys.executable).with_name("rfm")
        days = ["--since", DAY, "--day", day]
        command = [program, "upload", *days, "--from", self.home / "export", "--to", TARGET]
        subprocess.run(command, env=os.environ | self.environment, check=True, stdout=subprocess.DEVNULL)


@dataclass(frozen=True)
class Story:
    """The state after the first upload, in the middle of the second run, and at the end."""

    home: Path
    first_runs: Sequence[Run]
    first: Tables
    in_the_middle: Sequence[tuple[Any, ...]]
    runs: Sequence[Run]
    last: Tables


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    home = tmp_path_factory.mktemp("shop")
    with seaweedfs_server(tmp_path_factory.mktemp("weed")) as endpoint:
        client_of(endpoint)  # makes the bucket
        aws = aws_settings(endpoint)
        shop = {"RFM_LANDING": TARGET, "RFM_WAREHOUSE": "warehouse.duckdb", "RFM_START_DATE": DAY}
        with deployed(home, **shop, **aws) as deployment:
            yield told(deployment, Source(home, aws))


def told(deployment: Deployment, source: Source) -> Story:
    home = source.home
    for day, customers in ((DAY, ["A", "B"]), (NEXT_DAY, ["A", "C", ""]), (THIRD_DAY, ["B"])):
        source.export(day, *customers)
    source.upload(THIRD_DAY)
    deployment.start_daemon()
    deployment.wait_until(lambda: has_ended(deployment, runs=1), "the sensor's first run has ended")
    first_runs, first = runs_of(deployment), tables_until(THIRD_DAY, home)

    kill_daemon(deployment)
    source.export(NEXT_DAY, "A", "D")
    source.export(LAST_DAY, "A", "E")
    source.upload(LAST_DAY)
    deployment.start_daemon()
    deployment.wait_until(lambda: has_loaded_files(deployment, runs=2), "the second run has loaded its files", poll=0.1)
    kill_daemon(deployment)
    in_the_middle = rows(home, NEWEST_DAYS)

    deployment.start_daemon()
    deployment.wait_until(lambda: has_ended(deployment, runs=3), "the killed run was found lost and done again")
    return Story(home, first_runs, first, in_the_middle, runs_of(deployment), tables_until(LAST_DAY, home))


NEWEST_DAYS = """
    SELECT CAST(max(ledger.processing_date) AS VARCHAR), CAST(max(clusters.as_of_date) AS VARCHAR)
    FROM bronze.landed_files AS ledger, ml.customer_clusters AS clusters"""


def tables_until(last: str, home: Path) -> Tables:
    days, fresh = (date.fromisoformat(DAY), date.fromisoformat(last)), new_database()
    load(fresh, FolderLandingZone(folder=str(home / "landing")), *days)
    materialize(fresh, *days)
    with warehouse(home).connect(read_only=True) as connection:
        return Tables(contents(connection, until=last), contents(fresh, until=last))


def runs_of(deployment: Deployment) -> list[Run]:
    """Every run, oldest first."""
    document = """{ runsOrError { __typename ... on Runs { results { jobName status tags { key value } } } } }"""
    found = deployment.api.ask(document)["results"]
    runs = []
    for run in reversed(found):
        days = days_of_tags({tag["key"]: tag["value"] for tag in run["tags"]})
        assert days is not None
        runs.append(Run(run["jobName"], run["status"], (str(days[0]), str(days[1]))))
    return runs


def has_ended(deployment: Deployment, *, runs: int) -> bool:
    found = runs_of(deployment)
    return len(found) >= runs and all(run.status in {"SUCCESS", "FAILURE", "CANCELED"} for run in found)


def has_loaded_files(deployment: Deployment, *, runs: int) -> bool:
    """Whether the last of this many runs is past its first step, many steps before its end."""
    document = "{ runsOrError { ... on Runs { results { stepStats { stepKey status } } } } }"
    found = deployment.api.ask(document)["results"]
    steps = {step["stepKey"]: step["status"] for step in found[0]["stepStats"]} if len(found) == runs else {}
    return steps.get(FIRST_STEP) == "SUCCESS"


def kill_daemon(deployment: Deployment) -> None:
    """Ends the daemon, its code server and the run's own process, as a power cut does."""
    daemon = deployment.processes["dagster._daemon"]
    os.killpg(daemon.pid, signal.SIGKILL)
    daemon.wait()


def test_uploaded_days_are_refreshed_in_one_run_that_nobody_launched(story: Story) -> None:
    assert story.first_runs == [Run("daily_refresh", "SUCCESS", (DAY, THIRD_DAY))]
    assert story.first.stored == story.first.expected


def test_every_day_has_its_lines_and_its_customers_a_segment(story: Story) -> None:
    lines = "SELECT CAST(processing_date AS VARCHAR), count(*) FROM bronze.transactions GROUP BY 1 ORDER BY 1"
    assert rows(story.home, lines) == [(DAY, 2), (NEXT_DAY, 2), (THIRD_DAY, 1), (LAST_DAY, 2)]
    customers = "SELECT CAST(as_of_date AS VARCHAR), count(*) FROM gold.customer_segments GROUP BY 1 ORDER BY 1"
    assert rows(story.home, customers) == [(DAY, 2), (NEXT_DAY, 3), (THIRD_DAY, 3), (LAST_DAY, 4)]


def test_the_daemon_was_killed_in_the_middle_of_a_run(story: Story) -> None:
    assert story.in_the_middle == [(LAST_DAY, THIRD_DAY)]


def test_a_correction_made_while_the_daemon_was_away_is_run_with_all_later_days(story: Story) -> None:
    _, *others = story.runs
    assert {(run.job, run.days) for run in others} == {("daily_refresh", (NEXT_DAY, LAST_DAY))}


def test_the_killed_run_is_done_again_and_nothing_else_is(story: Story) -> None:
    assert [run.status for run in story.runs] == ["SUCCESS", "FAILURE", "SUCCESS"]


def test_in_the_end_all_tables_are_those_of_a_fresh_warehouse(story: Story) -> None:
    assert story.last.stored == story.last.expected != story.first.expected


def test_the_ledger_holds_the_objects_as_they_are_in_the_bucket(story: Story) -> None:
    held = rows(story.home, "SELECT source_file, version, rows FROM bronze.landed_files ORDER BY 1")
    files = sorted((story.home / "landing").rglob("*.csv"))
    digests = [md5(path.read_bytes(), usedforsecurity=False).hexdigest() for path in files]
    keys = [f"{day}/{day}_transactions.csv" for day in (DAY, NEXT_DAY, THIRD_DAY, LAST_DAY)]
    assert held == list(zip(keys, digests, (2, 2, 1, 2), strict=True))
