"""A shop file is enough for a shop with other codes and currencies to get segments; anything unusable is named."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from rfm_assets_tests.helpers import commands
from rfm_assets_tests.helpers.scenario import DAY, HEADER, NEXT_DAY, land, land_bytes, rows, sale

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).parents[2]
SHOP_FILE = """
[shop]
name = "Example"
currency = "JPY"
start_date = 2025-06-26

[rules]
invoice_pattern = '^#[0-9]+$'
cancellation_pattern = '^#[0-9]+-R$'
not_product = ["POST", "(?i)^gift"]
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A shop with orders #1001 and codes SKU036, postage, a gift card and a line in dollars; without a shop file."""
    shutil.copy(PROJECT / "dagster.yaml", tmp_path)
    header = f"{HEADER},Currency"
    order = {"invoice": "#1001", "stock_code": "SKU036", "quantity": "2", "price": "1500"}
    land(
        tmp_path,
        DAY,
        *(f"{sale(**order, customer_id=f'jane{number}@shop.example')}," for number in range(24)),
        f"{sale(invoice='#1002', stock_code='POST', quantity='1', price='500')},JPY",
        f"{sale(invoice='#1003', stock_code='Gift card', quantity='1', price='900')},jpy ",
        f"{sale(invoice='#1004', stock_code='SKU041', quantity='1', price='9')},USD",
        header=header,
    )
    land(
        tmp_path,
        NEXT_DAY,
        f"{sale(**order | {'invoice': '#1005'}, customer_id='jane1@shop.example', invoice_date=NEXT_DAY)},JPY",
        header=header,
    )
    return tmp_path


def rfm(shop: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return commands.rfm(shop, *arguments, **{"RFM_LANDING": "landing", "RFM_WAREHOUSE": "warehouse.duckdb"} | settings)


def test_a_shop_of_other_codes_gets_segments_by_its_shop_file_and_is_told_its_lines_without_one(shop: Path) -> None:
    without = rfm(shop, "refresh", "--to", DAY)
    assert without.returncode == 1
    assert 'valid_invoice_no: 27 of 27 Invoice look like "#9999": too short an invoice number' in without.stdout
    assert 'set invoice_pattern = "^(.{6,7}|[#][0-9]+)$" in [rules] of rfm.toml' in without.stdout

    (shop / "rfm.toml").write_text("[rules]\ninvoice_pattern = '^(.{6,7}|[#][0-9]+)$'\n")
    half = rfm(shop, "refresh", "--to", DAY)
    assert half.returncode == 1
    assert 'product_rule: 25 of 27 StockCode look like "SKU036": not a product' in half.stdout
    assert 'set product_pattern = "^([0-9]{5}[a-zA-Z]*|PADS|[A-Za-z]+[0-9]+)$" in [rules]' in half.stdout

    (shop / "rfm.toml").write_text(SHOP_FILE)
    done = rfm(shop, "refresh")
    assert done.returncode == 0, done.stdout + done.stderr
    assert {"¥69,000", "¥6,000"} <= set(done.stdout.split())
    assert "£" not in done.stdout
    assert "WARN  silver.transactions valid_currency" in done.stdout
    assert '"USD": another currency; deliver amounts in JPY' in done.stdout

    spent = "SELECT CustomerID, Frequency, Monetary FROM gold.customer_rfm WHERE as_of_date = DATE '2025-06-27'"
    found = {customer: (orders, amount) for customer, orders, amount in rows(shop, spent)}
    assert len(found) == 24
    assert found["jane1@shop.example"] == (2, 6000)
    assert found["jane2@shop.example"] == (1, 3000)
    outcomes = (
        "SELECT passed_records, failed_records FROM quality.rule_outcomes WHERE rule = 'valid_currency' ORDER BY 1"
    )
    assert rows(shop, outcomes) == [(1, 0), (26, 1)]
    manifest = json.loads((shop / "data/published/audiences" / NEXT_DAY / "manifest.json").read_text())
    assert manifest["currency"] == "JPY"


def test_segments_of_net_money_leave_out_what_was_sent_back(tmp_path: Path) -> None:
    shutil.copy(PROJECT / "dagster.yaml", tmp_path)
    (tmp_path / "rfm.toml").write_text('[segments]\nmonetary = "net"\n')
    lines = [sale(invoice=f"50000{n}", customer_id=who, price="1.00") for n, who in enumerate("ABCD")]
    sent_back = [
        sale(invoice="C50000", customer_id=who, quantity=units, price="1.00")
        for who, units in (("A", "-12"), ("B", "-2"), ("C", "-13"))
    ]
    land(tmp_path, DAY, *lines, sale(invoice="500009", customer_id="E", stock_code="POST", price="1.00"), *sent_back)
    done = rfm(tmp_path, "refresh")
    assert done.returncode == 0, done.stdout + done.stderr
    kept = "SELECT CustomerID, Frequency, Monetary, value_tier FROM gold.customer_segments ORDER BY 1"
    assert rows(tmp_path, kept) == [
        ("A", 0, 0, "Base Value"),
        ("B", 1, 10, "Growing Value"),
        ("C", 1, -1, "Base Value"),
        ("D", 1, 12, "High Value"),
    ]
    assert rows(tmp_path, "SELECT CustomerID, Monetary FROM ml.customer_clusters ORDER BY 1") == [
        ("A", 0),
        ("B", 10),
        ("C", -1),
        ("D", 12),
    ]
    assert "gold.customer_money" in rfm(tmp_path, "sql", "gold.customer_rfm", "--from", DAY).stdout
    assert 'monetary = "net"  # rfm.toml' in rfm(tmp_path, "config", "show").stdout
    (tmp_path / "rfm.toml").write_text('[segments]\nmonetary = "Net"\n')
    refused = rfm(tmp_path, "refresh")
    assert refused.returncode == 1
    assert "segments.monetary" in refused.stderr, refused.stderr


def test_a_shop_with_a_holdout_has_it_in_its_lists_and_its_key_nowhere(tmp_path: Path) -> None:
    shutil.copy(PROJECT / "dagster.yaml", tmp_path)
    (tmp_path / "rfm.toml").write_text('[audiences]\nholdout_share = 0.5\ncampaign = "spring"\n')
    land(tmp_path, DAY, *(sale(invoice=f"5000{n:02}", customer_id=f"130{n:02}") for n in range(40)))
    refused = rfm(tmp_path, "refresh")
    assert refused.returncode == 1
    assert "needs RFM_HOLDOUT_KEY" in refused.stderr
    key = "a key that draws and is never seen"
    done = rfm(tmp_path, "refresh", RFM_HOLDOUT_KEY=key)
    assert done.returncode == 0, done.stdout + done.stderr
    lists = tmp_path / "data/published/audiences"
    drawn = [line.rsplit(",", 1)[1] for path in lists.glob(f"{DAY}/*.csv") for line in path.read_text().splitlines()]
    assert {"Holdout", "true", "false"} == set(drawn)
    assert json.loads((lists / "holdouts.json").read_text())[DAY]["campaign"] == "spring"
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and key.encode() in path.read_bytes()]
    assert key not in done.stdout + done.stderr
    assert 'campaign = "spring"  # rfm.toml' in rfm(tmp_path, "config", "show", RFM_HOLDOUT_KEY=key).stdout


def test_proof_of_net_money_takes_off_what_was_sent_back_after_the_cut(tmp_path: Path) -> None:
    shutil.copy(PROJECT / "dagster.yaml", tmp_path)
    (tmp_path / "rfm.toml").write_text('[segments]\nmonetary = "net"\n')
    land(tmp_path, "2025-06-30", sale(price="1.00"), sale(invoice="489435", customer_id="14000", price="1.00"))
    back = sale(invoice="C489440", quantity="-4", price="1.00", invoice_date="2025-07-10")
    more = sale(invoice="489436", quantity="9", price="1.00", invoice_date="2025-07-10")
    whole = sale(invoice="C489441", quantity="-8", price="1.00", invoice_date="2025-07-10")
    land(tmp_path, "2025-07-10", more, back)
    land(tmp_path, "2025-07-30", sale(invoice="489437", customer_id="15000", price="1.00", invoice_date="2025-07-30"))
    land(tmp_path, "2025-07-31", whole)
    done = rfm(tmp_path, "refresh")
    assert done.returncode == 0, done.stdout + done.stderr
    outcome = "SELECT sum(customers), sum(buyers), sum(revenue) FROM proof.segment_outcomes WHERE horizon_days = 30"
    assert rows(tmp_path, f"{outcome} AND as_of_date = DATE '2025-06-30'") == [(2, 1, 5)]
    assert rows(tmp_path, "SELECT DISTINCT buyers FROM proof.backtest WHERE as_of_date = DATE '2025-06-30'") == [(1,)]


def test_the_same_number_of_two_stores_is_two_orders(tmp_path: Path) -> None:
    shutil.copy(PROJECT / "dagster.yaml", tmp_path)
    (tmp_path / "rfm.toml").write_text('[rules]\nstores = "folder"\n')
    for store, price in (("London", "6.95"), ("Paris", "7.95")):
        text = f"{HEADER}\n{sale(price=price)}\n{sale(stock_code='85049', price=price)}\n"
        land_bytes(tmp_path, f"{store}/{DAY}.csv", text.encode())
    done = rfm(tmp_path, "refresh")
    assert done.returncode == 0, done.stdout + done.stderr
    assert rows(tmp_path, "SELECT Frequency FROM gold.customer_rfm") == [(2,)]
    assert rows(tmp_path, "SELECT InvoiceNo FROM silver.invoices ORDER BY 1") == [("London/489434",), ("Paris/489434",)]


def test_a_file_within_another_one_is_left_out_where_the_shop_says_so(tmp_path: Path) -> None:
    shutil.copy(PROJECT / "dagster.yaml", tmp_path)
    lines = [sale(invoice=str(500_000 + number), price="1.00") for number in range(24)]
    land(tmp_path, DAY, *lines)
    land(tmp_path, NEXT_DAY, *lines[:20])
    done = rfm(tmp_path, "refresh")
    assert done.returncode == 0, done.stdout + done.stderr
    within = f"all 20 lines of {NEXT_DAY}_transactions.csv are also in {DAY}_transactions.csv"
    assert f"{within} and count twice, with sales of 240.00" in done.stdout
    assert rows(tmp_path, "SELECT sum(Amount) FROM silver.invoices") == [(528,)]

    (tmp_path / "rfm.toml").write_text('[rules]\ncontained = "skip"\n')
    done = rfm(tmp_path, "refresh")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{within} and are left out" in done.stdout
    assert rows(tmp_path, "SELECT sum(Amount) FROM silver.invoices") == [(288,)]
    counted = "SELECT failed_records FROM quality.rule_outcomes WHERE rule = 'not_delivered_before' ORDER BY 1"
    assert rows(tmp_path, counted) == [(0,), (20,)]


def test_what_holds_is_shown_with_where_it_comes_from(tmp_path: Path) -> None:
    assert "# There is no rfm.toml" in rfm(tmp_path, "config", "show").stdout
    (tmp_path / "shop.toml").write_text(f"{SHOP_FILE}[source.rules]\nfirst_invoice_date = 2000-01-01\n")
    shown = rfm(
        tmp_path, "config", "show", RFM_CONFIG="shop.toml", RFM_START_DATE="2024-02-29", RFM_INVOICE_DAYS_AHEAD="1"
    ).stdout.splitlines()
    assert 'currency = "JPY"  # shop.toml' in shown
    assert 'time_zone = "UTC"  # default' in shown
    assert "start_date = 2024-02-29  # RFM_START_DATE" in shown
    assert 'not_product = ["POST", "(?i)^gift"]  # shop.toml' in shown
    assert not [line for line in shown if line.startswith("product_pattern")]
    assert "first_invoice_date = 2000-01-01  # shop.toml [source.rules]" in shown
    assert "invoice_days_ahead = 1  # RFM_INVOICE_DAYS_AHEAD" in shown
    assert shown[-1] == "# Amounts are written like ¥1,235."
    euros = rfm(tmp_path, "config", "show", RFM_CONFIG="shop.toml", RFM_CURRENCY="EUR").stdout.splitlines()
    assert 'currency = "EUR"  # RFM_CURRENCY' in euros
    assert euros[-1] == "# Amounts are written like €1,234.56."
    sign = rfm(tmp_path, "config", "show", RFM_CONFIG="shop.toml", RFM_CURRENCY="Y ").stdout.splitlines()
    assert 'currency = "JPY"  # shop.toml' in sign
    assert sign[-1] == "# Amounts are written like Y 1,235."


def test_the_schema_names_every_key(tmp_path: Path) -> None:
    schema = json.loads(rfm(tmp_path, "config", "schema").stdout)
    assert set(schema["properties"]) >= {"shop", "rules", "source"}
    assert schema["additionalProperties"] is False
    assert schema["$defs"]["Rules"]["properties"]["product_pattern"]["default"] == "^([0-9]{5}[a-zA-Z]*|PADS)$"


def test_a_shop_file_that_cannot_be_used_ends_every_command_in_its_message(tmp_path: Path) -> None:
    (tmp_path / "rfm.toml").write_text("[shop]\ncurrency = 'Pounds'\n")
    refused = rfm(tmp_path, "refresh")
    assert refused.returncode == 1
    assert (
        'cannot use rfm.toml, correct it:\n  shop.currency = "Pounds": write an ISO 4217 currency code'
        in refused.stderr
    )
