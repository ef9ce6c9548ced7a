"""Proof's holdout comparison equals sums from the warehouse, and says so when there are too few customers."""

import hashlib
import hmac
import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from rfm_assets.config.segments import Segments
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.holdout_outcomes import best_to_open, in_points, verdict
from rfm_assets.proof.holdout import Side, more_bought
from rfm_assets.publishing.holdout import Holdout, record_holdout
from rfm_assets_tests.dashboard.conftest import Reads
from rfm_assets_tests.dashboard.shop import LAST_DAY, changed, open_page, stored, tables, texts

pytestmark = pytest.mark.slow

KEY = "a key that draws and is never seen"
HALF = Holdout("spring", Decimal("0.5"), KEY)
LISTS = LAST_DAY - timedelta(days=35)


@pytest.fixture
def published(dashboard_reads: Reads, sample_snapshot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample shop, whose lists of two days held out half of all customers."""
    monkeypatch.setenv("RFM_HOLDOUT_KEY", KEY)
    folder = changed(sample_snapshot, tmp_path)
    (folder / "audiences").mkdir()
    for day in (LISTS, LAST_DAY - timedelta(days=3)):
        record_holdout(folder, day, HALF)
    dashboard_reads(folder)
    return sample_snapshot


def is_held_out(customer: str) -> bool:
    drawn = hmac.new(KEY.encode(), f"spring\n{customer}".encode(), hashlib.sha256).hexdigest()
    return drawn[0] < "8"


@pytest.mark.parametrize("day", [LISTS, LAST_DAY - timedelta(days=3)])
def test_both_sides_have_the_purchases_and_the_revenue_after_their_lists(published: Path, day: date) -> None:
    last = min(day + timedelta(days=30), LAST_DAY)
    rows = stored(
        published,
        """SELECT known.CustomerID, known.segment, coalesce(sum(Amount), 0)
        FROM gold.customer_segments AS known LEFT JOIN silver.customer_invoices AS invoice
            ON invoice.CustomerID = known.CustomerID AND processing_date > ? AND processing_date <= ?
        WHERE as_of_date = ? GROUP BY ALL""",
        [day, last, day],
    )
    app = open_page("proof", proof_lists=str(day))
    assert not app.exception
    shown = tables(app)[-1]
    by_segment = dict(
        zip(shown["Segment"], zip(*(shown[title] for title in list(shown)[1:]), strict=True), strict=True)
    )
    segments = {segment for _, segment, _ in rows}
    for name, among in (("All segments", segments), *((one, {one}) for one in segments if one in by_segment)):
        reached, held_out = (
            [float(spent) for customer, segment, spent in rows if segment in among and is_held_out(customer) is side]
            for side in (False, True)
        )
        assert by_segment[name][:2] == (fmt.count(len(reached)), fmt.count(len(held_out)))
        rates = (fmt.percent(100 * sum(spent > 0 for spent in side) / len(side)) for side in (reached, held_out))
        assert by_segment[name][2:4] == tuple(rates)
        each = (fmt.exact_money(sum(side) / len(side)) for side in (reached, held_out))
        assert by_segment[name][5:7] == tuple(each)
        is_small = min(len(reached), len(held_out)) < 100
        assert (by_segment[name][4] == by_segment[name][7] == "not enough data") is is_small
    assert len(by_segment) > 5
    assert f"50% of customers held out\\. Both sides are followed to {fmt.day(last)}" in texts(app)


def test_in_net_money_what_both_sides_sent_back_is_taken_off(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rfm_assets.config.in_force.segments", lambda: Segments(monetary="net"))
    rows = stored(
        published,
        """SELECT known.CustomerID, coalesce(sum(Amount), 0), coalesce(sum(Amount) FILTER (Amount > 0), 0)
        FROM gold.customer_segments AS known LEFT JOIN (
            SELECT processing_date, CustomerID, Amount FROM silver.customer_invoices
            UNION ALL SELECT processing_date, CustomerID, -Amount FROM silver.returns WHERE CountsForCustomer
        ) AS money ON money.CustomerID = known.CustomerID AND processing_date > ? AND processing_date <= ?
        WHERE as_of_date = ? GROUP BY ALL""",
        [LISTS, LISTS + timedelta(days=30), LISTS],
    )
    app = open_page("proof", proof_lists=str(LISTS))
    shown = {title: column[0] for title, column in tables(app)[-1].items()}
    for side, rate, each in ((False, "Bought", "Revenue each"), (True, "Bought, held out", "Revenue each, held out")):
        money = [(float(net), gross) for customer, net, gross in rows if is_held_out(customer) is side]
        assert shown[each] == fmt.exact_money(sum(net for net, _ in money) / len(money))
        assert shown[rate] == fmt.percent(100 * sum(gross > 0 for _, gross in money) / len(money))
    assert any(net != gross for _, net, gross in rows)
    assert "Revenue is net" in texts(app)


@pytest.mark.usefixtures("published")
def test_with_enough_customers_a_difference_has_its_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rfm_assets.proof.holdout.ENOUGH", 50)
    app = open_page("proof", proof_lists=str(LISTS))
    shown = {title: column[0] for title, column in tables(app)[-1].items()}
    bought, held_out = (
        Side(int(shown[of]), round(float(shown[rate][:-1]) * int(shown[of]) / 100), 0, 0)
        for of, rate in (("On lists", "Bought"), ("Held out", "Bought, held out"))
    )
    assert shown["Difference in points"] == in_points(more_bought(bought, held_out))
    assert re.fullmatch(r"[+-]£[\d,.]+ \([+-]£[\d,.]+ to [+-]£[\d,.]+\)", shown["Difference in revenue"])
    assert "Compared with the holdout" in texts(app)


@pytest.mark.usefixtures("published")
def test_the_newest_lists_that_were_followed_to_the_end_open_first() -> None:
    app = open_page("proof")
    assert app.selectbox(key="proof_lists").value == str(LISTS)
    assert "Not enough data\\: each side needs 100 customers" in texts(app)
    app = open_page("proof", proof_lists="2020-01-01")
    assert re.search("lists 2020.+01.+01, which does not exist", texts(app))


@pytest.mark.usefixtures("published")
def test_a_day_before_the_first_lists_says_how_to_have_a_holdout() -> None:
    assert "Set `holdout_share` in `[audiences]`" in texts(open_page("proof", as_of=str(LISTS)))


@pytest.mark.usefixtures("published")
def test_without_a_key_nothing_is_compared(
    monkeypatch: pytest.MonkeyPatch, dashboard_reads: Reads, tmp_path: Path
) -> None:
    monkeypatch.delenv("RFM_HOLDOUT_KEY")
    dashboard_reads(tmp_path)
    assert "Set `holdout_share` in `[audiences]`" in texts(open_page("proof"))


def test_the_verdict_says_what_is_clear_of_chance() -> None:
    reached, held_out = Side(1_000, 400, 20_000.0, 900.0), Side(200, 40, 4_000.0, 900.0)
    said = verdict((reached, held_out))
    assert "+20.0 (" in said
    assert said.endswith("Significant: purchases.")
    assert verdict((reached, Side(100, 40, 2_000.0, 900.0))).endswith("Neither is significant.")
    assert verdict((reached, Side(99, 40, 2_000.0, 900.0))) == "Not enough data: each side needs 100 customers."


def test_while_no_lists_have_been_followed_to_the_end_the_oldest_open() -> None:
    recent = [LAST_DAY - timedelta(days=5), LAST_DAY - timedelta(days=2)]
    assert best_to_open(recent, LAST_DAY) == recent[0]
