"""What each version of the contracts changed, and how stored rows follow.

A nullable column, or a whole table, is declared in the contract only: stored tables get it when the warehouse is next
opened. Anything else is a new version at the end of `VERSIONS`: a renamed or retyped table or column, a column computed
for stored rows, days that have to be made again. Merged versions never change.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rfm_assets.schema.steps import Step


@dataclass(frozen=True)
class Version:
    """A version's change in a sentence, the steps for stored rows, and the tables whose days must be made again."""

    number: int
    changed: str
    steps: tuple[Step, ...] = ()
    made_again: tuple[str, ...] = ()


VERSIONS: Sequence[Version] = (
    Version(1, "What is stored in warehouses that do not have a version yet."),
    Version(2, "The warehouse has its version, in meta.schema_versions."),
    Version(
        3,
        "Net money comes from silver.returns, a new table, which lacks the returns of stored days.",
        made_again=("silver.transactions",),
    ),
)

CURRENT = VERSIONS[-1].number
