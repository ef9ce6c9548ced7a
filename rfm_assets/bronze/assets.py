"""Bronze's table: the landed files of each day."""

import dagster as dg

from rfm_assets.bronze.landed_files import LandedFiles, fetch_days
from rfm_assets.contracts import bronze as contract
from rfm_assets.landing.zone import LandingZone
from rfm_assets.partitions import run_days
from rfm_assets.table_asset import table_asset


@table_asset(contract.TRANSACTIONS, kinds=frozenset({"csv", "duckdb"}))
def transactions(
    context: dg.AssetExecutionContext, landing: dg.ResourceParam[LandingZone]
) -> dg.MaterializeResult[LandedFiles]:
    """Every line of every daily file exactly once, as text, as delivered.

    A line that cannot be split into columns is kept raw in `_rescued_data`. A day without a file is stored as an empty
    day. A file that cannot be read at all stops the run and leaves what is stored as it was.
    """
    files = fetch_days(landing, *run_days(context))
    return dg.MaterializeResult(
        value=files,
        metadata={"landing": landing.address},
        data_version=dg.DataVersion(files.content_version),
    )
