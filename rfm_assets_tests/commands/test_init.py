"""`rfm init` makes a working folder that reflects the exports and leaves existing files alone."""

import csv
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from rfm_assets.config import in_force
from rfm_assets.config.load import shop_file
from rfm_assets.config.money import money
from rfm_assets.settings import settings
from rfm_assets.starter import usual_days
from rfm_assets_tests.helpers.runs import rfm

FIRST = date(2011, 3, 1)
HEADER = ["order_id", "order_date", "customer_id", "sku", "quantity", "unit_price", "currency"]


pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("empty_folder")]


def export(name: str, *, first: date = FIRST, orders: int = 40, drop: str = "") -> str:
    """An export of plain headers: one order a day."""
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [one for one in HEADER if one != drop], extrasaction="ignore")
        writer.writeheader()
        for n in range(orders):
            row = (n, first + timedelta(days=n), f"c{n % 5}", f"p{n % 3}", 1 + n % 2, f"{5 + n % 3}.00", "EUR")
            writer.writerow(dict(zip(HEADER, row, strict=True)))
    return name


def contents(folder: str) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}


def test_the_shop_file_says_what_the_exports_say(tmp_path: Path) -> None:
    export("old.csv")
    export("new.csv", first=FIRST + timedelta(days=100))
    made = rfm("init", "shop", "--from", "old.csv", "--from", "new.csv")
    assert made.exit_code == 0, made.output
    held = shop_file(tmp_path / "shop" / "rfm.toml")
    assert (held.preset, held.shop.currency, held.shop.start_date) == ("profile.toml", "EUR", FIRST)
    assert "next: cd shop && rfm land && rfm refresh" in made.output
    assert sorted(path.name for path in Path("shop/data/exports").iterdir()) == ["new.csv", "old.csv"]


def test_what_is_copied_lands_in_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    export("orders/2011/orders.csv")
    assert rfm("init", "shop", "--from", "orders").exit_code == 0
    monkeypatch.chdir("shop")
    settings.cache_clear()
    landed = rfm("land")
    assert landed.exit_code == 0, landed.output
    assert "profile  own, of the shop file" in landed.output
    assert "40 daily files written" in landed.output
    assert "start_date" not in landed.output


def test_a_second_time_nothing_changes_that_is_there() -> None:
    export("orders.csv")
    rfm("init", "shop", "--from", "orders.csv")
    Path("shop/rfm.toml").write_text(Path("shop/rfm.toml").read_text().replace("# name", "name"))
    Path("shop/README.md").write_text("mine")
    before = contents("shop")
    again = rfm("init", "shop", "--from", "orders.csv")
    assert again.exit_code == 0, again.output
    assert "nothing to write" in again.output
    assert contents("shop") == before


def test_another_export_of_the_same_name_replaces_none() -> None:
    export("orders.csv")
    rfm("init", "shop", "--from", "orders.csv")
    export("orders.csv", orders=41)
    refused = rfm("init", "shop", "--from", "orders.csv")
    assert refused.exit_code == 1
    assert "shop/data/exports/orders.csv already exists with other content: give the new orders.csv another name" in (
        refused.output
    )


def test_exports_that_cannot_be_read_make_no_folder() -> None:
    refused = rfm("init", "shop", "--from", export("orders.csv", drop="customer_id"))
    assert refused.exit_code == 1
    assert "RFM needs the customer" in refused.output
    assert not Path("shop").exists()


def test_a_profile_of_ones_own_comes_along_and_another_one_later_is_refused() -> None:
    export("orders.csv")
    Path("mine.toml").write_text(rfm("profile", "show", "generic").output)
    made = rfm("init", "shop", "--from", "orders.csv", "--profile", "mine.toml")
    assert made.exit_code == 0, made.output
    own = Path("shop/rfm.toml")
    assert shop_file(own).preset == "mine.toml"
    own.write_text(own.read_text().replace("# name", "name"))
    assert Path("shop/mine.toml").read_bytes() == Path("mine.toml").read_bytes()
    refused = rfm("init", "shop", "--from", "orders.csv", "--profile", "shopify")
    assert refused.exit_code == 1
    assert "shop/rfm.toml says profile mine.toml. It has been edited, so it is left as it is" in refused.output
    assert 'write profile = "shopify" there, or remove the file, and run' in refused.output
    Path("mine.toml").write_text(Path("mine.toml").read_text() + "# changed\n")
    refused = rfm("init", "shop", "--from", "orders.csv", "--profile", "mine.toml")
    assert "shop/mine.toml already exists with other content: change it there, or remove it" in refused.output


def test_without_exports_the_shop_file_is_there_to_be_filled_in() -> None:
    assert rfm("init", "shop").exit_code == 0
    assert shop_file(Path("shop/rfm.toml")).shop.start_date is None
    assert rfm("init", "other", "--currency", "JPY").exit_code == 0
    assert shop_file(Path("other/rfm.toml")).shop.currency == "JPY"
    assert "write an ISO 4217 currency code" in rfm("init", "third", "--currency", "euro").output


def test_a_few_lines_decades_away_are_named_and_make_no_calendar_of_decades() -> None:
    days = Counter({FIRST + timedelta(days=n): 10 for n in range(60)})
    last = max(days)
    assert usual_days(days + Counter({date(1970, 1, 1): 3, date(2099, 1, 1): 2})) == (FIRST, last)
    assert usual_days(days + Counter({date(1970, 1, 1): 30})) == (date(1970, 1, 1), last)
    with Path(export("orders.csv", orders=300)).open("a") as file:
        file.write("X-1,1970-01-01,c1,p1,1,5.00,EUR\nX-2,2025-01-01,c1,p1,1,5.00,EUR\n")
    made = rfm("init", "shop", "--from", "orders.csv")
    assert f"more than a year before all others: 1. The calendar starts on {FIRST}" in made.output
    assert "more than a year after all others: 1. Segments are as of the newest day" in made.output
    assert f"`rfm refresh --to {FIRST + timedelta(days=299)}` leaves them out" in made.output


def test_a_shop_that_closed_for_two_years_keeps_its_first_ones() -> None:
    days = Counter({FIRST: 50, FIRST + timedelta(days=800): 50})
    assert usual_days(days) == (FIRST, max(days))


def test_another_profile_replaces_the_one_that_was_found_while_nobody_has_edited_the_shop_file() -> None:
    export("orders.csv")
    rfm("init", "shop", "--from", "orders.csv")
    Path("mine.toml").write_text(rfm("profile", "show", "generic").output)
    made = rfm("init", "shop", "--from", "orders.csv", "--profile", "mine.toml", "--currency", "USD")
    assert made.exit_code == 1
    assert "orders.csv is in EUR (40 records), and the shop's currency is USD" in made.output
    made = rfm("init", "shop", "--from", "orders.csv", "--profile", "mine.toml")
    assert made.exit_code == 0, made.output
    held = shop_file(Path("shop/rfm.toml"))
    assert (held.preset, held.shop.currency, held.shop.start_date) == ("mine.toml", "EUR", FIRST)
    Path("shop/data/warehouse.duckdb").touch()
    refused = rfm("init", "shop", "--from", "orders.csv", "--profile", "generic")
    assert "shop/rfm.toml says profile mine.toml, and the tables were made with it" in refused.output
    assert "start over: remove the folder (rm -r shop), and run this again" in refused.output


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ('[shop]\nname = "Mine" # ours\n', ["[shop]\n# Added by `rfm init`", 'name = "Mine" # ours\n']),
        ("[rules]\nnot_product = []", ["[rules]\nnot_product = []\n", "[shop]\n# Added"]),
        ('[source]\nprofile = "profile.toml"\n', ['[source]\nprofile = "profile.toml"\n\n[shop]\n# Added']),
    ],
)
def test_a_shop_file_that_lacks_the_first_day_or_the_profile_gets_it_and_keeps_the_rest(
    text: str, kept: list[str]
) -> None:
    export("orders.csv")
    rfm("init", "shop", "--from", "orders.csv")
    Path("shop/rfm.toml").write_text(text)
    made = rfm("init", "shop", "--from", "orders.csv")
    assert made.exit_code == 0, made.output
    assert "shop/rfm.toml: added " in made.output
    held, after = shop_file(Path("shop/rfm.toml")), Path("shop/rfm.toml").read_text()
    assert (held.preset, held.shop.currency, held.shop.start_date) == ("profile.toml", "EUR", FIRST)
    assert all(one in after for one in kept), after
    again = rfm("init", "shop", "--from", "orders.csv")
    assert "nothing to write" in again.output
    assert Path("shop/rfm.toml").read_text() == after


def test_what_cannot_be_added_to_a_shop_file_for_sure_is_named() -> None:
    export("orders.csv")
    rfm("init", "shop", "--from", "orders.csv")
    text = 'shop = { name = "Mine" }\nsource.profile = "profile.toml"\n'
    Path("shop/rfm.toml").write_text(text)
    refused = rfm("init", "shop", "--from", "orders.csv")
    assert refused.exit_code == 1
    assert 'is left as it is: add [shop] currency = "EUR", start_date = 2011-03-01' in refused.output
    assert Path("shop/rfm.toml").read_text() == text


def test_files_that_the_profile_of_the_others_cannot_read_are_named_and_stay_outside() -> None:
    for month in (1, 2):
        export(f"orders/{month}.csv", first=FIRST + timedelta(days=50 * month))
    Path("orders/customers.csv").write_text("Customer ID,Name,Total Spent\n" + "1,A,5\n" * 500)
    Path("orders/manual.pdf").write_bytes(b"%PDF-1.7")
    made = rfm("init", "shop", "--from", "orders")
    assert made.exit_code == 0, made.output
    assert "for 2 of 3 files" in made.output
    assert "left out: customers.csv lacks what the profile own needs: the order's number" in made.output
    assert "skipped, not tables: manual.pdf" in made.output
    assert sorted(path.name for path in Path("shop/data/exports").iterdir()) == ["1.csv", "2.csv"]


def test_a_folder_without_a_table_makes_no_shop() -> None:
    Path("orders").mkdir()
    Path("orders/manual.pdf").write_bytes(b"%PDF-1.7")
    refused = rfm("init", "shop", "--from", "orders")
    assert refused.exit_code == 1
    assert "skipped, not tables: manual.pdf" in refused.output
    assert "there are no exports in orders" in refused.output
    assert not Path("shop").exists()


def test_exports_of_several_currencies_need_the_shops_own_and_lines_in_others_are_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = Path(export("orders.csv")).read_text().splitlines()
    Path("orders.csv").write_text("\n".join([*text[:-10], *(one.replace("EUR", "USD") for one in text[-10:])]))
    refused = rfm("init", "shop", "--from", "orders.csv")
    assert "several currencies: EUR (30 records), USD (10 records)" in refused.output
    assert "`rfm init --currency EUR` or `make demo EXPORT=... CURRENCY=EUR`" in refused.output
    assert not Path("shop").exists()
    made = rfm("init", "shop", "--from", "orders.csv", "--currency", "EUR")
    assert made.exit_code == 0, made.output
    monkeypatch.chdir("shop")
    settings.cache_clear()
    landed = rfm("land")
    assert "10 records in USD, not EUR: the rule valid_currency refuses them" in landed.output, landed.output
    amounts = sum((1 + n % 2) * (5 + n % 3) for n in range(30))
    assert f", {amounts}.00 in all" in landed.output


def test_a_file_in_another_currency_than_the_others_is_not_added_up_with_them() -> None:
    export("orders/a.csv")
    path = Path(export("orders/b.csv", first=FIRST + timedelta(days=50)))
    path.write_text(path.read_text().replace("EUR", "USD"))
    refused = rfm("land", "orders")
    assert "the exports are in several currencies: EUR (such as a.csv), USD (such as b.csv)" in refused.output
    assert not Path("data/landing").exists() or not list(Path("data/landing").iterdir())


def test_amounts_whose_currency_nobody_names_are_plain_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    made = rfm("init", "shop", "--from", export("orders.csv", drop="currency"))
    assert "the exports name no currency, so amounts are plain numbers" in made.output
    monkeypatch.chdir("shop")
    settings.cache_clear()
    monkeypatch.setattr(in_force, "shop", in_force.shop.__wrapped__)  # as a process of its own reads it
    assert money(1234.5) == "1,234.50"


def test_what_was_read_for_the_shop_file_is_not_read_again_for_the_landing(monkeypatch: pytest.MonkeyPatch) -> None:
    export("orders/a.csv")
    export("orders/b.csv", first=FIRST + timedelta(days=50))
    rfm("init", "shop", "--from", "orders")
    rfm("land", "orders", "--to", "zone/landing", "--profile", "shop/profile.toml")
    expected = contents("zone/landing")
    monkeypatch.chdir("shop")
    settings.cache_clear()
    monkeypatch.setattr("rfm_assets.exports.reading.interpret", None)
    landed = rfm("land")
    assert landed.exit_code == 0, landed.output
    assert "a.csv: 40 records = 40 written" in landed.output
    assert "40 daily files written" in landed.output
    assert contents("data/landing") == expected
    assert "0 daily files written" in rfm("land").output
