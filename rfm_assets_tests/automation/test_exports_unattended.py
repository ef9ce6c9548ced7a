"""Production goes from an export to segments by itself: real servers, and nobody launches anything."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rfm_assets_tests.helpers.scenario import rows
from rfm_assets_tests.helpers.servers import Deployment, deployed

pytestmark = pytest.mark.e2e

HEADER = "order_id,order_date,customer_id,sku,quantity,unit_price"
ORDERS = [f"A-{n},2017-05-0{1 + n % 3},c{n % 6},MUG,{1 + n % 3},4.50" for n in range(30)]
LATER = [f"B-{n},2017-05-04,c{n},MUG,2,4.50" for n in range(3)]
RUNS = "{ runsOrError { __typename ... on Runs { results { jobName status } } } }"


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    home = tmp_path_factory.mktemp("shop")
    for name in ("exports", "landing"):
        (home / name).mkdir()
    (home / "rfm.toml").write_text('[shop]\nstart_date = 2017-05-01\n[source]\nprofile = "generic"\n')
    places = {"RFM_EXPORTS": "exports", "RFM_LANDING": "landing", "RFM_WAREHOUSE": "warehouse.duckdb"}
    with deployed(home, **places) as running:
        running.start_daemon()
        yield running


def arrive(home: Path, name: str, *lines: str) -> None:
    (home / "exports" / name).write_text("\n".join([HEADER, *lines, ""]))


def runs_of(deployment: Deployment) -> list[tuple[str, str]]:
    """Every run, oldest first."""
    return [(run["jobName"], run["status"]) for run in reversed(deployment.api.ask(RUNS)["results"])]


def test_exports_that_arrive_are_landed_and_refreshed_in_one_run_each(deployment: Deployment) -> None:
    both = [("land_exports", "SUCCESS"), ("daily_refresh", "SUCCESS")]
    arrive(deployment.home, "april.csv", *ORDERS)
    deployment.wait_until(lambda: runs_of(deployment) == both, "the export is in the tables", poll=1)
    segments = "SELECT CAST(max(as_of_date) AS VARCHAR), count(DISTINCT CustomerID) FROM gold.customer_segments"
    assert rows(deployment.home, segments) == [("2017-05-03", 6)]
    arrive(deployment.home, "may.csv", *LATER)
    deployment.wait_until(lambda: runs_of(deployment) == both * 2, "the later one is, too", poll=1)
    assert rows(deployment.home, segments) == [("2017-05-04", 6)]
