"""The register of customers erased from a warehouse, as keyed digests, with the stage of each erasure.

The register is a file beside the warehouse, so that it survives a rebuild of the warehouse from landing files. It is
both the journal of an erasure, which the next run finishes, and the list of tombstones for loading.
"""

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, Self

from rfm_assets.errors import PrivacyError
from rfm_assets.privacy.customer_ids import CustomerIds
from rfm_assets.settings import settings
from rfm_assets.whole_file import sync

Stage = Literal["begun", "stored", "done"]
"""`begun`: loading respects it. `stored`: the warehouse holds nothing more. `done`: nor do the published files."""


@dataclass(frozen=True)
class Register:
    """The stage of each erasure, by the keyed digest of the customer's id."""

    warehouse: Path
    key: str = field(repr=False)
    stages: Mapping[str, Stage]

    @classmethod
    def of(cls, warehouse: Path, *, to_write: bool = False) -> Self:
        """The register beside a warehouse file; empty if nobody has been erased.

        Args:
            warehouse: The DuckDB file.
            to_write: Whether to create a key if there is none yet.

        Raises:
            PrivacyError: when it cannot be read, or its key is missing or different.
        """
        warehouse = warehouse.resolve()
        file = _register_file(warehouse)
        if not file.exists() and not to_write:
            return cls(warehouse, "", {})
        try:
            held = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
            key = _key(warehouse, make=not held)
            stages = dict(held.get("customers", {}))
        except (OSError, ValueError) as error:
            message = f"cannot read the register of erased customers {file}: {error}: restore it from a backup"
            raise PrivacyError(message) from error
        if held and held["key_fingerprint"] != CustomerIds(key).fingerprint:
            message = (
                f"the customers in {file} were erased under another key: set RFM_ERASURE_KEY to that key, or restore "
                f"{_key_file(warehouse)}; without it, a file that arrives again would bring them back"
            )
            raise PrivacyError(message)
        return cls(warehouse, key, stages)

    def digest(self, customer: str) -> str:
        """The digest of a customer's id, as silver writes it."""
        return hmac.new(self.key.encode(), customer.encode(), hashlib.sha256).hexdigest()

    def at(self, *stages: Stage) -> list[str]:
        """The digests at these stages."""
        return [digest for digest, stage in self.stages.items() if stage in stages]

    def begin(self, customers: Iterable[str]) -> Self:
        """Stores and returns the register with more erasures begun."""
        return self._stored({**self.stages, **dict.fromkeys(map(self.digest, customers), "begun")})

    def move(self, stage: Stage, to: Stage) -> Self:
        """Stores and returns the register with all erasures of one stage moved to another."""
        return self._stored({digest: to if now == stage else now for digest, now in self.stages.items()})

    def _stored(self, stages: Mapping[str, Stage]) -> Self:
        content = {"key_fingerprint": CustomerIds(self.key).fingerprint, "customers": stages}
        _write_private(_register_file(self.warehouse), json.dumps(content, indent=2))
        return replace(self, stages=stages)


def _key(warehouse: Path, *, make: bool) -> str:
    """The key in RFM_ERASURE_KEY, or in the file beside the warehouse."""
    if chosen := settings().erasure_key:
        return chosen.get_secret_value()
    file = _key_file(warehouse)
    if make and not file.exists():
        _write_private(file, secrets.token_hex(32))
    return file.read_text(encoding="utf-8")


def _register_file(warehouse: Path) -> Path:
    return warehouse.with_name(f"{warehouse.name}.erased")


def _key_file(warehouse: Path) -> Path:
    return warehouse.with_name(f"{warehouse.name}.erasure-key")


def _write_private(file: Path, text: str) -> None:
    """Writes a file of mode 600 atomically, and fsyncs it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f"{file.name}.part")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(descriptor)
    new.replace(file)
    sync(file.parent)
