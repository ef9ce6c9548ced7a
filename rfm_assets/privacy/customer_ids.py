"""Customers' ids as they leave the pipeline: as delivered, or as keyed hashes (HMAC-SHA256).

A customer's hash under a key is the same in the published copy and in campaign lists, and useless without the key. No
Dagster needed.
"""

import hashlib
import hmac
from dataclasses import dataclass, field

import duckdb

AS_DELIVERED, HASHED = "as delivered", "HMAC-SHA256"
_BLOCK = 64
# HMAC built from SHA-256, which DuckDB has. No statement, and no error about one, ever contains the key.
_HMAC = "sha256(getvariable('outer_pad') || unhex(sha256(getvariable('inner_pad') || encode({id}))))"


@dataclass(frozen=True)
class CustomerIds:
    """Ids hashed with a key; without a key, as delivered."""

    key: str = field(default="", repr=False)

    @property
    def kind(self) -> str:
        """The kind of ids that readers get."""
        return HASHED if self.key else AS_DELIVERED

    @property
    def fingerprint(self) -> str | None:
        """Identifies the key without revealing it; None if nothing is hashed."""
        return hmac.new(self.key.encode(), b"customers' ids", hashlib.sha256).hexdigest()[:16] if self.key else None

    def prepare(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Makes the key available to a connection's statements."""
        for name, pad in (("inner_pad", self._pad(0x36)), ("outer_pad", self._pad(0x5C))):
            connection.execute(f"SET VARIABLE {name} = $pad", {"pad": pad})

    def expression(self, column: str) -> str:
        """SQL for a customer's published id, NULL for NULL."""
        return _HMAC.format(id=column) if self.key else column

    def _pad(self, with_byte: int) -> bytes:
        key = self.key.encode()
        block = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
        return bytes(byte ^ with_byte for byte in block)


def hashed_with(connection: duckdb.DuckDBPyConnection) -> str | None:
    """The fingerprint of the key that a published copy was made with; None if its ids are as delivered."""
    has = (
        "SELECT count(*) FROM duckdb_columns() WHERE database_name = current_database() "
        "AND schema_name = 'meta' AND table_name = 'published' AND column_name = 'key_fingerprint'"
    )
    if connection.execute(has).fetchone() != (1,):  # made by an older version, which hashed nothing
        return None
    found = connection.execute("SELECT key_fingerprint FROM meta.published").fetchone()
    return str(found[0]) if found and found[0] else None
