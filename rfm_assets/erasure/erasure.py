"""Erases customers from the warehouse and from everything published, and finishes erasures of killed processes.

An erasure starts when the register has the customer's digest. From then on no file brings the id back, and the next
run that publishes finishes the erasure: each step can be repeated.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rfm_assets.erasure.rewrite import Rewritten, rewrite
from rfm_assets.errors import PrivacyError
from rfm_assets.exports.consent import opted_out_here
from rfm_assets.owners import alone
from rfm_assets.privacy.customer_rows import known_as, normalised
from rfm_assets.privacy.register import Register
from rfm_assets.publishing.assets import PublishedFolder, publish_lists
from rfm_assets.publishing.audience_files import newest_lists, remove_all_audiences
from rfm_assets.publishing.publish import publish
from rfm_assets.publishing.source import source_of
from rfm_assets.warehouse.duckdb.engine import DuckDBEngine
from rfm_assets.warehouse.engine import Engine


def erase(warehouse: Engine, published: PublishedFolder, customers: Sequence[str]) -> Rewritten:
    """Erases customers, by their ids in any form that a file may have; returns what was found.

    Raises:
        PrivacyError: on an engine other than DuckDB, for an id that names nobody, or if the register cannot be used.
        PublishedError: when the published files cannot be replaced; the next run tries again.
        WarehouseError: when the warehouse stays locked; the next run tries again.
    """
    store = in_file(warehouse)
    store.must_exist()
    ids = [known for known in normalised(customers) if known]
    if len(ids) < len(customers):
        raise PrivacyError("one of these ids names no customer: give ids as in the daily files or in silver")
    with _alone(store):
        register = Register.of(Path(store.database), to_write=True)
        register.begin(known_as(ids))
        return _finish(store, published)


def finish_erasures(warehouse: Engine, published: PublishedFolder) -> Rewritten:
    """Finishes the erasures of killed processes; costs nothing if there are none."""
    if not isinstance(warehouse, DuckDBEngine) or not Register.of(Path(warehouse.database)).at("begun", "stored"):
        return Rewritten()
    with _alone(warehouse):
        return _finish(warehouse, published)


def in_file(warehouse: Engine) -> DuckDBEngine:
    """The engine, if customers can be erased from it.

    Raises:
        PrivacyError: when it is not DuckDB.
    """
    if isinstance(warehouse, DuckDBEngine):
        return warehouse
    message = (
        f"customers are erased from a DuckDB file only, nothing was erased from {warehouse.address}: on the cluster, "
        "delete their rows, clear CustomerID in bronze and silver and remove the tables' old files (VACUUM or "
        "expire_snapshots); take them out of the landing files before you run days again"
    )
    raise PrivacyError(message)


def _finish(warehouse: DuckDBEngine, published: PublishedFolder) -> Rewritten:
    warehouse.release()
    register, found = Register.of(Path(warehouse.database)), Rewritten()
    if begun := register.at("begun"):
        found = rewrite(warehouse, begun, register.key)
        register = register.move("begun", "stored")
    if register.at("stored"):
        _publish(warehouse, published)
        register.move("stored", "done")
    return found


def _publish(warehouse: DuckDBEngine, published: PublishedFolder) -> None:
    """Publishes from scratch, removes earlier versions and every list, and writes the newest lists again."""
    if not published.path.exists():
        return
    with source_of(warehouse) as source:
        publish(
            source,
            published.path,
            run_id="erasure",
            ids=published.ids,
            ids_of_lists=published.ids_of_lists,
            opted_out=opted_out_here(),
            from_scratch=True,
        )
    newest = newest_lists(published.path)
    remove_all_audiences(published.path)
    if newest:
        publish_lists(published, newest)


@contextmanager
def _alone(warehouse: DuckDBEngine) -> Iterator[None]:
    """Waits until no other process is erasing from the same warehouse."""
    path = Path(warehouse.database).resolve()
    with alone(path.with_name(f"{path.name}.erased.lock"), wait=True):
        yield
