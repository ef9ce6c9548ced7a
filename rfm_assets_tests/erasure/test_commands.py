"""The commands about one customer print what is stored, and nothing after erasure."""

import json
import subprocess
from pathlib import Path

import pytest

from rfm_assets.metadata_table import metadata_table
from rfm_assets_tests.erasure.shop import PERSON, made, naming
from rfm_assets_tests.helpers import commands
from rfm_assets_tests.helpers.runs import shown

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("shop"))


def rfm(shop: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    where = {"LANDING": "landing", "WAREHOUSE": "warehouse.duckdb", "PUBLISHED": "published"}
    given = {f"RFM_{name}": str(shop / path) for name, path in where.items()} | {"DAGSTER_HOME": str(shop)}
    return commands.rfm(shop, *arguments, **given)


def test_what_is_held_is_exported_and_after_erasure_there_is_nothing(shop: Path) -> None:
    (shop / "storage").mkdir()
    (shop / "dagster.yaml").write_text("")
    (shop / "storage" / "events.db").write_bytes(b"a sample with " + PERSON.encode() + b" in it")
    held = json.loads(rfm(shop, "export-customer", f"{PERSON}.0").stdout)
    assert held["customer"] == PERSON
    assert len(held["tables"]["silver.transactions"]) == 3
    assert held["tables"]["gold.customer_segments"][0]["as_of_date"] == "2025-06-27"
    assert held["tables"]["bronze.transactions"][-1]["source_file"] == "2025-06-28_transactions.csv"
    done = rfm(shop, "erase", "--yes", PERSON)
    assert done.returncode == 0, done.stderr
    for said in (
        "5 rows named them  bronze.transactions",
        "made again: 2025-06-27 to 2025-06-28",
        "2025-06-27_transactions.csv, 2025-06-28_transactions.csv",
        "`rfm land --forget EXPORT`",
        f"{shop / 'storage' / 'events.db'}",
        "backups",
    ):
        assert said in done.stdout
    assert naming(shop) == set()
    assert json.loads(rfm(shop, "export-customer", PERSON).stdout)["tables"] == {}


def test_records_of_dagster_show_the_shape_of_what_names_a_customer() -> None:
    table = metadata_table(["CustomerID", "_rescued_data", "Country"], [["13085.0", "a@b.de,7", "Spain"], [None] * 3])
    assert shown(table) == "99999.9 | a@a.aa,9 | Spain\nNULL | NULL | NULL"
