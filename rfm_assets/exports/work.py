"""The context of reading exports: a database, a scratch folder, the profile and the shop's terms."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from rfm_assets.exports.profile import Profile
from rfm_assets.exports.terms import Terms
from rfm_assets.scratch import ScratchFolder


@dataclass(frozen=True)
class Limits:
    """DuckDB's limits."""

    memory: str = "2GB"
    threads: int | None = None


NO_LIMITS = Limits()


@dataclass(frozen=True)
class Work:
    """Everything that reading an export needs."""

    connection: duckdb.DuckDBPyConnection
    scratch: Path
    profile: Profile
    terms: Terms


@contextmanager
def open_scratch(limits: Limits) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """An in-memory database that spills to a scratch folder, and that folder; deleted afterwards."""
    with ScratchFolder("exports") as scratch:
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": limits.memory,
            "temp_directory": str(scratch / "spill"),
        }
        if limits.threads:
            config["threads"] = limits.threads
        with duckdb.connect(config=config) as connection:
            yield connection, scratch
