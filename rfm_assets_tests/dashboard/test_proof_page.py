"""Proof shows what its tables hold; tiles show familiar names, and customers their rhythm and scores."""

from datetime import date, timedelta
from html import escape
from pathlib import Path

import pytest

from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.proof_words import findings, name_of
from rfm_assets.dashboard.screens.customer_outlook import due_in_words
from rfm_assets_tests.dashboard.conftest import Reads
from rfm_assets_tests.dashboard.shop import FIRST_DAY, LAST_DAY, cards, changed, open_page, stored, tables, texts

pytestmark = pytest.mark.slow

DAYS = [LAST_DAY, date(2025, 8, 30), date(2025, 7, 30)]
every_day = pytest.mark.parametrize("day", DAYS)


@every_day
def test_every_method_has_the_means_of_its_cuts(published: Path, day: date) -> None:
    select = """
        SELECT method, avg(top10_share), avg(top20_share), avg(auc_purchase) FROM proof.backtest
        WHERE horizon_days = 30 AND measured_on <= $day AND as_of_date IN (
            SELECT as_of_date FROM proof.backtest WHERE horizon_days = 30 AND measured_on <= $day
            GROUP BY as_of_date HAVING count(*) = (
                SELECT max(methods) FROM (
                    SELECT count(*) AS methods FROM proof.backtest
                    WHERE horizon_days = 30 AND measured_on <= $day GROUP BY as_of_date)))
        GROUP BY method
    """
    expected = {
        name_of(method): (fmt.percent(100 * top10), fmt.percent(100 * top20), f"{auc:.3f}")
        for method, top10, top20, auc in stored(published, select, {"day": day})
    }
    app = open_page("proof", as_of=str(day))
    assert not app.exception
    methods, _ = tables(app)
    shown = zip(methods["Ranked by"], methods["Top 10%"], methods["Top 20%"], methods["Purchase AUC"], strict=True)
    assert {name: numbers for name, *numbers in shown} == {name: list(numbers) for name, numbers in expected.items()}
    assert expected


@every_day
def test_every_segment_of_the_newest_cut_has_its_outcome(published: Path, day: date) -> None:
    select = """
        SELECT segment, customers, buyers, revenue FROM proof.segment_outcomes WHERE horizon_days = 30
        AND measured_on = (
            SELECT max(measured_on) FROM proof.segment_outcomes WHERE horizon_days = 30 AND measured_on <= ?)
    """
    _, segments = tables(open_page("proof", as_of=str(day)))
    shown = zip(segments["Segment"], segments["Customers"], segments["Bought"], segments["Revenue, gross"], strict=True)
    assert sorted((name, known, bought, money.split(" (")[0]) for name, known, bought, money in shown) == sorted(
        (segment, fmt.count(known), fmt.count(buyers), fmt.brief_money(revenue))
        for segment, known, buyers, revenue in stored(published, select, [day])
    )


@pytest.mark.usefixtures("published")
def test_before_the_first_horizon_has_ended_there_is_not_enough_history() -> None:
    app = open_page("proof", as_of=str(FIRST_DAY + timedelta(days=10)))
    assert "Not enough history yet" in texts(app)
    assert not tables(app)


def test_findings_say_who_does_better_to_either_side() -> None:
    methods = {
        "Value_Score": {"top20": 0.702, "auc": 0.758},
        "Monetary": {"top20": 0.708, "auc": 0.732},
        "Segment": {"top20": 0.641, "auc": 0.73},
        "Recency": {"top20": 0.496, "auc": 0.687},
        "Overdue": {"top20": 0.305, "auc": 0.621},
    }
    first, segments, spend, overdue = findings(methods, 30)
    assert "70.2%" in first
    assert "the score finds 6.1 points more" in segments
    assert "the score finds 0.6 points less" in spend
    assert "worse than days since the last order" in overdue
    assert findings({}, 30) == []


@pytest.mark.parametrize("day", [LAST_DAY, date(2025, 8, 10)])
def test_a_tile_has_the_commonest_familiar_name_and_its_share(published: Path, day: date) -> None:
    rows = stored(
        published,
        """SELECT segment, RFM_Name, count(*) FROM gold.customer_segments JOIN gold.customer_scores
        USING (as_of_date, CustomerID) WHERE as_of_date = ? GROUP BY ALL ORDER BY count(*) DESC, RFM_Name""",
        [day],
    )
    (drawn,) = (
        element.proto.body for element in open_page("segments", as_of=str(day)).get("html")
        if "rfm-tiles'" in element.proto.body
    )  # fmt: skip
    for segment in {segment for segment, *_ in rows}:
        of_segment = [(name, number) for one, name, number in rows if one == segment]
        name, number = of_segment[0]
        share = fmt.percent(100 * number / sum(number for _, number in of_segment), 0)
        assert f"<em>{escape(name)} {share}</em>" in drawn


@pytest.mark.parametrize("day", [LAST_DAY, date(2025, 8, 20)])
@pytest.mark.parametrize("order", ["Monetary DESC", "Monetary", "Next_Order_Due DESC NULLS FIRST"])
def test_a_customer_has_their_rhythm_scores_and_money(published: Path, day: date, order: str) -> None:
    ((customer, due, name, gross, returned, net, expected),) = stored(
        published,
        f"""SELECT CustomerID, Next_Order_Due, RFM_Name, Gross, Returned, Net,
            CAST(expected_revenue AS DOUBLE) / customers
        FROM gold.customer_segments JOIN gold.customer_scores USING (as_of_date, CustomerID)
        JOIN gold.customer_money USING (as_of_date, CustomerID)
        LEFT JOIN proof.expected_revenue USING (as_of_date, segment)
        WHERE as_of_date = ? ORDER BY {order}, CustomerID LIMIT 1""",
        [day],
    )
    app = open_page("customers", customer=customer, as_of=str(day))
    assert not app.exception
    shown = cards(app)
    assert shown["Next order due"] == (fmt.day(due) if due else "not known yet")
    assert shown["Known elsewhere as"] == name
    assert shown["Net of returns"] == fmt.exact_money(net)
    assert shown["Expected in 30 days"] == ("not known yet" if expected is None else fmt.money(expected))
    below = next(card.delta for card in app.metric if card.label == "Net of returns")
    assert below.startswith(f"{fmt.exact_money(gross)} gross less {fmt.exact_money(returned)} returned")


def test_a_customer_of_an_older_copy_opens_without_them(
    dashboard_reads: Reads, sample_snapshot: Path, tmp_path: Path
) -> None:
    lacks = ("gold.customer_scores", "gold.customer_money", "proof.expected_revenue")
    dashboard_reads(changed(sample_snapshot, tmp_path, *(f"DROP TABLE {table}" for table in lacks)))
    ((customer,),) = stored(sample_snapshot, "SELECT min(CustomerID) FROM gold.customer_segments")
    app = open_page("customers", customer=customer)
    assert not app.exception
    assert "In this segment since" in texts(app)
    assert "Known elsewhere as" not in cards(app)


def test_a_due_date_is_put_in_words() -> None:
    assert due_in_words(None, LAST_DAY, overdue=False) == "no rhythm yet"
    assert due_in_words(LAST_DAY, LAST_DAY, overdue=False) == "due today"
    assert due_in_words(LAST_DAY + timedelta(days=1), LAST_DAY, overdue=False) == "in 1 day"
    assert due_in_words(LAST_DAY - timedelta(days=12), LAST_DAY, overdue=True) == "12 days ago, overdue"
