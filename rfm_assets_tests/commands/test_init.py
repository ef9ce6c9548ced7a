"""Holds `rfm init` to a folder that works, that says what the exports say, and that leaves a person's files alone."""

import csv
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from rfm_assets.config.load import shop_file
from rfm_assets.settings import settings
from rfm_assets.starter import usual_days
from rfm_assets_tests.commands.runner import rfm

FIRST = date(2011, 3, 1)
HEADER = ["order_id", "order_date", "customer_id", "sku", "quantity", "unit_price", "currency"]


pytestmark = pytest.mark.usefixtures("empty_folder")


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
    assert "go on with: cd shop && rfm land && rfm refresh" in made.output
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
    Path("shop/rfm.toml").write_text('[shop]\nname = "Mine"\n')
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
    assert (
        "shop/data/exports/orders.csv is there already, with other content: give the new orders.csv another name"
        in (refused.output)
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
    assert shop_file(Path("shop/rfm.toml")).preset == "mine.toml"
    assert Path("shop/mine.toml").read_bytes() == Path("mine.toml").read_bytes()
    refused = rfm("init", "shop", "--from", "orders.csv", "--profile", "shopify")
    assert refused.exit_code == 1
    assert "shop/rfm.toml says profile mine.toml, and is left as it is" in refused.output
    Path("mine.toml").write_text(Path("mine.toml").read_text() + "# changed\n")
    refused = rfm("init", "shop", "--from", "orders.csv", "--profile", "mine.toml")
    assert "shop/mine.toml is there already, with other content: change it there, or remove it" in refused.output


def test_without_exports_the_shop_file_is_there_to_be_filled_in() -> None:
    assert rfm("init", "shop").exit_code == 0
    assert shop_file(Path("shop/rfm.toml")).shop.start_date is None


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
