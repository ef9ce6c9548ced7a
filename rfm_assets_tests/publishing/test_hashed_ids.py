"""With RFM_PUBLISH_IDS=hashed no published byte has a customer's id, and id kinds are never mixed."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from rfm_assets.contracts.bronze import TRANSACTIONS
from rfm_assets.contracts.silver import REJECTED_TRANSACTIONS
from rfm_assets.definitions import resources_for
from rfm_assets.privacy.customer_ids import CustomerIds
from rfm_assets.publishing import reader
from rfm_assets.publishing.assets import PublishedFolder
from rfm_assets.publishing.audience import Audience
from rfm_assets.publishing.audience_files import publish_audiences
from rfm_assets.publishing.audiences import Audiences
from rfm_assets.publishing.publish import Publication, publish
from rfm_assets.publishing.source import StoredInFile
from rfm_assets.settings import Settings
from rfm_assets_tests.helpers.plain import line, malformed, materialize, put
from rfm_assets_tests.publishing.shops import DAYS, LAST_DAY, Shop, open_shop

pytestmark = pytest.mark.slow

KEY, OTHER_KEY = "a key that nobody may ever see", "another key that nobody may see"
ID = "734190562817355"
AS_DELIVERED, HASHED = CustomerIds(), CustomerIds(KEY)


def hashed(customer: str, key: str = KEY) -> str:
    return hmac.new(key.encode(), customer.encode(), hashlib.sha256).hexdigest()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop with a long customer id: in valid lines, in any field of refused ones, and in a malformed line."""
    with open_shop(tmp_path) as opened:
        put(
            opened.warehouse,
            TRANSACTIONS,
            line(on=LAST_DAY, Invoice="600001", CustomerID=f"{ID}.0"),
            line(on=LAST_DAY, Invoice="600002", CustomerID=f" {ID}", Quantity="0"),
            line(on=LAST_DAY, Invoice="600003", CustomerID="United Kingdom", Price=f"{ID}.0", Country=ID),
            line(on=LAST_DAY, Invoice="600005", Quantity="0", LineAmount=ID, Currency=ID, SourceRecord=f"{ID}.csv 1"),
            line(on=LAST_DAY, Invoice="600004", CustomerID=None, Quantity="0", Description=f"for {ID}"),
        )
        put(opened.warehouse, TRANSACTIONS, malformed(on=LAST_DAY, _rescued_data=f'600005,"MUG, {ID},12'))
        materialize(opened.warehouse, DAYS[0], LAST_DAY)
        yield opened


def publish_with(shop: Shop, ids: CustomerIds) -> Publication:
    publication = publish(StoredInFile(shop.warehouse), shop.published, run_id="a run", ids=ids)
    with reader.published_copy(shop.published) as held:
        publish_audiences(Audiences(held, LAST_DAY, DAYS[0], key=ids.key), shop.published)
    return publication


def files_with(shop: Shop, text: str) -> set[str]:
    """The published files whose bytes contain a text."""
    files = [path for path in shop.published.rglob("*") if path.is_file()]
    return {str(path.relative_to(shop.published)) for path in files if text.encode() in path.read_bytes()}


def customers(shop: Shop, table: str) -> set[object]:
    with reader.published_copy(shop.published) as held:
        return {customer for (customer,) in held.execute(f"SELECT CustomerID FROM {table}").fetchall()}


def test_as_delivered_is_the_default_and_shows_that_the_search_finds_ids(shop: Shop) -> None:
    publish_with(shop, AS_DELIVERED)
    assert {name.partition(".")[2] for name in files_with(shop, ID)} >= {"duckdb"}
    assert customers(shop, "gold.customer_segments") == {"A", "B", ID}


def test_no_published_byte_has_an_id_and_all_tables_and_lists_have_the_same_hashes(shop: Shop) -> None:
    publish_with(shop, HASHED)
    assert files_with(shop, ID) == set()
    assert files_with(shop, KEY) == set()
    expected = {hashed(customer) for customer in ("A", "B", ID)}
    assert customers(shop, "gold.customer_segments") == expected
    assert customers(shop, "silver.invoices") == expected
    assert customers(shop, "meta.customer_products") == expected
    assert hashed(ID) in customers(shop, "silver.rejected_transactions")
    parquet = duckdb.sql(f"SELECT CustomerID FROM '{shop.published}/parquet/gold.customer_segments.parquet'")
    assert {customer for (customer,) in parquet.fetchall()} == expected
    lists = shop.published / "audiences" / str(LAST_DAY)
    listed = duckdb.sql(f"SELECT CustomerID FROM read_parquet('{lists}/*.parquet', union_by_name = true)").fetchall()
    assert {customer for (customer,) in listed} == expected
    assert json.loads((lists / "manifest.json").read_text())["customer_ids"] == "HMAC-SHA256"


def test_of_a_refused_line_the_form_of_its_fields_is_published(shop: Shop) -> None:
    publish_with(shop, HASHED)
    with reader.published_copy(shop.published) as held:
        select = "SELECT Invoice, Description, Quantity, _rescued_data FROM silver.rejected_transactions"
        found = held.execute(f"{select} WHERE processing_date = ? ORDER BY ALL", [LAST_DAY]).fetchall()
    digits = "9" * len(ID)
    assert ("999999", f"aaa {digits}", "9", None) in found
    assert (None, None, None, f'999999,"aaa, {digits},99') in found
    assert (
        len(found)
        == shop.warehouse.execute(
            f"SELECT count(*) FROM {REJECTED_TRANSACTIONS.address} WHERE processing_date = ?", [LAST_DAY]
        ).fetchall()[0][0]
    )


def test_hashes_lie_in_their_own_order_which_tells_nothing_of_the_ids(shop: Shop) -> None:
    publish_with(shop, HASHED)
    with reader.published_copy(shop.published) as held:
        stored = held.execute("SELECT as_of_date, CustomerID FROM gold.customer_segments").fetchall()
    assert stored == sorted(stored)


def test_the_copy_says_what_it_was_made_with_but_not_the_key(shop: Shop) -> None:
    select = "SELECT customer_ids, key_fingerprint FROM meta.published"
    for ids, told in ((AS_DELIVERED, ("as delivered", None)), (HASHED, ("HMAC-SHA256", HASHED.fingerprint))):
        publish_with(shop, ids)
        with reader.published_copy(shop.published) as held:
            assert held.execute(select).fetchall() == [told]
    assert HASHED.fingerprint != CustomerIds(OTHER_KEY).fingerprint
    assert KEY not in repr(HASHED)


@pytest.mark.parametrize(
    ("before", "after"),
    [(AS_DELIVERED, HASHED), (HASHED, AS_DELIVERED), (HASHED, CustomerIds(OTHER_KEY))],
    ids=["hashed", "as delivered again", "another key"],
)
def test_other_ids_have_the_copy_written_from_scratch_and_nothing_of_the_one_before_stays(
    shop: Shop, before: CustomerIds, after: CustomerIds
) -> None:
    def shown(ids: CustomerIds) -> str:
        return hashed("A", ids.key) if ids.key else "A"

    publish_with(shop, before)
    publish_with(shop, before)
    assert publish_with(shop, after).written.from_scratch
    assert customers(shop, "gold.customer_segments") >= {shown(after)}
    if before.key:
        assert {name for name in files_with(shop, hashed(ID, before.key)) if "audiences" not in name} == set()
    if after.key:
        assert files_with(shop, ID) == set()
    assert not publish_with(shop, after).written.from_scratch


def test_lists_of_other_days_that_have_ids_or_hashes_of_another_key_are_removed(shop: Shop) -> None:
    def publish_lists(day: object, key: str) -> None:
        with reader.published_copy(shop.published) as held:
            publish_audiences(Audiences(held, day, key=key), shop.published)  # type: ignore[arg-type]

    publish_with(shop, AS_DELIVERED)
    for day, key in zip(DAYS, ("", OTHER_KEY, KEY), strict=False):
        publish_lists(day, key)
    half_written = shop.published / "audiences" / f"{DAYS[3]}-20260101T000000.000000Z"
    half_written.mkdir()
    (shop.published / "audiences" / "notes").mkdir()
    publish_with(shop, HASHED)
    left = {path.name for path in (shop.published / "audiences").iterdir() if not path.name.startswith(".")}
    assert {name for name in left if len(name) <= len("2025-06-26")} == {str(DAYS[2]), str(LAST_DAY), "notes"}
    assert half_written.name not in left
    assert files_with(shop, ID) == set()


@pytest.mark.parametrize(
    ("key_of_lists", "stay"),
    [("", False), (OTHER_KEY, False), (KEY, True)],
    ids=["no key", "another key", "the same key"],
)
def test_back_to_ids_as_delivered_the_lists_go_that_were_made_otherwise(
    shop: Shop,
    key_of_lists: str,
    stay: bool,  # noqa: FBT001
) -> None:
    publish_with(shop, HASHED)
    now = CustomerIds(key_of_lists)
    publish(StoredInFile(shop.warehouse), shop.published, run_id="r", ids=AS_DELIVERED, ids_of_lists=now)
    assert (shop.published / "audiences" / str(LAST_DAY)).exists() == stay


def test_hashes_of_the_copy_are_not_hashed_again_for_a_list(shop: Shop) -> None:
    publish_with(shop, HASHED)
    everybody = set()
    for key in ("", KEY, OTHER_KEY):
        with reader.published_copy(shop.published) as held:
            lists = Audiences(held, LAST_DAY, key=key)
            assert (lists.is_keyed, lists.fingerprint) == (True, HASHED.fingerprint)
            everybody |= {
                held.execute(one.select()).fetchall()[0][0]
                for one in lists.all()
                if held.execute(one.select()).fetchall()
            }
    assert everybody <= {hashed(customer) for customer in ("A", "B", ID)}
    assert Audience("High Value - At Risk", "members") in lists.all()


def test_a_copy_of_an_older_version_has_ids_as_delivered_and_is_continued(shop: Shop) -> None:
    file = publish_with(shop, AS_DELIVERED).file
    file.chmod(0o640)
    with duckdb.connect(str(file)) as held:
        held.execute("ALTER TABLE meta.published DROP COLUMN key_fingerprint")
        held.execute("ALTER TABLE meta.published DROP COLUMN customer_ids")
    assert not publish_with(shop, AS_DELIVERED).written.from_scratch
    with reader.published_copy(shop.published) as held:
        assert held.execute("SELECT customer_ids FROM meta.published").fetchall() == [("as delivered",)]


def test_the_setting_reaches_what_publishes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RFM_AUDIENCE_KEY", KEY)
    for chosen, ids in (("hashed", HASHED), ("as-delivered", AS_DELIVERED)):
        folder = resources_for(Settings(publish_ids=chosen))["published"]  # type: ignore[arg-type]
        assert isinstance(folder, PublishedFolder)
        assert folder.hashes_ids == (chosen == "hashed")
        resolved = PublishedFolder(folder="f", audience_key=KEY, hashes_ids=folder.hashes_ids)
        assert resolved.ids == ids
