"""Holds the lists behind marks: each link opens the customers that its mark counts, with their money."""

import csv
import io
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest

from rfm_assets.config.segments import NEW_CUSTOMER
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.audience_download import list_csv
from rfm_assets.dashboard.behind import Behind, cohort_link, flow_link, ordered_link
from rfm_assets.dashboard.screens.customers import ORDERS
from rfm_assets.dashboard.snapshot import current
from rfm_assets.gold.segments import RECOMMENDATIONS
from rfm_assets.warehouse.query import Query
from rfm_assets_tests.dashboard.shop import LAST_DAY, cards, open_page, stored, texts

WEEK_AGO = LAST_DAY - timedelta(days=7)
AT_RISK, ACTIVE = "High Value - At Risk", "High Value - Active & Engaged"
MOVED = """
    SELECT count(*), sum(now.Monetary)
    FROM gold.customer_segments AS now
    LEFT JOIN gold.customer_segments AS earlier ON earlier.CustomerID = now.CustomerID AND earlier.as_of_date = ?
    WHERE now.as_of_date = ? AND coalesce(earlier.segment, 'New customer') = ? AND now.segment = ?
"""


def query(link: str) -> dict[str, list[str]]:
    return parse_qs(urlparse(link).query)


@pytest.mark.parametrize(
    ("origin", "target"), [(AT_RISK, ACTIVE), (ACTIVE, ACTIVE), (NEW_CUSTOMER, "Base Value - Developing")]
)
def test_a_flow_opens_its_customers(published: Path, origin: str, target: str) -> None:
    ((customers, spent),) = stored(published, MOVED, [WEEK_AGO, LAST_DAY, origin, target])
    app = open_page("customers", **query(flow_link(LAST_DAY, WEEK_AGO, origin, target)))
    assert not app.exception
    assert customers
    assert app.header[0].value.startswith(f"{fmt.plural(customers, 'customer')} in {target}, ")
    assert f"{fmt.md(fmt.short_money(spent))} lifetime spend" in texts(app)


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("segments", [[], [ACTIVE]])
@pytest.mark.parametrize(("label", "only_new"), [("Bought in 7 days", False), ("New in 7 days", True)])
def test_a_card_opens_its_customers(label: str, segments: list[str], only_new: bool) -> None:  # noqa: FBT001
    chosen = {"segment": segments} if segments else {}
    number = cards(open_page("segments", **chosen))[label]
    app = open_page("customers", **query(ordered_link(LAST_DAY, 7, only_new=only_new, **chosen)))
    assert app.header[0].value.startswith(f"{number} customer")


def test_a_cell_of_a_cohort_opens_its_customers(published: Path) -> None:
    ((customers,),) = stored(
        published,
        """SELECT count(*) FROM (
            SELECT CustomerID FROM silver.invoices WHERE CustomerID IS NOT NULL GROUP BY CustomerID
            HAVING min(InvoiceDate) BETWEEN '2025-07-01' AND '2025-07-31'
                AND bool_or(InvoiceDate BETWEEN '2025-08-01' AND '2025-08-31')
        ) JOIN gold.customer_segments USING (CustomerID) WHERE as_of_date = ?""",
        [LAST_DAY],
    )
    app = open_page("customers", **query(cohort_link(LAST_DAY, "2025-07", "2025-08")))
    assert app.header[0].value.startswith(
        f"{fmt.plural(customers, 'customer')} in all segments, who first bought in July"
    )


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    "asked",
    [
        {"moved_from": "Whales", "since": str(WEEK_AGO)},
        {"moved_from": AT_RISK, "since": "1999-01-01"},
        {"ordered_in": "-3"},
        {"new_in": "'; DROP TABLE gold.customer_segments; --"},
        {"cohort": "spring", "again_in": "2025-08"},
    ],
)
def test_what_is_asked_for_in_vain_is_said_and_everyone_is_shown(asked: dict[str, str]) -> None:
    app = open_page("customers", **asked)
    assert not app.exception
    assert any("The address asks for" in note.value and "everyone is shown" in note.value for note in app.info)
    assert app.header[0].value == open_page("customers").header[0].value


def test_the_export_has_the_customers_of_the_list_and_no_others(published: Path) -> None:
    (one,) = stored(published, "SELECT min(CustomerID) FROM gold.customer_segments WHERE as_of_date = ?", [LAST_DAY])
    behind = Behind("one of them", Query(f"SELECT '{one[0]}' AS CustomerID"))
    text = list_csv(current(), LAST_DAY, tuple(RECOMMENDATIONS), ORDERS["customer ID"], behind.ids).decode()
    assert [row["CustomerID"] for row in csv.DictReader(io.StringIO(text))] == [one[0]]
