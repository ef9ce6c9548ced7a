"""Every number on Segments and Movements equals SQL over the published copy, on twenty days."""

from datetime import timedelta
from typing import Any

import pytest

from rfm_assets.config.segments import NEW_CUSTOMER
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.charts import in_order, short
from rfm_assets.dashboard.threshold_jumps import said
from rfm_assets_tests.dashboard.numbers import JUMPS, MEDIANS, Asked, drawn, metrics, numbers, prose
from rfm_assets_tests.dashboard.shop import FIRST_DAY, charts, open_page, tables

pytestmark = pytest.mark.slow

BROUGHT = """
    SELECT count(*) FILTER (now.Monetary > coalesce(before.Monetary, 0)) AS bought,
        count(*) FILTER (before.CustomerID IS NULL) AS new, sum(now.Monetary - coalesce(before.Monetary, 0)) AS revenue,
        sum(now.Frequency - coalesce(before.Frequency, 0)) AS orders
    FROM gold.customer_segments AS now
    LEFT JOIN gold.customer_segments AS before
        ON before.CustomerID = now.CustomerID AND before.as_of_date = now.as_of_date - 7
    WHERE now.as_of_date = $until
"""
TOTALS = """
    SELECT count(*) AS customers, count(*) FILTER (Recency < 30) AS lately, sum(Monetary) AS revenue,
        sum(Frequency) AS orders
    FROM gold.customer_segments WHERE as_of_date = $day
"""
BY_SEGMENT = """
    SELECT segment, count(*) AS customers, 100 * count(*) / sum(count(*)) OVER () AS share, sum(Monetary) AS revenue,
        100 * CAST(sum(Monetary) AS DOUBLE) / sum(sum(Monetary)) OVER () AS revenue_share,
        CAST(sum(Monetary) / count(*) + 1e-9 AS DECIMAL(31, 2)) AS spend,
        CAST(sum(Frequency) / count(*) + 1e-9 AS DECIMAL(31, 2)) AS orders,
        CAST(sum(Recency) / count(*) + 1e-9 AS DECIMAL(31, 2)) AS days,
        median(Recency) AS recency, median(Frequency) AS frequency,
        CAST(median(CAST(Monetary AS DOUBLE)) + 1e-9 AS DECIMAL(31, 2)) AS monetary
    FROM gold.customer_segments WHERE as_of_date = $day GROUP BY segment
"""
FAMILIAR = """
    SELECT segment, RFM_Name AS name, count(*) AS customers
    FROM gold.customer_segments JOIN gold.customer_scores USING (as_of_date, CustomerID)
    WHERE as_of_date = $day GROUP BY ALL ORDER BY customers, name DESC
"""
SIZES = """
    SELECT as_of_date AS day, segment, count(*) AS n FROM gold.customer_segments WHERE as_of_date <= $day GROUP BY ALL
"""
WENT = """
    SELECT coalesce(earlier.segment, 'New customer') AS origin, now.segment AS target, count(*) AS customers,
        sum(now.Monetary) AS spent, any_value(purchased) AS purchased, any_value(aged) AS aged,
        any_value(threshold) AS threshold
    FROM gold.customer_segments AS now
    LEFT JOIN gold.customer_segments AS earlier
        ON earlier.CustomerID = now.CustomerID AND earlier.as_of_date = now.as_of_date - 7
    LEFT JOIN gold.segment_migration AS migration
        ON migration.as_of_date = now.as_of_date AND migration.compared_to = now.as_of_date - 7
        AND from_segment = coalesce(earlier.segment, 'New customer') AND to_segment = now.segment
    WHERE now.as_of_date = $day GROUP BY origin, target
"""


def test_every_number_of_segments_is_that_of_sql(asked: Asked) -> None:
    day, before = asked.day, asked.day - timedelta(days=7)
    app = open_page("segments", as_of=str(day))
    total = asked.row(TOTALS)
    assert metrics(app) == [
        *_compared(asked.row(BROUGHT, until=day), asked.row(BROUGHT, until=before)),
        ("Customers", fmt.count(total["customers"]), "", ""),
        ("Active in 30 days", fmt.count(total["lately"]), "", ""),
        ("Lifetime revenue", fmt.short_money(total["revenue"]), "", ""),
        ("Lifetime orders", fmt.count(total["orders"]), "", ""),
        ("Lifetime AOV", fmt.money(total["revenue"] / total["orders"]), "", ""),
        ("Lifetime revenue per customer", fmt.money(total["revenue"] / total["customers"]), "", ""),
    ]
    found = {row["segment"]: row for row in asked.rows(BY_SEGMENT)}
    rows = [found[segment] for segment in in_order(list(found))]
    familiar = {row["segment"]: row for row in asked.rows(FAMILIAR)}  # the most common comes last
    net = _net(asked)
    (tiles,), (medians,) = drawn(app, "rfm-map"), drawn(app, "rfm-shaded")
    assert tiles == [text for row in rows for text in _tile(row, familiar[row["segment"]], net[row["segment"]])]
    cells = [
        (short(row["segment"]), fmt.count(row["recency"]), fmt.count(row["frequency"]), fmt.money(row["monetary"]))
        for row in rows
    ]
    assert medians[6:] == [text for line in cells for text in line]
    performance = tables(app)[0]
    writes = (str, fmt.count, fmt.percent, fmt.exact_money, fmt.percent, fmt.exact_money, fmt.mean, fmt.mean)
    names = ("segment", "customers", "share", "revenue", "revenue_share", "spend", "orders", "days")
    expected = [tuple(write(row[name]) for name, write in zip(names, writes, strict=True)) for row in rows]
    assert list(zip(*performance.values(), strict=True)) == expected
    (history,) = charts(app)
    shown = {(on, band["name"]): number for band in history["series"] for on, number in band["data"] if number}
    assert shown == {(str(row["day"]), short(row["segment"])): row["n"] for row in asked.rows(SIZES)}
    median = asked.row(f"SELECT * FROM ({MEDIANS}) WHERE day = $day")
    thresholds = [fmt.exact_money(median["monetary"]), fmt.exact_money(2 * median["monetary"])]
    thresholds += [fmt.count(median["frequency"]), fmt.count(median["recency"])]
    weeks = min(12, ((day - FIRST_DAY).days + 1) // 7)
    young = {"28"} if (day - FIRST_DAY).days < 28 else set()
    jumps = numbers("; ".join(map(said, asked.rows(JUMPS))))
    assert numbers(prose(app)) == {"7", str(weeks), *thresholds, *young, *jumps}


def _compared(now: dict[str, Any], before: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """The cards of a week compared with the week before."""
    for week in (now, before):
        week["average"] = week["revenue"] / week["orders"]
    kinds = {"bought": "Bought", "new": "New", "revenue": "Revenue", "orders": "Orders", "average": "AOV"}
    found = []
    for key, name in kinds.items():
        write = fmt.money if key in {"revenue", "average"} else fmt.count
        change = "unchanged" if now[key] == before[key] else fmt.change(now[key], before[key])
        than = f"vs {write(before[key])} in the 7 days before"
        found.append((f"{name} in 7 days", write(now[key]), change or f"+{write(now[key])}", than))
    return found


def _net(asked: Asked) -> dict[str, int]:
    """How many more customers joined each segment in a week than left it."""
    net: dict[str, int] = {}
    for row in asked.rows(WENT):
        net[row["target"]] = net.get(row["target"], 0) + row["customers"]
        net[row["origin"]] = net.get(row["origin"], 0) - row["customers"]
    return net


def _tile(row: dict[str, Any], familiar: dict[str, Any], net: int) -> list[str]:
    tier, _, status = row["segment"].partition(" - ")
    moved = f"{'▲' if net > 0 else '▼'} {net:+,} net" if net else "— no net change"
    return [
        *(tier, status, fmt.short_money(row["revenue"])),
        f"{fmt.plural(row['customers'], 'customer')} · {fmt.percent(row['share'])}",
        moved,
        f"{familiar['name']} {fmt.percent(100 * familiar['customers'] / row['customers'], 0)}",
    ]


def test_every_number_of_movements_is_that_of_sql(asked: Asked) -> None:
    app = open_page("movements", as_of=str(asked.day))
    went = asked.rows(WENT)
    new = sum(row["customers"] for row in went if row["origin"] == NEW_CUSTOMER)
    stayed = sum(row["customers"] for row in went if row["origin"] == row["target"])
    movers = [row for row in went if row["origin"] not in {row["target"], NEW_CUSTOMER}]
    moved = sum(row["customers"] for row in movers)
    known = stayed + moved
    because = {"Ordered": "purchased", "Lapsed": "aged", "Thresholds shifted": "threshold"}
    causes = {title: sum(row[cause] for row in movers) for title, cause in because.items()}
    assert metrics(app) == [
        ("Customers", fmt.count(known + new), "", ""),
        ("Bought in 7 days", fmt.count(asked.row(BROUGHT, until=asked.day)["bought"]), "", ""),
        ("New in 7 days", fmt.count(new), "", ""),
        *(_share(title, number, known, "known before") for title, number in (("Stayed", stayed), ("Moved", moved))),
        *(_share(title, number, moved, "who moved") for title, number in causes.items()),
    ]
    assert sum(causes.values()) == moved
    counted = {(row["origin"], row["target"]): row["customers"] for row in went}
    targets, origins = (in_order([row[side] for row in went]) for side in ("target", "origin"))
    (matrix,) = drawn(app, "rfm-shaded")
    lines = [
        [segment if segment == NEW_CUSTOMER else short(segment)]
        + [fmt.count(counted[segment, target]) for target in targets if (segment, target) in counted]
        for segment in [*origins, *([NEW_CUSTOMER] if new else [])]
    ]
    assert matrix[2 * len(targets) :] == [text for line in lines for text in line]
    flows, balance = charts(app)
    links = flows["series"][0]["links"]
    assert {(link["source"][5:], link["target"][3:]): link["value"] for link in links} == {
        (origin if origin == NEW_CUSTOMER else short(origin), short(target)): number
        for (origin, target), number in counted.items()
        if origin != target
    }
    net, shown = _net(asked), {}
    for series in balance["series"]:
        for number, segment, _ in series["data"]:
            shown[segment] = shown.get(segment, 0) + number
    assert shown == {short(segment): net[segment] for segment in in_order(list(net)) if short(segment) in shown}
    (table,) = tables(app)
    for line in zip(*table.values(), strict=True):
        segment = line[0]
        joined, left = (
            [row for row in went if row[side] == segment and row["origin"] != row["target"]]
            for side in ("target", "origin")
        )
        (came, spent), (gone, lost) = (
            (sum(row["customers"] for row in rows), sum(row["spent"] for row in rows)) for rows in (joined, left)
        )
        money = [fmt.exact_money(amount) for amount in (spent, lost, spent - lost)]
        assert list(line) == [segment, fmt.count(came), fmt.count(gone), f"{came - gone:+,}", *money]
    now, then = (asked.row(f"SELECT * FROM ({MEDIANS}) WHERE day = $day - {days}") for days in (0, 7))
    thresholds = {write(day[name]) for day in (now, then) for name, write in WRITES.items()}
    assert numbers(prose(app)) == thresholds


WRITES = {"recency": fmt.count, "frequency": fmt.count, "monetary": fmt.money}


def _share(title: str, number: int, whole: int, of: str) -> tuple[str, str, str, str]:
    return title, fmt.count(number), fmt.percent(100 * number / max(whole, 1)), f"of the {fmt.count(whole)} {of}"
