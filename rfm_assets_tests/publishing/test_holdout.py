"""The holdout follows from key and campaign, is the same on every list, and its record names nobody."""

import csv
import hashlib
import hmac
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from rfm_assets.contracts.gold import CUSTOMER_SEGMENTS
from rfm_assets.errors import PublishedError
from rfm_assets.publishing.audience_files import publish_audiences, remove_all_audiences
from rfm_assets.publishing.audiences import Audiences
from rfm_assets.publishing.holdout import Holdout, holdout_in_force, recorded_holdouts
from rfm_assets_tests.helpers.plain import new_database, put
from rfm_assets_tests.publishing.test_audiences import AT_RISK, KEY, NOW, THEN, VIP, customer, read, read_parquet

pytestmark = pytest.mark.slow

HOLDOUT_KEY = "a key that draws and is never seen"
TENTH = Holdout("spring", Decimal("0.1"), HOLDOUT_KEY)
CUSTOMERS = 2_000


@pytest.fixture
def store() -> Iterator[duckdb.DuckDBPyConnection]:
    """Everybody was a VIP, and every second customer is now at risk."""
    with new_database() as database:
        names = [f"{number:05}" for number in range(CUSTOMERS)]
        put(database, CUSTOMER_SEGMENTS, *(customer(name, VIP, on=THEN) for name in names))
        put(database, CUSTOMER_SEGMENTS, *(customer(name, (VIP, AT_RISK)[n % 2]) for n, name in enumerate(names)))
        yield database


def held_out(lists: Audiences) -> dict[str, str]:
    rows = csv.DictReader(b"".join(lists.members_csv([VIP, AT_RISK], "CustomerID")).decode().splitlines())
    return {row["CustomerID"]: row["Holdout"] for row in rows}


def expected(name: str, holdout: Holdout = TENTH) -> str:
    text = f"{holdout.campaign}\n{name}"
    drawn = hmac.new(holdout.key.encode(), text.encode(), hashlib.sha256).hexdigest()[:8]
    return str(int(drawn, 16) < int(holdout.share * 2**32)).lower()


def test_the_holdout_is_the_last_column_of_a_download_whatever_is_beside_customers(
    store: duckdb.DuckDBPyConnection,
) -> None:
    lists = Audiences(store, NOW, key=KEY, holdout=TENTH)
    beside = "SELECT '00000' AS CustomerID, 7 AS Days_Overdue"
    header, first, second, *_ = (
        b"".join(lists.members_csv([VIP, AT_RISK], "Days_Overdue", beside)).decode("utf-8-sig").splitlines()
    )
    assert header.split(",")[-2:] == ["Days_Overdue", "Holdout"]
    assert [line.split(",")[-2] for line in (first, second)] == ["7", ""]


@pytest.mark.parametrize("key", ["", KEY])
def test_who_is_held_out_follows_from_key_campaign_and_customer(store: duckdb.DuckDBPyConnection, key: str) -> None:
    shown = {
        name: hmac.new(key.encode(), name.encode(), hashlib.sha256).hexdigest() if key else name
        for name in (f"{number:05}" for number in range(CUSTOMERS))
    }
    found = held_out(Audiences(store, NOW, key=key, holdout=TENTH))
    assert found == {shown[name]: expected(name) for name in shown}
    assert 0.08 < list(found.values()).count("true") / CUSTOMERS < 0.12


def test_another_campaign_or_key_draws_others_and_a_larger_share_keeps_those_of_a_smaller_one(
    store: duckdb.DuckDBPyConnection,
) -> None:
    def drawn(holdout: Holdout) -> set[str]:
        return {name for name, said in held_out(Audiences(store, NOW, holdout=holdout)).items() if said == "true"}

    spring = drawn(TENTH)
    for other in (Holdout("autumn", TENTH.share, HOLDOUT_KEY), Holdout("spring", TENTH.share, KEY)):
        assert len(drawn(other) & spring) < len(spring) / 4
    assert spring < drawn(Holdout("spring", Decimal("0.2"), HOLDOUT_KEY))


def test_every_file_has_the_column_and_a_customer_is_held_out_of_all_of_them(
    store: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    folder = publish_audiences(Audiences(store, NOW, THEN, holdout=TENTH), tmp_path)
    names = ("high-value-at-risk", "high-value-at-risk_entered", "high-value-active-engaged_left")
    for name in names:
        rows = read(folder, name)
        assert len(rows) == CUSTOMERS / 2
        assert {row["CustomerID"]: row["Holdout"] for row in rows} == {
            row["CustomerID"]: expected(row["CustomerID"]) for row in rows
        }
        assert [str(row[-1]).lower() for row in read_parquet(folder, name)] == [row["Holdout"] for row in rows]
    told = json.loads((folder / "manifest.json").read_text())["holdout"]
    assert (told["campaign"], told["share"]) == ("spring", "0.1")
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and HOLDOUT_KEY.encode() in path.read_bytes()]


def test_by_default_files_have_no_such_column_and_nothing_is_recorded(
    store: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    folder = publish_audiences(Audiences(store, NOW, holdout=holdout_in_force()), tmp_path)
    assert "Holdout" not in read(folder, "high-value-at-risk")[0]
    assert "holdout" not in json.loads((folder / "manifest.json").read_text())
    assert {path.name[:10] for path in (tmp_path / "audiences").iterdir()} == {str(NOW)}


def test_the_record_has_each_day_s_holdout_and_outlives_the_lists(
    store: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    later = Holdout("autumn", Decimal("0.25"), HOLDOUT_KEY)
    publish_audiences(Audiences(store, NOW, holdout=later), tmp_path)
    publish_audiences(Audiences(store, THEN, holdout=TENTH), tmp_path)
    remove_all_audiences(tmp_path)
    assert recorded_holdouts(tmp_path, HOLDOUT_KEY) == {THEN: TENTH, NOW: later}
    assert list(recorded_holdouts(tmp_path, HOLDOUT_KEY)) == [THEN, NOW]
    assert recorded_holdouts(tmp_path, KEY) == {}
    publish_audiences(Audiences(store, NOW), tmp_path)
    assert recorded_holdouts(tmp_path, HOLDOUT_KEY) == {THEN: TENTH}


def test_a_record_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    assert recorded_holdouts(tmp_path, HOLDOUT_KEY) == {}
    (tmp_path / "audiences").mkdir()
    (tmp_path / "audiences" / "holdouts.json").write_text("{")
    with pytest.raises(PublishedError, match=r"cannot read .*holdouts.json.*restore it, or remove it"):
        recorded_holdouts(tmp_path, HOLDOUT_KEY)
