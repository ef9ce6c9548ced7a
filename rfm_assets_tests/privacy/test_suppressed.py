"""Suppressed customers appear on no list and in no download, and are counted in the manifest."""

import csv
import json
from pathlib import Path

import duckdb
import pytest

from rfm_assets.contracts.gold import CUSTOMER_SEGMENTS
from rfm_assets.errors import PrivacyError, PublishedError
from rfm_assets.privacy.customer_ids import CustomerIds
from rfm_assets.privacy.suppressed import opted_out_customers, suppressed_customers
from rfm_assets.publishing.audience_files import publish_audiences
from rfm_assets.publishing.audiences import Audiences
from rfm_assets.publishing.opted_out import make_opted_out
from rfm_assets_tests.helpers.plain import new_database, put
from rfm_assets_tests.publishing.test_audiences import INACTIVE, KEY, NOW, VIP, customer

SUPPRESSED = {"13085": "opted out", "13086": "deceased", "99999": "opted out"}


def with_customers() -> duckdb.DuckDBPyConnection:
    database = new_database()
    put(database, CUSTOMER_SEGMENTS, customer("13085", VIP), customer("13086", INACTIVE), customer("13087", VIP))
    return database


def test_a_file_gives_reasons_by_the_ids_of_silver(tmp_path: Path) -> None:
    file = tmp_path / "suppress.csv"
    file.write_text('﻿customer,reason\n13085.0,opted out\n" 13086 ","died, 2025"\n\n13085,asked twice\n')
    assert suppressed_customers(file) == {"13085": "opted out", "13086": "died, 2025"}
    assert suppressed_customers(None) == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id;reason\n", r"line 1: the header is customer,reason, not 'id;reason'"),
        ("customer,reason\n13085,out\n13086\n", r"line 3: '13086': write a customer id and a reason"),
        ("customer,reason\n,out\n", r"line 2: ',out': write a customer id and a reason"),
        ("customer,reason\nnull,out\n", r"line 2: 'null' names no customer"),
        ('customer,reason\n"13085,out\n', "is not a CSV file"),
    ],
)
def test_a_file_that_cannot_be_used_names_the_line_and_the_way_out(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "suppress.csv"
    file.write_text(text)
    with pytest.raises(PrivacyError, match=message):
        suppressed_customers(file)


def test_a_file_that_is_not_there_or_not_utf_8_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PrivacyError, match="correct RFM_SUPPRESS, or unset it"):
        suppressed_customers(tmp_path / "none.csv")
    (tmp_path / "latin.csv").write_bytes("customer,reason\n1,é".encode("latin-1"))
    with pytest.raises(PrivacyError, match="is not UTF-8"):
        suppressed_customers(tmp_path / "latin.csv")


@pytest.mark.parametrize("key", ["", KEY])
def test_who_is_suppressed_is_on_no_list_and_counted_by_reason(tmp_path: Path, key: str) -> None:
    with with_customers() as database:
        lists = Audiences(database, NOW, key=key, suppressed=SUPPRESSED)
        folder = publish_audiences(lists, tmp_path)
        download = b"".join(lists.members_csv([VIP, INACTIVE], "CustomerID")).decode()
    assert json.loads((folder / "manifest.json").read_text())["suppressed"] == {"deceased": 1, "opted out": 1}
    listed = [row for path in folder.glob("*.csv") for row in csv.DictReader(path.read_text().splitlines())]
    assert len(listed) == 1
    assert listed[0]["CustomerID"] in download
    assert len(download.splitlines()) == 2


def test_in_a_hashed_copy_the_key_tells_who_is_suppressed() -> None:
    with with_customers() as database:
        ids = CustomerIds(KEY)
        ids.prepare(database)
        database.execute(f"UPDATE {CUSTOMER_SEGMENTS.address} SET CustomerID = {ids.expression('CustomerID')}")
        database.execute("CREATE SCHEMA IF NOT EXISTS meta")
        database.execute(f"CREATE OR REPLACE TABLE meta.published AS SELECT '{ids.fingerprint}' AS key_fingerprint")
        assert Audiences(database, NOW, key=KEY, suppressed=SUPPRESSED).suppressed == {"deceased": 1, "opted out": 1}
        with pytest.raises(PublishedError, match="hashed with a key other than RFM_AUDIENCE_KEY"):
            Audiences(database, NOW, key="", suppressed=SUPPRESSED)


def test_who_opted_out_is_read_by_the_ids_of_silver(tmp_path: Path) -> None:
    file = tmp_path / "opted_out.csv"
    assert opted_out_customers(file) == set()
    file.write_text("customer,reason\n13085.0,opted out\nAnn@Shop.example,opted out\n0,opted out\nnull,opted out\n")
    assert opted_out_customers(file) == {"13085", "ann@shop.example"}
    file.write_bytes(b"customer\n\xff\n")
    with pytest.raises(PrivacyError, match="`rfm land` writes it again"):
        opted_out_customers(file)


@pytest.mark.parametrize("key", ["", KEY])
@pytest.mark.parametrize("hashed", [False, True], ids=["ids in the copy", "hashes in the copy"])
def test_who_opted_out_is_on_no_list_and_counted_in_the_manifest(tmp_path: Path, key: str, *, hashed: bool) -> None:
    with with_customers() as database:
        ids = CustomerIds(KEY if hashed else "")
        if hashed:
            ids.prepare(database)
            database.execute(f"UPDATE {CUSTOMER_SEGMENTS.address} SET CustomerID = {ids.expression('CustomerID')}")
        database.execute("CREATE SCHEMA IF NOT EXISTS meta")
        print_of = f"'{ids.fingerprint}'" if hashed else "NULL"
        database.execute(f"CREATE OR REPLACE TABLE meta.published AS SELECT {print_of} AS key_fingerprint")
        database.execute(make_opted_out("memory", {"13085", "13086", "99999"}, ids))
        assert database.execute("SELECT count(*) FROM meta.opted_out").fetchone() == (2,)
        suppressed = {"13086": "deceased"} if key or not hashed else {}
        folder = publish_audiences(Audiences(database, NOW, key=key, suppressed=suppressed), tmp_path)
        counted = json.loads((folder / "manifest.json").read_text())["suppressed"]
        assert counted == ({"deceased": 1, "opted out": 1} if suppressed else {"opted out": 2})
        assert sum(len(path.read_text().splitlines()) - 1 for path in folder.glob("*.csv")) == 1
        database.execute(make_opted_out("memory", (), ids))
        assert Audiences(database, NOW, key=key).suppressed == {}
