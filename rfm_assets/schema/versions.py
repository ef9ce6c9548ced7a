"""What each version of the contracts changed, and how stored rows follow.

A column that may be empty, or a whole table, is declared in the contract alone: stored tables get it when the warehouse
is next opened. Anything else is a new version at the end of `VERSIONS`: a table or column with another name or type, a
column whose values are computed for stored rows, days that have to be made again. Merged versions stay as they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rfm_assets.schema.steps import Step


@dataclass(frozen=True)
class Version:
    """What a version changed, in a sentence; the steps for stored rows; the tables whose days are to be made again."""

    number: int
    changed: str
    steps: tuple[Step, ...] = ()
    made_again: tuple[str, ...] = ()


VERSIONS: Sequence[Version] = (
    Version(1, "What is stored in warehouses that do not have a version yet."),
    Version(2, "The warehouse has its version, in meta.schema_versions."),
    Version(
        3,
        "Net money is made of silver.returns, a new table, which lacks the returns of the days that are stored.",
        made_again=("silver.transactions",),
    ),
)

CURRENT = VERSIONS[-1].number
