"""Drafts a profile for exports that no preset reads, from the names of headers and the contents of all cells.

Each guess is below its evidence. A draft with something missing or unresolved is never applied.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from rfm_assets.errors import ExportError
from rfm_assets.exports.draft_toml import UNRESOLVED, toml_of
from rfm_assets.exports.evidence import Evidence
from rfm_assets.exports.found import Export
from rfm_assets.exports.guess import Guess
from rfm_assets.exports.header import Header, find_header, key_of, plain
from rfm_assets.exports.profile import File, Profile
from rfm_assets.exports.records import load_records
from rfm_assets.exports.unpacked import TextTable, unpack
from rfm_assets.exports.words import known


@dataclass(frozen=True)
class Draft:
    """A guessed profile; `missing` is what RFM requires and was not found."""

    name: str
    headers: Sequence[str]
    lines: Sequence[str]
    missing: Sequence[str]
    mapping: Sequence[tuple[str, str, str]]
    """Field, headers and evidence of each guess."""

    @property
    def text(self) -> str:
        """The TOML."""
        return "\n".join(self.lines) + "\n"

    @property
    def unresolved(self) -> list[str]:
        """What a person must decide. Not dates: other exports may tell whether day or month comes first."""
        return [line.removeprefix(f"# {UNRESOLVED}") for line in self.lines if line.startswith(f"# {UNRESOLVED}")]

    @property
    def profile(self) -> Profile:
        """The profile that the TOML means."""
        return Profile.of(tomllib.loads(self.text))


def draft(connection: duckdb.DuckDBPyConnection, export: Export, scratch: Path) -> Draft:
    """Guesses a profile from an export.

    Raises:
        ExportError: when it contains no table.
    """
    table, header = _largest(export, scratch)
    names = list(dict.fromkeys(name for name in header.names if name))
    connection.execute("DROP TABLE IF EXISTS records")
    load_records(connection, table, header, {key_of(name): name for name in names}, "records")
    counted = connection.execute("SELECT count(*) FROM records").fetchone() or (0,)
    if not counted[0]:
        raise ExportError(f"{table.name} has a header and no records: export it again")
    found = Guess(Evidence(connection, names, int(counted[0])))
    mapping = [] if found.missing else list(found.mapping())
    drafted = Draft(export.name, names, toml_of(found, export.name), found.missing, mapping)
    connection.execute("DROP TABLE records")
    return drafted


def _largest(export: Export, scratch: Path) -> tuple[TextTable, Header]:
    """The table with the most known headers; of several, the largest."""
    tables: list[tuple[TextTable, Header]] = []
    for path in export.files:
        tables += [(one, find_header(one, File(), known())) for one in unpack(path, export.name, None, scratch)]
    return max(
        tables, key=lambda one: (sum(plain(name) in known() for name in one[1].names), one[0].path.stat().st_size)
    )
