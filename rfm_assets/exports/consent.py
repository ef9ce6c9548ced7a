"""Who has opted out of marketing, by all exports: the newest order that states consent counts."""

import csv
import io
from collections.abc import Sequence

import duckdb

from rfm_assets.exports.header_fit import Fit
from rfm_assets.exports.manifest import Manifest, Manifests, manifests_of
from rfm_assets.exports.statements import statement, texts
from rfm_assets.literals import literal
from rfm_assets.privacy.suppressed import HEADER, OPTED_OUT, opted_out_customers
from rfm_assets.settings import settings
from rfm_assets.whole_file import write_whole


def make_consent(connection: duckdb.DuckDBPyConnection, fit: Fit) -> None:
    """Makes an export's table `consent`, if its profile and its headers state consent."""
    connection.execute("DROP TABLE IF EXISTS consent")
    cell = fit.profile.customer.accepts_marketing
    if cell is not None and fit.has(cell):
        no = texts(word.lower() for word in cell.no)
        connection.execute(f"CREATE TABLE consent AS {statement('consent', no=no)}")


def tells_consent(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the export read last has a table `consent`."""
    found = "SELECT EXISTS (FROM duckdb_tables() WHERE table_name = 'consent')"
    return connection.execute(found).fetchone() == (True,)


def write_opted_out(connection: duckdb.DuckDBPyConnection, kept: Sequence[Manifest], manifests: Manifests) -> None:
    """Writes the list of customers who have opted out, beside the manifests; none if no export states consent.

    The list has the format of RFM_SUPPRESS. Of two orders on one day, the one in the newer export counts.
    """
    ranked = [(manifests.consent(one.id), rank) for rank, one in enumerate(sorted(kept, key=lambda one: one.age))]
    told = [(path, rank) for path, rank in ranked if path.exists()]
    if not told:
        manifests.opted_out.unlink(missing_ok=True)
        return
    rows = " UNION ALL ".join(
        f"SELECT customer, accepts, day, {rank} AS rank FROM read_parquet({literal(str(path))})" for path, rank in told
    )
    found = connection.execute(
        f"""SELECT customer FROM ({rows}) AS said GROUP BY customer
        HAVING NOT arg_max(accepts, (day, rank)) ORDER BY customer"""
    ).fetchall()
    text = io.StringIO(newline="")
    csv.writer(text).writerows([HEADER, *((customer, OPTED_OUT) for (customer,) in found)])
    write_whole(manifests.opted_out, text.getvalue())


def opted_out_here() -> set[str]:
    """Customers who have opted out by the exports that land in RFM_LANDING, by their ids in silver.

    Raises:
        PrivacyError: when the list cannot be read.
    """
    return opted_out_customers(Manifests(manifests_of(settings().landing)).opted_out)
