"""Writes a day's lists as files with a manifest, published atomically."""

import hashlib
import json
import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

from rfm_assets.config import in_force
from rfm_assets.privacy.customer_ids import AS_DELIVERED, HASHED
from rfm_assets.publishing.audiences import Audiences
from rfm_assets.publishing.holdout import record_holdout
from rfm_assets.publishing.versions import AUDIENCES, FOLDER, Pointer

MANIFEST = "manifest.json"


def publish_audiences(audiences: Audiences, folder: Path) -> Path:
    """Writes every list of a day as CSV and Parquet into `audiences/DAY`, replacing that folder atomically.

    The replaced lists are deleted, since lists of customers should not be left lying around.
    """
    pointer = Pointer(folder / AUDIENCES, str(audiences.day))
    version = pointer.new_version()
    version.mkdir(FOLDER)
    entries = []
    for audience in audiences.all():
        parquet, text = version / f"{audience.name}.parquet", version / f"{audience.name}.csv"
        rows = audiences.write_parquet(audience, str(parquet))
        with text.open("wb") as file:
            file.writelines(audiences.csv(audience))
        told = {"segment": audience.segment, **audience.note, "list": audience.which, "rows": rows}
        entries += [{"file": path.name, **told, "sha256": _digest(path)} for path in (text, parquet)]
    content = json.dumps(manifest(audiences, entries), indent=2, ensure_ascii=False)
    (version / MANIFEST).write_text(f"{content}\n", encoding="utf-8")
    pointer.show(version, keep_previous=False)
    record_holdout(folder, audiences.day, audiences.holdout)
    return pointer.path


def remove_audiences(folder: Path, *, but_of: str | None) -> None:
    """Removes lists not made with the key of this fingerprint; with None, lists made with any key."""
    _remove([path for path in _of_days(folder) if _made_with(path) != but_of])


def remove_all_audiences(folder: Path) -> None:
    """Removes the lists of every day."""
    _remove(_of_days(folder))


def newest_lists(folder: Path) -> date | None:
    """The newest day with lists."""
    return max((date.fromisoformat(path.name[:10]) for path in _of_days(folder)), default=None)


def _of_days(folder: Path) -> list[Path]:
    lists = (folder / AUDIENCES).iterdir() if (folder / AUDIENCES).exists() else ()
    return [path for path in lists if re.match(r"\d{4}-\d{2}-\d{2}(-|$)", path.name)]


def _remove(paths: list[Path]) -> None:
    for path in paths:
        if path.is_symlink():
            path.unlink()
        else:
            shutil.rmtree(path)


def manifest(audiences: Audiences, files: list[dict[str, Any]]) -> dict[str, Any]:
    """The manifest, for whoever receives the files."""
    return {
        "as_of_date": str(audiences.day),
        "compared_to": str(audiences.since) if audiences.since else None,
        "customer_ids": HASHED if audiences.is_keyed else AS_DELIVERED,
        **({"key_fingerprint": audiences.fingerprint} if audiences.is_keyed else {}),
        **({"currency": code} if (code := in_force.shop().currency) else {}),
        **({"suppressed": audiences.suppressed} if audiences.suppressed else {}),
        **({"holdout": audiences.holdout.told} if audiences.holdout else {}),
        "thresholds": audiences.thresholds(),
        "files": files,
    }


def _made_with(lists: Path) -> str | None:
    """The fingerprint in a manifest; None for ids as delivered, and if a killed run left no manifest."""
    try:
        told = json.loads((lists / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    fingerprint = told.get("key_fingerprint")
    return str(fingerprint) if fingerprint else None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
