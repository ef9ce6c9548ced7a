"""All declared tables, with the versions that led to them."""

from collections.abc import Sequence
from dataclasses import dataclass

from rfm_assets.contracts import TABLES, Table
from rfm_assets.schema.versions import VERSIONS, Version


@dataclass(frozen=True)
class Schema:
    """The current tables, and every version so far."""

    tables: Sequence[Table]
    versions: Sequence[Version]

    @property
    def version(self) -> int:
        """The newest version."""
        return self.versions[-1].number

    def after(self, version: int) -> Sequence[Version]:
        """The versions that came later."""
        return [one for one in self.versions if one.number > version]


SCHEMA = Schema(tuple(TABLES.values()), VERSIONS)
