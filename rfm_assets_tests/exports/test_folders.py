"""A folder is read by the profile that fits most of its files; every other file is named with the reason."""

import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from rfm_assets_tests.helpers.runs import rfm

FIRST = date(2026, 1, 5)
PLAIN = "Order ID,Order Date,Customer ID,Amount"
SHOPIFY = "Name,Email,Financial Status,Currency,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku"
CUSTOMERS = "Customer ID,Name,Email,Total Spent\n" + "7,Ann,ann@example.com,120.00\n" * 300

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("empty_folder")]


def plain(first: int = 0) -> str:
    days = ((n, FIRST + timedelta(days=n)) for n in range(first, first + 20))
    return "\n".join([PLAIN, *(f"{n},{day},c{n % 5},{10 + n}.00" for n, day in days)]) + "\n"


def shopify(first: int = 0) -> str:
    days = ((n, FIRST + timedelta(days=n)) for n in range(first, first + 20))
    rows = (f"#{n},c{n % 5}@example.com,paid,EUR,{day} 10:00:00 +0100,1,Mug,{10 + n}.00,MUG" for n, day in days)
    return "\n".join([SHOPIFY, *rows]) + "\n"


def folder(**texts: str) -> None:
    """A folder of exports, each an hour newer than the one before."""
    Path("exports").mkdir()
    for hour, (name, text) in enumerate(texts.items()):
        path = Path("exports", name.replace("__", "."))
        path.write_text(text, encoding="utf-8")
        os.utime(path, (1_700_000_000 + 3600 * hour,) * 2)


@pytest.mark.parametrize(("orders", "profile"), [(plain, "own, drafted from"), (shopify, "shopify, 9 headers fit")])
def test_the_newest_file_does_not_decide_how_the_others_are_read(orders: type[str], profile: str) -> None:
    folder(a__csv=orders(0), b__csv=orders(20), customers__csv=CUSTOMERS, notes__pdf="%PDF-1.7")
    landed = rfm("land", "exports")
    assert f"profile  {profile}" in landed.output, landed.output
    assert ", for 2 of 3 files" in landed.output
    assert "40 daily files written" in landed.output
    assert "skipped, not tables: notes.pdf" in landed.output
    assert landed.exit_code == 1
    assert "1 export was not landed: customers.csv lacks what the profile " in landed.output


def test_a_preset_reads_its_one_file_beside_one_of_another_shape() -> None:
    folder(orders__csv=shopify(), customers__csv=CUSTOMERS)
    assert "profile  shopify, 9 headers fit, for 1 of 2 files" in rfm("land", "exports").output


def test_a_larger_list_of_customers_with_a_date_is_not_taken_for_the_orders_beside_it() -> None:
    rows = (f"{n},{FIRST + timedelta(days=n % 90)},{n}.50" for n in range(600))
    folder(orders__csv=plain(), customers__csv="\n".join(["Customer ID,Last Order Date,Total Spent", *rows]))
    landed = rfm("land", "exports")
    assert "drafted from orders.csv, for 1 of 2 files" in landed.output, landed.output


def test_a_damaged_newest_export_does_not_stand_for_its_preset() -> None:
    folder(a__csv=shopify(), b__csv=shopify(20) + '#40,"never closed')
    landed = rfm("land", "exports")
    assert "profile  shopify" in landed.output, landed.output
    assert "1 export was not landed: b.csv: a quote in record 21 is never closed" in landed.output
    assert "20 daily files written" in landed.output


def test_a_check_names_every_odd_file_and_shows_the_others() -> None:
    folder(a__csv=plain(), customers__csv=CUSTOMERS, empty__csv="", z__csv=plain(20), notes__pdf="%PDF-1.7")
    checked = rfm("profile", "check", "exports")
    assert checked.exit_code == 1
    for said in (
        "a.csv: 20 records = 20 written",
        "z.csv: 20 records = 20 written",
        "customers.csv lacks what the profile own needs",
        "empty.csv is empty",
        "skipped, not tables: notes.pdf",
    ):
        assert said in checked.output, checked.output


def test_a_draft_is_of_what_most_files_are() -> None:
    folder(a__csv=plain(), b__csv=plain(20), customers__csv=CUSTOMERS)
    drafted = rfm("profile", "new", "exports")
    assert drafted.exit_code == 0, drafted.output
    assert "# Drafted from b.csv: 20 records" in drafted.output


def test_a_saved_profile_holds_while_a_file_that_it_reads_is_there() -> None:
    folder(a__csv=plain())
    rfm("land", "exports")
    Path("exports/customers.csv").write_text(CUSTOMERS)
    landed = rfm("land", "exports")
    assert "profile  own, saved in data/landing.profile.toml" in landed.output, landed.output
    assert "Error: customers.csv lacks what the profile own needs" in landed.output


def test_the_headers_of_a_large_file_are_found_without_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    folder(a__csv=shopify() + "".join(f"#{n},c@example.com,,,,1,Täßchen,1.00,C\n" for n in range(30, 60)))
    monkeypatch.setattr("rfm_assets.exports.unpacked._BEGINNING", 500)
    assert "20 daily files written" in rfm("land", "exports").output
