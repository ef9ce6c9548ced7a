"""Campaign lists have the right members and manifest, are replaced as a whole, and never reveal the key."""

import csv
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import astuple
from decimal import Decimal
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest
from pydantic import SecretStr

from rfm_assets.config.segments import Segments
from rfm_assets.contracts.gold import CUSTOMER_SEGMENTS, SEGMENT_THRESHOLDS
from rfm_assets.definitions import resources_for
from rfm_assets.gold.playbooks import JUST_ORDERED, PLAYBOOKS, playbooks
from rfm_assets.gold.segments import RECOMMENDATIONS
from rfm_assets.publishing.assets import PublishedFolder
from rfm_assets.publishing.audience import Audience
from rfm_assets.publishing.audience_files import publish_audiences
from rfm_assets.publishing.audiences import Audiences, has_customers
from rfm_assets.settings import Settings
from rfm_assets_tests.helpers.plain import Row, day, new_database, put
from rfm_assets_tests.helpers.runs import EVERYTHING, run
from rfm_assets_tests.helpers.scenario import DAY, NEXT_DAY, THIRD_DAY, land, resources, sale

pytestmark = pytest.mark.slow

THEN, NOW = day(1), day(8)
VIP, AT_RISK, INACTIVE = "High Value - Active & Engaged", "High Value - At Risk", "Base Value - Inactive"
PLAYBOOK = ("recommendation", "channel", "offer", "timing", "measure")
KEY = "a key that nobody may ever see"

NASTY = ["=1+1", 'say "so"', "a,b", "two\nlines", "Zoë €", "-12", "@home"]


def customer(name: str, segment: str, *, on: object = NOW, spent: str = "10.50") -> Row:
    values = {"Recency": 3, "Frequency": 2, "Monetary": Decimal(spent), "value_tier": "", "engagement_status": ""}
    return {"as_of_date": on, "CustomerID": name, "segment": segment} | values | {"recommendation": "Do, then see"}


@pytest.fixture
def store() -> Iterator[duckdb.DuckDBPyConnection]:
    """B went from VIP to at risk, C is a new VIP, D is unchanged; the others have ids that are hard to write."""
    with new_database() as database:
        medians = {"median_monetary": 1.5, "median_frequency": 2.0, "median_recency": 3.0, "customers": 4}
        put(database, SEGMENT_THRESHOLDS, {"as_of_date": THEN, **medians}, {"as_of_date": NOW, **medians})
        put(database, CUSTOMER_SEGMENTS, customer("B", VIP, on=THEN), customer("D", VIP, on=THEN))
        put(database, CUSTOMER_SEGMENTS, customer("B", AT_RISK), customer("C", VIP), customer("D", VIP))
        put(database, CUSTOMER_SEGMENTS, *(customer(name, INACTIVE) for name in NASTY))
        yield database


def read(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_parquet(folder: Path, name: str) -> list[tuple[Any, ...]]:
    return duckdb.sql(f"FROM '{folder / name}.parquet'").fetchall()


def test_a_list_holds_the_members_with_their_values_and_what_to_do(
    store: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    folder = publish_audiences(Audiences(store, NOW, THEN), tmp_path)
    members = read(folder, "high-value-active-engaged")
    assert [row["CustomerID"] for row in members] == ["C", "D"]
    assert members[0] == {
        "CustomerID": "C",
        "Recency": "3",
        "Frequency": "2",
        "Monetary": "10.50",
        "segment": VIP,
        "recommendation": PLAYBOOKS[VIP].aim,
        "channel": PLAYBOOKS[VIP].channel,
        "offer": PLAYBOOKS[VIP].offer,
        "timing": PLAYBOOKS[VIP].timing,
        "measure": PLAYBOOKS[VIP].measure,
    }
    in_parquet = read_parquet(folder, "high-value-active-engaged")[0]
    assert in_parquet == ("C", 3, 2, Decimal("10.50"), VIP, *astuple(PLAYBOOKS[VIP]))
    assert folder == tmp_path / "audiences" / str(NOW)


def test_no_list_has_the_contract_s_recommendation_and_who_moved_has_the_playbook_of_where_they_are(
    store: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    folder = publish_audiences(Audiences(store, NOW, THEN), tmp_path)
    assert not [path.name for path in folder.iterdir() if b"Do, then see" in path.read_bytes()]
    for name in ("high-value-active-engaged_left", "high-value-at-risk_entered"):
        (moved,) = read(folder, name)
        assert [moved[column] for column in PLAYBOOK] == list(astuple(PLAYBOOKS[AT_RISK]))


def test_those_who_left_have_no_playbook_in_the_manifest_for_they_are_in_several_segments(
    store: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Segments.model_validate({"cells": {VIP: {"owner": "Ann"}}})
    monkeypatch.setattr("rfm_assets.config.in_force.segments", lambda: own)
    folder = publish_audiences(Audiences(store, NOW, THEN), tmp_path)
    files = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    of_lists = {one["list"]: (one.get("aim"), one["owner"]) for one in files if one["segment"] == VIP}
    assert of_lists == {
        "members": (PLAYBOOKS[VIP].aim, "Ann"),
        "entered": (PLAYBOOKS[VIP].aim, "Ann"),
        "left": (None, "Ann"),
    }


def test_nobody_who_ordered_today_is_to_be_brought_back(store: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    store.execute(f"UPDATE {CUSTOMER_SEGMENTS.address} SET Recency = 0 WHERE CustomerID IN ('B', 'C')")
    folder = publish_audiences(Audiences(store, NOW, THEN), tmp_path)
    (at_risk,) = read(folder, "high-value-at-risk")
    assert [at_risk[column] for column in PLAYBOOK] == [JUST_ORDERED, "", "", "", ""]
    active = read(folder, "high-value-active-engaged")[0]
    assert (active["CustomerID"], active["recommendation"]) == ("C", PLAYBOOKS[VIP].aim)


def test_what_the_shop_file_recommends_reaches_the_files_and_the_manifest(
    store: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Segments.model_validate({"cells": {VIP: {"recommendation": 'Call Ann\'s "VIP"', "channel": "phone"}}})
    monkeypatch.setattr("rfm_assets.publishing.audience.PLAYBOOKS", playbooks(own))
    monkeypatch.setattr("rfm_assets.publishing.audiences.PLAYBOOKS", playbooks(own))
    monkeypatch.setattr("rfm_assets.gold.playbooks.PLAYBOOKS", playbooks(own))
    folder = publish_audiences(Audiences(store, NOW, THEN), tmp_path)
    row = read(folder, "high-value-active-engaged")[0]
    assert (row["recommendation"], row["channel"]) == ('Call Ann\'s "VIP"', "phone")
    assert row["offer"] == PLAYBOOKS[VIP].offer
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    told = next(one for one in manifest["files"] if one["segment"] == VIP)
    assert (told["aim"], told["channel"], told["offer"]) == (row["recommendation"], "phone", PLAYBOOKS[VIP].offer)


def test_who_entered_or_left_is_listed_with_where_from_and_where_to(
    store: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    folder = publish_audiences(Audiences(store, NOW, THEN), tmp_path)

    def moved(name: str) -> list[tuple[str, str, str]]:
        return [(row["CustomerID"], row["from_segment"], row["to_segment"]) for row in read(folder, name)]

    assert moved("high-value-active-engaged_entered") == [("C", "New customer", VIP)]
    assert moved("high-value-active-engaged_left") == [("B", VIP, AT_RISK)]
    assert moved("high-value-at-risk_entered") == [("B", VIP, AT_RISK)]
    assert moved("high-value-at-risk_left") == []


def test_without_an_earlier_day_there_are_members_alone(store: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    folder = publish_audiences(Audiences(store, NOW), tmp_path)
    assert len(list(folder.glob("*.csv"))) == len(RECOMMENDATIONS)
    assert json.loads((folder / "manifest.json").read_text())["compared_to"] is None


def test_ids_that_are_hard_to_write_come_through_and_a_spreadsheet_runs_none(
    store: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    folder = publish_audiences(Audiences(store, NOW, THEN), tmp_path)
    written = {row["CustomerID"] for row in read(folder, "base-value-inactive")}
    assert written == {f"'{name}" if name[0] in "=-@" else name for name in NASTY}
    assert {row[0] for row in read_parquet(folder, "base-value-inactive")} == set(NASTY)


def test_the_manifest_tells_each_files_rows_and_digest_the_days_and_the_thresholds(
    store: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    folder = publish_audiences(Audiences(store, NOW, THEN), tmp_path)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    files = manifest.pop("files")
    assert manifest == {
        "as_of_date": str(NOW),
        "compared_to": str(THEN),
        "customer_ids": "as delivered",
        "thresholds": {"median_monetary": 1.5, "median_frequency": 2.0, "median_recency": 3.0},
    }
    assert {one["file"] for one in files} | {"manifest.json"} == {path.name for path in folder.iterdir()}
    for one in files:
        assert one["sha256"] == hashlib.sha256((folder / one["file"]).read_bytes()).hexdigest()
        stem = one["file"].partition(".")[0]
        assert one["rows"] == len(read(folder, stem)) == len(read_parquet(folder, stem))
    assert {(one["segment"], one["list"]) for one in files} == {
        (segment, which) for segment in RECOMMENDATIONS for which in ("members", "entered", "left")
    }


def test_a_list_that_fails_leaves_the_published_ones_as_they_were(
    store: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = publish_audiences(Audiences(store, NOW, THEN), tmp_path)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    store.execute("DELETE FROM gold.customer_segments WHERE CustomerID = 'C'")
    again = Audiences(store, NOW, THEN)
    with monkeypatch.context() as broken:
        broken.setattr(again, "csv", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            publish_audiences(again, tmp_path)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    publish_audiences(again, tmp_path)
    assert [row["CustomerID"] for row in read(folder, "high-value-active-engaged")] == ["D"]
    assert len(list((tmp_path / "audiences").iterdir())) == 2  # the pointer and its folder; nothing half written


@pytest.mark.parametrize("key", [KEY, "k" * 65])
def test_with_a_key_ids_are_keyed_hashes(store: duckdb.DuckDBPyConnection, tmp_path: Path, key: str) -> None:
    folder = publish_audiences(Audiences(store, NOW, THEN, key=key), tmp_path)
    hashed = {name: hmac.new(key.encode(), name.encode(), hashlib.sha256).hexdigest() for name in (*NASTY, "C", "D")}
    assert {row["CustomerID"] for row in read(folder, "base-value-inactive")} == {hashed[name] for name in NASTY}
    members = {row[0] for row in read_parquet(folder, "high-value-active-engaged")}
    assert members == {hashed["C"], hashed["D"]}
    assert json.loads((folder / "manifest.json").read_text())["customer_ids"] == "HMAC-SHA256"
    assert not [path for path in folder.iterdir() if key.encode() in path.read_bytes()]


def test_the_name_of_a_list_is_that_of_its_segment() -> None:
    assert Audience(VIP, "members").name == "high-value-active-engaged"
    assert Audience(AT_RISK, "left").name == "high-value-at-risk_left"


def test_a_day_that_is_not_stored_has_no_lists(store: duckdb.DuckDBPyConnection) -> None:
    assert [has_customers(store, one) for one in (THEN, day(2), NOW)] == [True, False, True]


def test_a_thinned_day_has_no_lists_and_nobody_has_entered_since_it(store: duckdb.DuckDBPyConnection) -> None:
    store.execute(f"DELETE FROM {CUSTOMER_SEGMENTS.address} WHERE as_of_date = '{THEN}'")
    assert (has_customers(store, THEN), has_customers(store, NOW)) == (False, True)


def test_the_key_of_the_settings_is_handed_on_by_the_name_of_its_variable() -> None:
    keyed, plain = (resources_for(Settings(audience_key=key))["published"] for key in (SecretStr(KEY), None))
    assert isinstance(keyed, PublishedFolder)
    assert isinstance(plain, PublishedFolder)
    assert (keyed.audience_key, plain.audience_key) == (dg.EnvVar("RFM_AUDIENCE_KEY"), None)
    assert KEY not in repr(keyed)


PUBLISHING = dg.AssetSelection.groups("publishing")


def test_a_run_over_days_writes_the_lists_of_the_last_and_a_key_appears_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for number, on in enumerate((DAY, NEXT_DAY, THIRD_DAY)):
        land(tmp_path, on, sale(invoice=f"48943{number}", customer_id=f"1308{number}", invoice_date=on))
    monkeypatch.setenv("RFM_AUDIENCE_KEY", KEY)
    folder = PublishedFolder(folder=str(tmp_path / "published"), audience_key=dg.EnvVar("RFM_AUDIENCE_KEY"))
    plugged = resources(tmp_path) | {"published": folder}
    monkeypatch.setattr("rfm_assets_tests.helpers.runs.resources", lambda _: plugged)
    result = run(tmp_path, EVERYTHING.without_checks() | PUBLISHING, DAY, THIRD_DAY, raise_on_error=True)
    assert [path.name for path in (tmp_path / "published" / "audiences").iterdir() if path.is_symlink()] == [THIRD_DAY]
    told = result.asset_materializations_for_node("publishing__audiences")[-1].metadata
    assert (told["as_of_date"].value, told["days_without_lists"].value, told["lists"].value) == (THIRD_DAY, 2, 12)
    assert told["keyed_ids"].value is True
    events = "".join(str(event) for event in result.all_events)
    assert KEY not in repr(folder) + events + "".join(capfd.readouterr())
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]


def test_a_day_before_the_first_customer_has_no_lists(tmp_path: Path) -> None:
    land(tmp_path, DAY, sale(customer_id=""))
    result = run(tmp_path, EVERYTHING.without_checks() | PUBLISHING, DAY, raise_on_error=True)
    assert result.asset_materializations_for_node("publishing__audiences")[0].metadata["lists"].value == 0
    assert not (tmp_path / "published" / "audiences").exists()
