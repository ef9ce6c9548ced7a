"""How customers' ids leave the pipeline: as delivered, or as keyed hashes (HMAC-SHA256).

A hash is the same for the same customer and key, in the published copy as in the lists for campaigns, and of no use to
whoever lacks the key. Nothing here needs Dagster.
"""

import hashlib
import hmac
from dataclasses import dataclass, field

import duckdb

AS_DELIVERED, HASHED = "as delivered", "HMAC-SHA256"
_BLOCK = 64
# HMAC in terms of SHA-256, which DuckDB has. No statement, and no message about one, ever holds the key.
_HMAC = "sha256(getvariable('outer_pad') || unhex(sha256(getvariable('inner_pad') || encode({id}))))"


@dataclass(frozen=True)
class CustomerIds:
    """Hashes with a key; without one, ids as they were delivered."""

    key: str = field(default="", repr=False)

    @property
    def kind(self) -> str:
        """What a reader finds in place of ids."""
        return HASHED if self.key else AS_DELIVERED

    @property
    def fingerprint(self) -> str | None:
        """What tells hashes of one key from those of another, without the key; None where nothing is hashed."""
        return hmac.new(self.key.encode(), b"customers' ids", hashlib.sha256).hexdigest()[:16] if self.key else None

    def prepare(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Lets the statements of a connection hash with the key."""
        for name, pad in (("inner_pad", self._pad(0x36)), ("outer_pad", self._pad(0x5C))):
            connection.execute(f"SET VARIABLE {name} = $pad", {"pad": pad})

    def expression(self, column: str) -> str:
        """What stands in place of a customer's id, NULL for NULL."""
        return _HMAC.format(id=column) if self.key else column

    def _pad(self, with_byte: int) -> bytes:
        key = self.key.encode()
        block = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
        return bytes(byte ^ with_byte for byte in block)


def hashed_with(connection: duckdb.DuckDBPyConnection) -> str | None:
    """The fingerprint of the key that a published copy was made with; None where it has ids as delivered."""
    has = (
        "SELECT count(*) FROM duckdb_columns() WHERE database_name = current_database() "
        "AND schema_name = 'meta' AND table_name = 'published' AND column_name = 'key_fingerprint'"
    )
    if connection.execute(has).fetchone() != (1,):  # made by an older version, which hashed nothing
        return None
    found = connection.execute("SELECT key_fingerprint FROM meta.published").fetchone()
    return str(found[0]) if found and found[0] else None
