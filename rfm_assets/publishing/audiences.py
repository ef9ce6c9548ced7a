"""Lists of customers for campaigns: who is in a segment on a day, and who entered or left it since an earlier day.

Reads any database with gold's tables, such as a published copy. No Dagster needed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple
from datetime import date
from types import MappingProxyType

import duckdb

from rfm_assets.config.segments import NEW_CUSTOMER
from rfm_assets.errors import PublishedError
from rfm_assets.gold.playbooks import PLAYBOOKS, playbook_for
from rfm_assets.gold.segments import RECOMMENDATIONS
from rfm_assets.literals import literal
from rfm_assets.privacy.customer_ids import CustomerIds, hashed_with
from rfm_assets.privacy.suppressed import OPTED_OUT
from rfm_assets.publishing.audience import PLAYBOOK, Audience, Which, columns_of
from rfm_assets.publishing.csv_file import csv_parts
from rfm_assets.publishing.holdout import Holdout
from rfm_assets.publishing.opted_out import opted_out_of
from rfm_assets.warehouse.stored import stored_among

STORED_ID = "stored_id"
"""The column of table `audience` with the id as in the copy."""
_ROWS_AT_ONCE = 10_000
_NOBODY = "(CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR))"


class Audiences:
    """The lists of a day, and who moved since an earlier day, if given.

    With a key, ids are replaced by their HMAC-SHA256 in hexadecimal: the same for the same customer and key, and
    useless without the key. Ids of a published copy that are hashes already stay as they are.

    Suppressed customers, each with a reason, are on no list, and neither are customers who opted out according to
    exports; `suppressed` counts the day's by reason.

    With a holdout, lists have a column Holdout: customers with true are to be left out of the campaign. Copies with ids
    and copies with hashes draw different customers.

    `among` is a SELECT of the only ids to list, as stored; it comes from code, never from user input.
    """

    def __init__(  # noqa: PLR0913 - who is listed, and how
        self,
        connection: duckdb.DuckDBPyConnection,
        day: date,
        since: date | None = None,
        *,
        key: str = "",
        suppressed: Mapping[str, str] = MappingProxyType({}),
        holdout: Holdout | None = None,
        among: str = "",
    ) -> None:
        self.day, self.since, self.holdout = day, since, holdout
        self._connection = connection
        published_with, ids = hashed_with(connection), CustomerIds(key)
        self.fingerprint = published_with or ids.fingerprint
        if ids.key:
            ids.prepare(connection)
        shown = "CustomerID" if published_with else ids.expression("CustomerID")  # never hashed twice
        self._gather(shown, among)
        self.suppressed = self._leave_out(suppressed, ids)
        if holdout:  # after the ids are hashed: it hashes with another key
            holdout.draw(connection, "audience", STORED_ID)

    def _gather(self, shown: str, among: str) -> None:
        """Makes the table `audience`: all customers of the day, with ids as in lists."""
        narrowed = f"AND CustomerID IN (SELECT CustomerID FROM ({among}))" if among else ""
        earlier = (
            f"SELECT CustomerID, segment FROM gold.customer_segments WHERE as_of_date = DATE '{self.since or self.day}'"
        )
        self._connection.execute(
            f"""CREATE OR REPLACE TEMP TABLE audience AS
            SELECT now.CustomerID AS {STORED_ID}, {shown} AS CustomerID, now.Recency, now.Frequency, now.Monetary,
                coalesce(earlier.segment, {literal(NEW_CUSTOMER)}) AS from_segment, now.segment,
                playbook.* EXCLUDE (of_segment, ordered_today)
            FROM gold.customer_segments AS now LEFT JOIN ({earlier}) AS earlier USING (CustomerID)
            LEFT JOIN (VALUES {_playbooks()}) AS playbook(of_segment, ordered_today, {PLAYBOOK})
                ON of_segment = now.segment AND ordered_today = (now.Recency = 0)
            WHERE now.as_of_date = DATE '{self.day}' {narrowed}"""
        )

    def _leave_out(self, suppressed: Mapping[str, str], ids: CustomerIds) -> Mapping[str, int]:
        """Removes suppressed customers from the lists; returns how many, by reason.

        Raises:
            PublishedError: when their hashes are unknown.
        """
        if suppressed and self.fingerprint not in {None, ids.fingerprint}:
            message = (
                "the published copy's ids are hashed with a key other than RFM_AUDIENCE_KEY, so that RFM_SUPPRESS "
                "cannot be applied: set the key that they were made with, or publish again"
            )
            raise PublishedError(message)
        given = ", ".join(f"({literal(one)}, {literal(reason)})" for one, reason in suppressed.items())
        self._connection.execute(
            f"""CREATE OR REPLACE TEMP TABLE left_out AS
            SELECT CustomerID, coalesce(given.reason, {literal(OPTED_OUT)}) AS reason FROM audience
            LEFT JOIN (SELECT {ids.expression("id")} AS CustomerID, reason
                FROM (VALUES {given or _NOBODY}) AS given(id, reason)) AS given USING (CustomerID)
            WHERE given.reason IS NOT NULL OR {STORED_ID} IN ({opted_out_of(self._connection)})"""
        )
        self._connection.execute("DELETE FROM audience WHERE CustomerID IN (SELECT CustomerID FROM left_out)")
        counts = "SELECT reason, count(*) FROM left_out GROUP BY reason ORDER BY reason"
        return dict(self._connection.execute(counts).fetchall())

    @property
    def is_keyed(self) -> bool:
        """Whether ids are hashed."""
        return self.fingerprint is not None

    def all(self) -> Sequence[Audience]:
        """Every list, including empty ones."""
        kinds: Sequence[Which] = ("members", "entered", "left") if self.since else ("members",)
        return [Audience(segment, which) for segment in RECOMMENDATIONS for which in kinds]

    def csv(self, audience: Audience) -> Iterator[bytes]:
        """A list as a CSV file, part by part."""
        return self._csv(audience.select(holdout=self.holdout is not None))

    def members_csv(self, segments: Sequence[str], order: str, beside: str = "") -> Iterator[bytes]:
        """All customers of these segments as a CSV file; `order` and `beside` come from code, never from user input.

        `beside` is a SELECT of CustomerID, as stored, and more columns, which the file has before `Holdout`.
        """
        columns, found = columns_of("members", holdout=False), "audience"
        if beside:
            columns += f", beside.* EXCLUDE ({STORED_ID})"
            by_stored_id = f"SELECT * RENAME (CustomerID AS {STORED_ID}) FROM ({beside})"
            found += f" LEFT JOIN ({by_stored_id}) AS beside USING ({STORED_ID})"
        if self.holdout:
            columns += ", Holdout"
        among = ", ".join(map(literal, segments))
        return self._csv(f"SELECT {columns} FROM {found} WHERE segment IN ({among}) ORDER BY {order}, CustomerID")

    def _csv(self, select: str) -> Iterator[bytes]:
        result = self._connection.execute(select)
        header = [str(column[0]) for column in result.description]
        return csv_parts(header, _rows(result))

    def write_parquet(self, audience: Audience, path: str) -> int:
        """Writes a list as a Parquet file; returns how many are on it."""
        select = audience.select(holdout=self.holdout is not None)
        copy = f"COPY ({select}) TO {literal(path)} (FORMAT parquet)"
        (rows,) = self._connection.execute(copy).fetchone() or (0,)
        return int(rows)

    def thresholds(self) -> dict[str, float]:
        """The medians that divide the day's customers."""
        medians = ("median_monetary", "median_frequency", "median_recency")
        select = f"SELECT {', '.join(medians)} FROM gold.segment_thresholds WHERE as_of_date = DATE '{self.day}'"
        return dict(zip(medians, self._connection.execute(select).fetchone() or (), strict=False))


def _playbooks() -> str:
    """The playbook rows of each segment, for customers who ordered today and for others."""
    lines = [(one, today, *astuple(playbook_for(one, int(not today)))) for one in PLAYBOOKS for today in (True, False)]
    return ", ".join(
        f"({literal(one)}, {today}, {', '.join(literal(text) if text else 'NULL' for text in texts)})"
        for one, today, *texts in lines
    )


def _rows(result: duckdb.DuckDBPyConnection) -> Iterator[tuple[object, ...]]:
    while rows := result.fetchmany(_ROWS_AT_ONCE):
        yield from rows


def has_customers(connection: duckdb.DuckDBPyConnection, day: date) -> bool:
    """Whether a day's customers are stored, so that it can have lists; a thinned day's are not."""
    if not stored_among(connection, ["gold.customer_segments"]):
        return False
    of_the_day = f"SELECT EXISTS (FROM gold.customer_segments WHERE as_of_date = DATE '{day}')"
    return connection.execute(of_the_day).fetchone() == (True,)
