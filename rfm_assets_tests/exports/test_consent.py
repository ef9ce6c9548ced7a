"""The newest order decides each customer's consent; the opt-out list has exactly those who declined."""

import csv
from pathlib import Path

import pytest

from rfm_assets.exports.presets import read_profile
from rfm_assets_tests.exports.shop import Shop, profile, sale

pytestmark = pytest.mark.slow


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path, profile(customer={"accepts_marketing": {"column": "accepts"}}))


def opted_out(shop: Shop) -> list[str] | None:
    """The customers on the list; None without a list."""
    if not shop.manifests.opted_out.exists():
        return None
    with shop.manifests.opted_out.open(encoding="utf-8", newline="") as file:
        return [row["customer"] for row in csv.DictReader(file)]


def test_the_newest_order_of_a_customer_counts_and_a_blank_says_nothing(shop: Shop) -> None:
    shop.write(
        "a.csv",
        [
            sale("A1", "2026-05-01", customer="was in", accepts="yes"),
            sale("A2", "2026-05-02", customer="was in", accepts=" No "),
            sale("A3", "2026-05-01", customer="was out", accepts="no"),
            sale("A4", "2026-05-02", customer="was out", accepts="yes"),
            sale("A5", "2026-05-01", customer="went silent", accepts="FALSE"),
            sale("A6", "2026-05-02", customer="went silent", accepts=""),
            sale("A7", "2026-05-02", customer="never said", accepts=""),
            sale("A8", "2026-05-02", customer="both, on a day", accepts="yes"),
            sale("A9", "2026-05-02", customer="both, on a day", accepts="no"),
            sale("B1", "2026-05-02", customer="", accepts="no"),
        ],
    )
    shop.land()
    assert opted_out(shop) == ["both, on a day", "was in", "went silent"]


def test_orders_of_all_exports_count_by_their_day_and_the_newer_export_wins_a_tie(shop: Shop) -> None:
    shop.write(
        "late.csv", [sale("A2", "2026-05-09", accepts="no"), sale("A3", "2026-05-09", customer="c2", accepts="no")]
    )
    shop.land()
    shop.write("early.csv", [sale("A1", "2026-05-01", accepts="yes")], hour=2)
    shop.write("again.csv", [sale("A3", "2026-05-09", customer="c2", accepts="yes")], hour=3)
    shop.land()
    assert opted_out(shop) == ["c1"]
    shop.land(forget=["late.csv"])
    assert opted_out(shop) == []


def test_an_export_that_is_gone_keeps_what_it_said_until_it_is_forgotten(shop: Shop) -> None:
    path = shop.write("a.csv", [sale(accepts="no")])
    shop.write("b.csv", [sale("A2", customer="c2")], hour=2)
    shop.land()
    path.unlink()
    shop.land()
    assert opted_out(shop) == ["c1"]
    shop.land(forget=["a.csv"])
    assert opted_out(shop) is None
    assert not list(shop.manifests.folder.glob("*.consent.parquet"))


def test_daily_files_are_the_same_with_and_without(tmp_path: Path, shop: Shop) -> None:
    plain = Shop(tmp_path / "plain")
    for one in (shop, plain):
        one.write("a.csv", [sale(accepts="no"), sale("A2", customer="c2", accepts="yes")])
        one.land()
    assert shop.files() == plain.files()
    assert opted_out(plain) is None
    assert {path.suffix for path in plain.manifests.folder.iterdir()} == {".json", ".parquet", ".txt", ""}


def test_a_profile_may_say_which_words_mean_no(tmp_path: Path) -> None:
    shop = Shop(tmp_path, profile(customer={"accepts_marketing": {"column": "accepts", "no": ["nein"]}}))
    shop.write("a.csv", [sale(accepts="Nein"), sale("A2", customer="c2", accepts="no")])
    shop.land()
    assert opted_out(shop) == ["c1"]


def test_shopify_tells_who_accepts_marketing() -> None:
    consent = read_profile("shopify").customer.accepts_marketing
    assert consent
    assert (consent.column, consent.no) == (("Accepts Marketing",), ("no", "false", "0"))
