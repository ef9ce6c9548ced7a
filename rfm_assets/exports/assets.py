"""The exports as an asset: what each contributed, how its first lines are read, and whether its records add up."""

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

import dagster as dg

from rfm_assets.errors import ExportError
from rfm_assets.metadata_table import metadata_table
from rfm_assets.tables.undated_asset import Results, undated_asset

if TYPE_CHECKING:
    from rfm_assets.exports.landing import Done
    from rfm_assets.exports.manifest import Manifest

KEY = dg.AssetKey(["landing", "exports"])
CONSERVED = "records_are_written_or_left_out"
RECONCILED = "orders_come_to_their_stated_totals"
STILL_THERE = "no_export_has_disappeared"

_PROMISES = {
    CONSERVED: "Every record of an export became lines of daily files, or is left out for a stated reason.",
    RECONCILED: "The lines of an order add up to the total that the export states for it.",
    STILL_THERE: "Every export that contributed lines is still where exports arrive.",
}
_SHOWN = 100
_LINES = 20
_LONGEST_CELL = 60
_COLUMNS = "Invoice, InvoiceDate, StockCode, Quantity, Price, LineAmount, CustomerID, Currency"
_MANIFEST = (
    "export",
    "records",
    "written",
    "left out",
    "orders",
    "first day",
    "last day",
    "amount",
    "dates",
    "read now",
)


@undated_asset(KEY, job="land_exports", group="landing", kinds={"csv"}, promises=_PROMISES)
def exports(context: dg.AssetExecutionContext) -> Results:
    """Brings the landing zone's daily files up to the exports that have arrived at RFM_EXPORTS, as `rfm land` does.

    The newest version of an order counts. If an export cannot be read, the others land and the run fails. The sensor
    `landed_files` then refreshes the tables downstream for the days whose files have changed. Runs over days, such as
    of all assets at once, skip exports: they read what has landed.
    """
    from rfm_assets.exports.landing import land_here, refusals

    done = land_here(says=lambda chosen: context.log.info(str(chosen)))
    landed = done.landed
    yield dg.MaterializeResult(
        metadata={
            "exports": _table_of(landed.manifests, landed.read),
            "lines as they are read": _first_lines(done),
            "daily files written": len(landed.written),
            "daily files removed": len(landed.removed),
            "landing": done.address,
            "profile": f"{done.chosen.profile.name}, {done.chosen.why}",
        },
        check_results=[
            _conserved(done),
            _reconciled(landed.manifests),
            _still_there(landed.gone),
        ],
    )
    if landed.refused:
        raise ExportError(refusals(landed.refused))


def _table_of(manifests: Sequence["Manifest"], read: Collection[str]) -> dg.TableMetadataValue:
    """The newest manifests, newest first."""
    rows = [
        (
            one.name,
            one.records,
            one.written,
            "; ".join(f"{count:,} {reason}" for reason, count in one.left_out.items()),
            one.orders,
            one.first_day,
            one.last_day,
            one.amount,
            ", ".join(one.formats),
            "yes" if one.id in read else "",
        )
        for one in reversed(manifests[-_SHOWN:])
    ]
    return metadata_table(_MANIFEST, rows)


def _first_lines(done: "Done") -> dg.TableMetadataValue:
    """The first lines of the newest export."""
    import duckdb

    newest = done.landed.manifests[-1]
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"SELECT {_COLUMNS} FROM read_parquet($file) WHERE left_out IS NULL ORDER BY record, seq LIMIT {_LINES}",
            {"file": str(done.manifests.lines(newest.id))},
        ).fetchall()
    return metadata_table(_COLUMNS.split(", "), rows, _LONGEST_CELL)


def _conserved(done: "Done") -> dg.AssetCheckResult:
    """Counts the records of the exports just read against the lines kept of them."""
    import duckdb

    broken = []
    with duckdb.connect() as connection:
        for one in (one for one in done.landed.manifests if one.id in done.landed.read):
            counted = connection.execute(
                "SELECT count(DISTINCT record) FILTER (left_out IS NULL), "
                "count(DISTINCT record) FILTER (left_out IS NOT NULL) FROM read_parquet($file)",
                {"file": str(done.manifests.lines(one.id))},
            ).fetchone() or (0, 0)
            if counted != (one.written, sum(one.left_out.values())) or sum(counted) != one.records:
                broken.append(f"{one.name}: {one.records:,} records, {counted[0]:,} written, {counted[1]:,} left out")
    return _result(CONSERVED, broken, dg.AssetCheckSeverity.ERROR)


def _reconciled(manifests: Sequence["Manifest"]) -> dg.AssetCheckResult:
    """Names exports with orders, or lines, that differ from the totals that the export states, with examples."""
    return _result(RECONCILED, list(_differing(manifests)), dg.AssetCheckSeverity.WARN)


def _differing(manifests: Sequence["Manifest"]) -> Iterator[str]:
    for one in manifests:
        compared = one.reconciled
        if compared and compared["fit"] < compared["compared"]:
            examples = ", ".join(f"{key} comes to {ours}, stated {stated}" for key, ours, stated in compared["differ"])
            differ = compared["compared"] - compared["fit"]
            yield f"{one.name}: {differ:,} of {compared['compared']:,} {compared['of']} differ: {examples}"


def _still_there(gone: Sequence["Manifest"]) -> dg.AssetCheckResult:
    """Names the exports that have disappeared; their lines stay."""
    said = [f"the lines of {one.name} stay; `rfm land --forget {one.id}` removes them" for one in gone]
    return _result(STILL_THERE, said, dg.AssetCheckSeverity.WARN)


def _result(name: str, broken: Sequence[str], severity: dg.AssetCheckSeverity) -> dg.AssetCheckResult:
    shown = "\n".join(broken[:_SHOWN])
    return dg.AssetCheckResult(
        check_name=name,
        asset_key=KEY,
        passed=not broken,
        severity=severity,
        description=shown or None,
        metadata={"failed": len(broken)},
    )
