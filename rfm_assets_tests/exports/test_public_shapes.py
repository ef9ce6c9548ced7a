"""`rfm land FILE` alone lands the formats of public data sets and of systems without a preset."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result

from rfm_assets.settings import settings
from rfm_assets_tests.helpers.runs import rfm

pytestmark = pytest.mark.slow

FIRST = date(2024, 1, 5)
LINES, ORDERS, CUSTOMERS = 60, 30, 7


@pytest.fixture(autouse=True)
def _machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty working directory, without settings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RFM_MEMORY_LIMIT", "256MB")
    settings.cache_clear()


@dataclass(frozen=True)
class Sale:
    """A line: two per order, one order a day, seven customers, six products in up to four quantities."""

    number: int

    @property
    def order(self) -> int:
        return 1001 + self.number // 2

    @property
    def day(self) -> date:
        return FIRST + timedelta(days=self.number // 2)

    @property
    def epoch(self) -> int:
        return int(datetime(self.day.year, self.day.month, self.day.day, 12, tzinfo=UTC).timestamp())

    @property
    def excel(self) -> int:
        return (self.day - date(1899, 12, 30)).days

    @property
    def customer(self) -> int:
        return self.order % 7

    @property
    def product(self) -> int:
        return self.number % 6

    @property
    def units(self) -> int:
        return 1 + self.number // 6 % 4

    @property
    def price(self) -> int:
        return 1005 + self.product

    @property
    def total(self) -> int:
        return self.price * self.units

    @property
    def order_total(self) -> int:
        return sum(Sale(one).total for one in (self.number // 2 * 2, self.number // 2 * 2 + 1))


SALES = [Sale(number) for number in range(LINES)]
TOTAL = sum(sale.total for sale in SALES)
Row = Callable[[Sale], str]


def mdy(day: date, sep: str = "/") -> str:
    return f"{day.month}{sep}{day.day}{sep}{day.year}"


def money(value: int) -> str:
    return f"{value:,}.00"


LANDS: dict[str, tuple[str, Row]] = {
    "istanbul_malls": (
        "invoice_no,customer_id,gender,age,category,quantity,price,payment_method,invoice_date,shopping_mall",
        lambda s: f"I{s.order},C{s.customer},Female,28,Cat{s.product},{s.units},{s.total},Cash,{s.day:%d/%m/%Y},Kanyon",
    ),
    "bank_transactions": (
        (
            "TransactionID,CustomerID,CustomerDOB,CustGender,CustAccountBalance,TransactionDate,TransactionTime,"
            "TransactionAmount (INR)"
        ),
        lambda s: f"T{s.order},C{s.customer},10/1/94,F,17819.05,{s.day.day}/{s.day.month}/24,143207,{s.total}",
    ),
    "thelook_order_items": (
        "id,order_id,user_id,product_id,inventory_item_id,status,created_at,shipped_at,sale_price",
        lambda s: (
            f"{s.number},{s.order},{s.customer},{s.product},{s.number},Complete,{s.day} 10:20:30+00:00,,{s.total}"
        ),
    ),
    "adventure_works": (
        (
            "ProductKey,OrderDateKey,DueDateKey,CustomerKey,SalesOrderNumber,OrderQuantity,UnitPrice,SalesAmount,TaxAmt,"
            "OrderDate"
        ),
        lambda s: (
            f"{s.product},1,2,{s.customer},SO{s.order},{s.units},{s.price},{s.total}.0000,1,{mdy(s.day)} 12:00:00 AM"
        ),
    ),
    "chinook_invoice": (
        "InvoiceId,CustomerId,InvoiceDate,BillingCity,BillingState,BillingCountry,Total",
        lambda s: f"{s.number + 1},{s.customer},{s.day} 00:00:00,Berlin,BE,Germany,{s.total}",
    ),
    "dataco": (
        (
            "Type,Days for shipping (real),Customer Country,Customer Email,Customer Id,Market,Order Id,"
            "order date (DateOrders),Order Item Quantity,Sales,Order Item Total,Order State,Order Status,Product Name"
        ),
        lambda s: (
            f"DEBIT,3,EE. UU.,XXX,{s.customer},LATAM,{s.order},{mdy(s.day)} 22:56,{s.units},{s.total},{s.total},"
            f"Java,{'SUSPECTED_FRAUD' if s.number > 70 else 'COMPLETE'},P{s.product}"
        ),
    ),
    "marketing_insights": (
        (
            "CustomerID,Transaction_ID,Transaction_Date,Product_SKU,Product_Category,Quantity,Avg_Price,Delivery_Charges,"
            "Coupon_Status"
        ),
        lambda s: f"{s.customer},{s.order},{mdy(s.day)},GG{s.product},Nest,{s.units},{s.price},6.5,Used",
    ),
    "sort_of_real": (
        "SHOP_WEEK,SHOP_DATE,SHOP_WEEKDAY,SHOP_HOUR,QUANTITY,SPEND,PROD_CODE,CUST_CODE,BASKET_ID,STORE_CODE",
        lambda s: f"202401,{s.day:%Y%m%d},2,14,{s.units},{s.total},PRD{s.product},CUST{s.customer},{s.order},ST1",
    ),
    "market_basket": (
        "BillNo;Itemname;Quantity;Date;Price;CustomerID;Country",
        lambda s: f"{s.order};Item {s.product};{s.units};{s.day:%d.%m.%Y} 08:26;{s.price},00;{s.customer};UK",
    ),
    "customer_data": (
        (
            "Customer ID,Purchase Date,Product Category,Product Price,Quantity,Total Purchase Amount,Payment Method,"
            "Returns,Customer Name"
        ),
        lambda s: f"{s.customer},{s.day} 09:16:00,Home,{s.price},{s.units},{s.total},PayPal,0.0,N{s.customer}",
    ),
    "sakila_payment": (
        "payment_id\tcustomer_id\tstaff_id\trental_id\tamount\tpayment_date",
        lambda s: f"{s.number}\t{s.customer}\t1\t5\t{s.total}\t{s.day} 11:30:37.000",
    ),
    "etsy_items": (
        (
            "Sale Date,Item Name,Buyer,Quantity,Price,Discount Amount,Order Shipping,Item Total,Currency,"
            "Transaction ID,Date Paid,Ship Name,Order ID,Order Type,SKU"
        ),
        lambda s: (
            f"{s.day:%m/%d/%y},Mug,b{s.customer},{s.units},{s.price},0,4,{s.total},EUR,{s.number},"
            f"{s.day:%m/%d/%Y},N,{s.order},online,M{s.product}"
        ),
    ),
    "etsy_orders": (
        "Sale Date,Order ID,Buyer User ID,Full Name,Number of Items,Payment Method,Order Value,Status,SKU",
        lambda s: f"{s.day:%m/%d/%y},{s.number},b{s.customer},N,1,CC,{s.total},,",
    ),
    "ebay_orders": (
        "Sales Record Number,Order Number,Buyer Username,Item Title,Quantity,Sold For,Sale Date",
        lambda s: f'{s.number},{s.order},b{s.customer},P{s.product},{s.units},"${money(s.price)}",{s.day:%b-%d-%y}',
    ),
    "opencart": (
        "Order ID,Customer,Status,Total,Date Added,Date Modified",
        lambda s: f'{s.number},N{s.customer},Complete,"${money(s.total)}",{s.day},{s.day}',
    ),
    "prestashop": (
        "ID;Référence;Nouveau client;Livraison;Client;Total;Paiement;État;Date",
        lambda s: (
            f"{s.number};R{s.number};0;France;N. Client{s.customer};{s.total},00 €;CB;Paiement accepté;{s.day} 09:59:00"
        ),
    ),
    "loyverse_receipts": (
        "Date,Receipt number,Receipt type,SKU,Item,Quantity,Gross sales,Discounts,Net sales,Customer name,Status",
        lambda s: (
            f"{mdy(s.day)} 10:12,1-{s.order},{'Refund' if s.number > 70 else 'Sale'},{s.product},Tea,{s.units},"
            f"{s.total},0,{s.total},N{s.customer},Closed"
        ),
    ),
    "clover_orders": (
        "Order Date,Order ID,Order Employee Name,Order Total,Customer ID,Payment State",
        lambda s: f"{s.day:%d-%b-%Y} 10:20 AM PST,{s.number},Bob,${money(s.total)},C{s.customer},Paid".replace(
            f"${money(s.total)}", f'"${money(s.total)}"'
        ),
    ),
    "units_in_headers": (
        "Order No.,Order Date,Client ID,Qty (pcs),Price (USD),Total Price ($)",
        lambda s: f'{s.order},"{s.day:%b} {s.day.day}, {s.day.year}",{s.customer},{s.units} pcs,{s.price},{s.total}',
    ),
    "rupees": (
        "Order ID,Date,Customer,Amount",
        lambda s: f'{s.order},{s.day.day}-{s.day:%b-%y},{s.customer},"Rs. {money(s.total)}"',
    ),
    "kroner": (
        "Ordrenummer;Dato;Kundenummer;Sum",
        lambda s: f"{s.order};{s.day:%d.%m.%Y};{s.customer};{s.total:_} kr".replace("_", " "),
    ),
    "iso_zulu": (
        "order_id,created_at,customer_id,total",
        lambda s: f"{s.number},{s.day}T10:00:00.000Z,{s.customer},{s.total}",
    ),
    "epoch_seconds": ("order_id,timestamp,user_id,amount", lambda s: f"{s.order},{s.epoch},{s.customer},{s.total}"),
    "epoch_milliseconds": (
        "order_id,timestamp,user_id,amount",
        lambda s: f"{s.order},{s.epoch}000,{s.customer},{s.total}",
    ),
    "excel_serials": ("Order ID,Order Date,Customer ID,Sales", lambda s: f"{s.order},{s.excel},{s.customer},{s.total}"),
    "year_month_day": (
        "order_id,Year,Month,Day,customer_id,total_amount",
        lambda s: f"{s.order},{s.day.year},{s.day.month},{s.day.day},{s.customer},{s.total}",
    ),
    "year_and_month_name": (
        "order_id,year,month,day,customer_id,total_amount",
        lambda s: f"{s.order},{s.day.year},{s.day:%B},{s.day.day},{s.customer},{s.total}",
    ),
    "title_rows": (
        "Sales by customer detail,,,,\nJanuary - June 2024,,,,\n\nInvoice no,Invoice date,Customer,Qty,Line total",
        lambda s: f"{s.order},{mdy(s.day)},N{s.customer},{s.units},{s.total}",
    ),
    "bom_and_tabs": (
        "\ufeffOrder\tDate\tCustomer\tProduct\tQuantity\tUnit price",
        lambda s: f"{s.order}\t{s.day}\t{s.customer}\t{s.product}\t{s.units}\t{s.price}",
    ),
    "order_total_on_each_line": (
        "order_id,order_date,customer_id,product_id,quantity,order_total",
        lambda s: f"{s.order},{s.day},{s.customer},{s.product},{s.units},{s.order_total}",
    ),
    "ship_date_tells": (
        "Order ID,Order Date,Ship Date,Customer ID,Sales",
        lambda s: (
            f"{s.order},{date(2024, 1 + s.number // 2 % 12, 1 + s.number // 24):%d/%m/%Y},25/0{1 + s.product}/2024,"
            f"{s.customer},{s.total}"
        ),
    ),
    "receipts_that_start_again": (
        "Receipt,Date,Loyalty Card,Amount",
        lambda s: f"{s.number % 2},{s.day},{s.customer},{s.total}",
    ),
}
OF_ONE_LINE = {
    "chinook_invoice",
    "sakila_payment",
    "etsy_orders",
    "opencart",
    "prestashop",
    "clover_orders",
    "iso_zulu",
}


def land(name: str, header: str, row: Row, *, footer: str = "", sales: list[Sale] | None = None) -> Result:
    lines = [header, *map(row, SALES if sales is None else sales), *([footer] if footer else [])]
    Path(name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return rfm("land", name)


@pytest.mark.parametrize("name", sorted(LANDS))
def test_one_command_lands_a_public_shape(name: str) -> None:
    landed = land(f"{name}.csv", *LANDS[name])
    orders = LINES if name in OF_ONE_LINE else ORDERS
    assert landed.exit_code == 0, landed.output
    assert f"; {orders} orders, 2024-0" in landed.output, landed.output
    assert f", {TOTAL}.00 in all" in landed.output, landed.output
    if name != "ship_date_tells":
        assert f"{FIRST} to {FIRST + timedelta(days=ORDERS - 1)}" in landed.output, landed.output
    rows = [line for path in Path("data/landing").iterdir() for line in path.read_text().splitlines()[1:]]
    assert len({row.split(",")[5] for row in rows}) == CUSTOMERS


REFUSED: dict[str, tuple[str, Row, str]] = {
    "shopping_trends": (
        "Customer ID,Age,Gender,Item Purchased,Category,Purchase Amount (USD),Season",
        lambda s: f"{s.customer},55,Male,Blouse,Clothing,{s.total},Winter",
        "RFM needs the order's date",
    ),
    "groceries": (
        "Member_number,Date,itemDescription",
        lambda s: f"{s.customer},{s.day:%d-%m-%Y},whole milk",
        "RFM needs an amount of money",
    ),
    "coffee_shop": (
        "transaction_id,transaction_date,transaction_time,store_id,product_id,transaction_qty,unit_price",
        lambda s: f"{s.order},{mdy(s.day)},7:06:11,5,{s.product},{s.units},{s.price}",
        "RFM needs the customer",
    ),
    "no_header": (
        "",
        lambda s: f"{s.day} 11:40:29 UTC,271972102{s.order},184219525{s.product},1,{s.total}.68,1515915{s.customer}",
        "no header",
    ),
    "spreadsheet": (
        "Order ID,Order Date,Customer ID,Amount",
        lambda s: f"4.05808E+14,{s.day},{s.customer},{s.total}",
        "a spreadsheet has shortened",
    ),
    "all_ambiguous": (
        "Order ID,Order Date,Customer ID,Amount",
        lambda s: f"{s.order},{1 + s.number // 2 % 12}/{1 + s.number // 24}/2024,{s.customer},{s.total}",
        "can be day first or month first",
    ),
    "grouped_by_customer": (
        "Sales by Customer Detail\n\n,Date,Transaction Type,Num,Product/Service,Qty,Sales Price,Amount,Balance",
        lambda s: f",{mdy(s.day)},Invoice,{s.order},P{s.product},{s.units},{s.price},{s.total},1",
        "RFM needs the customer",
    ),
    "several_currencies": (
        "Order ID,Order Date,Customer ID,Amount,Currency",
        lambda s: f"{s.order},{s.day},{s.customer},{s.total},{'USD' if s.number % 2 else 'EUR'}",
        "has several currencies: EUR (30 records), USD (30 records)",
    ),
    "unit_or_line": (
        "Order ID,Order Date,Customer ID,Qty,Price",
        lambda s: f"{s.order},{s.day},{s.customer},{s.units},{1000 * s.units**0.5:.2f}",
        'set is = "unit" or is = "line"',
    ),
}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_public_shape_without_what_rfm_needs_is_refused_in_a_sentence(name: str) -> None:
    header, row, said = REFUSED[name]
    refused = land(f"{name}.csv", header, row)
    assert (refused.exit_code, said in refused.output) == (1, True), refused.output
    assert "Traceback" not in refused.output
    assert not Path("data/landing").exists()


@pytest.mark.parametrize(
    ("status", "written"),
    [
        ("Shipped - Delivered to Buyer", 60),
        ("Shipped - Returned to Seller", 59),
        ("canceled", 59),
        ("PAYMENT_REVIEW", 59),
        ("Annulée", 59),
        ("storniert", 59),
        ("order_refunded", 59),
        (r"\N", 60),
    ],
)
def test_the_words_of_a_status_are_known_in_whatever_form(status: str, written: int) -> None:
    landed = land(
        "a.csv",
        "Order ID,Order Date,Customer ID,Amount,Order Status",
        lambda s: f"{s.number},{s.day},{s.customer},{s.total},{'complete' if s.number else status}",
    )
    assert f"60 records = {written} written + {60 - written} left out" in landed.output, landed.output


@pytest.mark.parametrize(
    "footer",
    ["Total,,,99999", "Grand Total,,,99999", ",,,99999", "Order ID,Order Date,Customer ID,Amount", "TOTAL,,,,"],
)
def test_a_footer_and_a_header_in_the_middle_are_no_order(footer: str) -> None:
    landed = land(
        "a.csv",
        "Order ID,Order Date,Customer ID,Amount",
        lambda s: f"{s.number},{s.day},{s.customer},{s.total}",
        footer=footer,
    )
    assert "61 records = 60 written + 1 left out" in landed.output, landed.output
    assert f"{TOTAL}.00 in all" in landed.output


def test_returned_records_by_a_mark_or_a_kind_are_not_counted_as_sales() -> None:
    landed = land(
        "a.csv",
        "Order ID,Order Date,Customer ID,Amount,Transaction Type,Cancelled",
        lambda s: (
            f"{s.number},{s.day},{s.customer},{s.total},{'Return' if s.number == 1 else 'Sale'},"
            f"{'Yes' if s.number == 2 else 'No'}"
        ),
    )
    assert "left out: 1 cancelled" in landed.output, landed.output
    assert "REFUND-1," in Path(f"data/landing/{FIRST}_orders.csv").read_text()


def test_the_next_export_is_read_by_the_profile_that_was_drafted_first() -> None:
    header = "Order ID,Order Date,Customer ID,Amount"
    land("a.csv", header, lambda s: f"{s.number},{mdy(s.day)},{s.customer},{s.total}")
    saved = Path("data/landing.profile.toml")
    assert 'formats = ["%m-%d-%Y"]' in saved.read_text()
    again = land("b.csv", header, lambda s: f"{s.number},3/4/2024,{s.customer},{s.total}", sales=SALES[:2])
    assert again.exit_code == 0, again.output
    assert f"saved in {saved}" in again.output
    assert Path("data/landing/2024-03-04_orders.csv").exists()


def test_an_export_that_cannot_be_read_is_refused_by_name_and_the_others_land() -> None:
    header = "Order ID,Order Date,Customer ID,Amount"
    Path("exports").mkdir()
    for name, first in (("orders_2024-01-01.csv", 0), ("orders_2024-01-03.csv", 2)):
        rows = [f"{s.number},{s.day},{s.customer},{s.total}" for s in SALES[first : first + 2]]
        Path("exports", name).write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    Path("exports/orders_2024-01-02.csv").write_text(f'{header}\n9,2024-01-02,"1,5\n', encoding="utf-8")
    Path("exports/orders_2024-01-04.csv").write_bytes(b"")
    landed = rfm("land", "exports")
    assert landed.exit_code == 1
    assert "2 exports were not landed: " in landed.output, landed.output
    assert "orders_2024-01-02.csv: a quote in record 1 is never closed" in landed.output
    assert "orders_2024-01-04.csv is empty" in landed.output
    assert len(list(Path("data/landing").iterdir())) == 2
