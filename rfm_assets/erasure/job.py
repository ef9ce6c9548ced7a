"""The job `erase_customers`, for shops without terminal access to the warehouse."""

from pathlib import Path

import dagster as dg
from pydantic import Field

from rfm_assets.automation.run_tags import tags_of_purpose
from rfm_assets.erasure.erasure import erase, finish_erasures
from rfm_assets.erasure.remains import remains
from rfm_assets.errors import PrivacyError
from rfm_assets.privacy.customer_rows import known_as, normalised
from rfm_assets.publishing.assets import PublishedFolder
from rfm_assets.settings import settings
from rfm_assets.tables.table_asset import WAREHOUSE_POOL
from rfm_assets.warehouse.engine import Engine


class Erasure(dg.Config):
    """The file of customers to erase. Ids are never in a run's configuration, which Dagster keeps."""

    customers_file: str | None = Field(
        default=None,
        description="A text file with one customer id per line, deleted after the erasure; without it, the job "
        "finishes interrupted erasures.",
    )


@dg.op(pool=WAREHOUSE_POOL, description="Erases customers from the warehouse and everything published.")
def erase_from_everything(
    context: dg.OpExecutionContext,
    config: Erasure,
    warehouse: dg.ResourceParam[Engine],
    published: dg.ResourceParam[PublishedFolder],
) -> None:
    """Erases the customers in the file, and logs how many rows named them and what else may hold their data.

    Raises:
        PrivacyError: when the file cannot be read, or this warehouse does not support erasure.
    """
    if config.customers_file is None:
        finish_erasures(warehouse, published)
        return
    file = Path(config.customers_file)
    customers = _customers(file)
    found = erase(warehouse, published, customers)
    ids = known_as(one for one in normalised(customers) if one)
    for line in remains(found, ids, settings(), None):
        context.log.warning("not erased: %s", line)
    file.unlink()
    context.add_output_metadata({f"rows of {address}": rows for address, rows in found.rows.items()})


def _customers(file: Path) -> list[str]:
    try:
        customers = file.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise PrivacyError(f"cannot read {file}: {error}: write one customer id per line, in UTF-8") from error
    if found := [line.strip() for line in customers if line.strip()]:
        return found
    raise PrivacyError(f"{file} names nobody: write one customer id per line")


@dg.job(
    description="Erases customers from every table, published copy and audience: see docs/privacy.md.",
    tags=tags_of_purpose("erasure"),
    owners=[settings().owner],
)
def erase_customers() -> None:
    """Erases customers."""
    erase_from_everything()
