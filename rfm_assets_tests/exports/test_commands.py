"""`rfm land` and `rfm profile` handle the files that public data sets and shop systems produce."""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import Result

from rfm_assets.exports.presets import preset_names
from rfm_assets.settings import settings
from rfm_assets_tests.helpers.runs import rfm

FIRST = date(2016, 1, 4)


pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("empty_folder")]


class Sale:
    """A line of a small shop: 60 lines of 30 orders, 7 customers, 6 products sold in up to 4 quantities."""

    def __init__(self, number: int) -> None:
        self.order = number // 2
        self.day = FIRST + timedelta(days=self.order)
        self.customer = self.order % 7
        self.product = number % 6
        self.quantity = 1 + number // 6 % 4
        self.price = 5 + self.product
        self.total = self.price * self.quantity


SALES = [Sale(number) for number in range(60)]
TOTAL = sum(sale.total for sale in SALES)
CUSTOMERS, ORDERS = 7, 30


def write(name: str, header: str, row: Callable[[Sale], Sequence[object]], *, encoding: str = "utf-8") -> str:
    delimiter = next((one for one in (";", "\t") if one in header), ",")
    lines = [header, *(delimiter.join(map(str, row(sale))) for sale in SALES)]
    Path(name).write_text("\n".join(line for line in lines if line) + "\n", encoding=encoding)
    return name


def mdy(day: date) -> str:
    return f"{day.month}/{day.day}/{day.year}"


KNOWN: dict[str, tuple[str, Callable[[Sale], Sequence[object]]]] = {
    "superstore.csv": (
        "Row ID,Order ID,Order Date,Ship Date,Customer ID,Country,Product ID,Sales,Quantity,Discount,Profit",
        lambda s: (
            1,
            f"CA-2016-{s.order}",
            mdy(s.day),
            mdy(s.day),
            f"CG-{s.customer}",
            "Perú",
            s.product,
            s.total,
            s.quantity,
            0,
            1,
        ),
    ),
    "order_rows.tsv": (
        "order_id\torder_date\tcustomer_email\tsku\tqty\tunit_price",
        lambda s: (
            s.order,
            f"{s.day}T10:00:00Z",
            f"c{s.customer}@example.com",
            s.product,
            s.quantity,
            f"${s.price}.00",
        ),
    ),
    "like_online_retail.csv": (
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
        lambda s: (f"INV-{s.order}", f"SKU{s.product}", "x", s.quantity, s.day, s.price, s.customer, "UK"),
    ),
    "online_retail.csv": (
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
        lambda s: (
            536365 + s.order,
            f"8512{s.product}A",
            "x",
            s.quantity,
            f"{mdy(s.day)} 8:26",
            s.price,
            f"{s.customer}.0",
            "UK",
        ),
    ),
    "cdnow.txt": ("", lambda s: (f" 0{s.customer}  {s.day:%Y%m%d}  {s.quantity}   {s.total}.00",)),
}


@pytest.mark.parametrize(
    ("name", "preset"),
    [
        ("superstore.csv", "own"),
        ("order_rows.tsv", "own"),
        ("like_online_retail.csv", "own"),
        ("online_retail.csv", "online-retail-1"),
        ("cdnow.txt", "cdnow"),
    ],
)
def test_a_file_lands_at_once_by_the_preset_that_knows_its_headers_or_by_a_draft(name: str, preset: str) -> None:
    write(name, *KNOWN[name], encoding="windows-1252")
    landed = rfm("land", name)
    assert landed.exit_code == 0, landed.output
    assert f"profile  {preset}, " in landed.output
    assert_right(landed)
    if preset != "online-retail-1":  # today's rules need no word in the shop file
        named = "data/landing.profile.toml" if preset == "own" else preset
        assert f'[source]\nprofile = "{named}"' in landed.output


DRAFTED: dict[str, tuple[str, Callable[[Sale], Sequence[object]]]] = {
    "no_order_number.csv": ("customer_id,trans_date,tran_amount", lambda s: (s.customer, f"{s.day:%d-%b-%y}", s.total)),
    "deutsch.csv": (
        "Bestellnummer;Bestelldatum;Kundennummer;Artikelnummer;Menge;Einzelpreis",
        lambda s: (s.order, f"{s.day:%d.%m.%Y}", s.customer, s.product, s.quantity, f"{s.price},00 €"),
    ),
    "price_of_the_line.csv": (
        "invoice_no,customer_id,category,quantity,price,invoice_date",
        lambda s: (f"I{s.order}", s.customer, s.product, s.quantity, s.total, mdy(s.day)),
    ),
    "header_of_two_lines.csv": (
        'customer_id,trans_date,"tran\n""amount"""',
        lambda s: (s.customer, f"{s.day:%d-%b-%y}", s.total),
    ),
    "amount_counts_units.csv": (
        "TRANSACTION_DT,CUSTOMER_ID,PRODUCT_ID,AMOUNT,SALES_PRICE",
        lambda s: (mdy(s.day), s.customer, s.product, s.quantity, s.total),
    ),
}


@pytest.mark.parametrize("name", sorted(DRAFTED))
def test_any_other_file_lands_at_once_and_by_the_profile_that_is_drafted_to_check(name: str) -> None:
    write(name, *DRAFTED[name])
    drafted = rfm("profile", "new", name)
    assert drafted.exit_code == 0, drafted.output
    Path("my.toml").write_text(drafted.stdout, encoding="utf-8")
    checked = rfm("profile", "check", name, "--profile", "my.toml")
    assert checked.exit_code == 0, checked.output
    assert not Path("data/landing").exists()
    landed = rfm("land", name)
    assert_right(landed)
    assert Path("data/landing.profile.toml").read_text() == drafted.stdout
    again = rfm("land", name, "--profile", "my.toml")
    assert 'profile = "my.toml"' in again.output
    assert "0 daily files written, 0 removed" in again.output


def assert_right(landed: Result) -> None:
    """All orders, amounts and customers are complete."""
    assert landed.exit_code == 0, landed.output
    assert f"{ORDERS} orders, {FIRST} to {FIRST + timedelta(days=ORDERS - 1)}, {TOTAL}.00 in all" in landed.output
    files = sorted(Path("data/landing").iterdir())
    assert len(files) == ORDERS
    assert len({line.split(",")[5] for path in files for line in path.read_text().splitlines()[1:]}) == CUSTOMERS


@pytest.mark.parametrize(
    ("header", "row", "said"),
    [
        (
            "order_id,user_id,eval_set,order_number,order_dow,days_since_prior_order",
            lambda s: (s.order, s.customer, "prior", 1, 3, 15.0),
            "RFM needs the order's date and an amount of money, and no column was recognized as that",
        ),
        (
            "Invoice ID,Customer type,Product line,Unit price,Quantity,Total,Date",
            lambda s: (s.order, "Member", s.product, s.price, s.quantity, s.total, mdy(s.day)),
            "RFM needs the customer, and no column was recognized as that",
        ),
        (
            "Member_number,Date,itemDescription",
            lambda s: (s.customer, s.day, s.product),
            "RFM needs an amount of money",
        ),
        (
            "amazon-order-id,purchase-date,order-status,sku,quantity,currency,item-price",
            lambda s: (s.order, s.day, "Shipped", s.product, s.quantity, "USD", s.total),
            "Amazon's All Orders report names none: take the Order Report",
        ),
    ],
)
def test_a_file_without_what_rfm_needs_is_refused_with_what_it_lacks(
    header: str, row: Callable[[Sale], Sequence[object]], said: str
) -> None:
    name = write("a.csv", header.replace(",", "\t") if "amazon" in header else header, row)
    for command in (("land", name), ("profile", "check", name)):
        refused = rfm(*command)
        assert (refused.exit_code, said in refused.output) == (1, True), refused.output
    assert not Path("data/landing").exists()


def test_a_status_that_nobody_knows_stops_the_landing() -> None:
    write(
        "a.csv",
        "Order ID,Order Date,Customer ID,Amount,Status",
        lambda s: (s.order, s.day, s.customer, s.total, "Cancelled" if s.order % 2 else "quarantined"),
    )
    refused = rfm("land", "a.csv")
    assert 'unknown whether "quarantined" in Status is a sale' in refused.output


def test_cancelled_orders_are_left_out_and_counted() -> None:
    write(
        "a.csv",
        "Order ID,Order Date,Customer ID,Amount,Status",
        lambda s: (s.order, s.day, s.customer, s.total, "Cancelled" if s.order % 2 else "Completed"),
    )
    landed = rfm("land", "a.csv")
    assert "60 records = 30 written + 30 left out; 15 orders" in landed.output
    assert "left out: 30 status cancelled" in landed.output


def test_a_check_shows_what_would_be_read_and_writes_nothing() -> None:
    write("superstore.csv", *KNOWN["superstore.csv"])
    checked = rfm("profile", "check", "superstore.csv")
    assert checked.exit_code == 0, checked.output
    assert re.search(r"  amount +Sales\n", checked.output)
    assert "not used  Row ID, Ship Date, Discount, Profit" in checked.output
    assert len(re.findall(r"^  CA-2016-", checked.output, re.MULTILINE)) == 20
    assert sorted(path.name for path in Path().iterdir()) == ["superstore.csv"]


def test_the_shop_file_names_the_profile_and_the_exports_lie_where_the_setting_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path("exports").mkdir()
    write("exports/a.csv", *KNOWN["superstore.csv"])
    Path("rfm.toml").write_text('[source]\nprofile = "generic"\n', encoding="utf-8")
    monkeypatch.setenv("RFM_EXPORTS", "exports")
    settings.cache_clear()
    landed = rfm("land", "--to", "zone")
    assert "profile  generic, of the shop file" in landed.output
    assert "add this to" not in landed.output
    assert len(list(Path("zone").iterdir())) == ORDERS


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "name a file or a folder of exports, put them into data/exports, or set RFM_EXPORTS"),
        (["nowhere.csv"], "there is no nowhere.csv"),
        ([".", "--to", "zone"], "the landing folder zone is inside .: daily files would be taken for exports"),
        (["a.csv", "--to", "."], "is inside the landing folder .: an export named by a day would be loaded as it is"),
        (["zone/exports", "--to", "zone"], "is inside the landing folder zone: an export named by a day"),
        (["a.csv", "--profile", "shopfy"], 'there is no preset "shopfy"'),
        (["a.csv", "--profile", "none.toml"], "there is no profile none.toml"),
        (["a.csv", "--forget", "b.csv"], "there is no export b.csv"),
    ],
)
def test_a_command_that_cannot_be_followed_says_why(arguments: list[str], said: str) -> None:
    write("a.csv", *KNOWN["superstore.csv"])
    Path("zone/exports").mkdir(parents=True)
    write("zone/exports/2025-01-01.csv", *KNOWN["superstore.csv"])
    refused = rfm("land", *arguments)
    assert (refused.exit_code, said in refused.output) == (1, True), refused.output


def test_presets_are_listed_and_shown() -> None:
    listed = rfm("profile", "list").output
    for name in preset_names():
        assert name in listed
        assert "[source.order" in rfm("profile", "show", name).output
