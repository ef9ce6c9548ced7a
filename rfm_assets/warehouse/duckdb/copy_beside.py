"""Copies a warehouse file, beside it, while the file is open for writing."""

import shutil
import subprocess
import sys
from pathlib import Path

from rfm_assets.errors import WarehouseError

_COPY = "import os, shutil, sys; shutil.copy(*sys.argv[1:]); os.fsync(os.open(sys.argv[2], os.O_RDWR))"


def make_copy(file: Path, copy: Path, *, room: int) -> None:
    """Copies a file whose log is empty, replacing an earlier copy; a copy with that name is always complete.

    Runs in a separate process: closing any descriptor of the file here would release DuckDB's lock on it. A hard link
    would change with the file.

    Raises:
        WarehouseError: when less than `room` bytes are free, or the file cannot be copied.
    """
    remove_copy(copy)
    free = shutil.disk_usage(file.parent).free
    if free < room:
        message = (
            f"upgrading the warehouse {file} needs {room / 1e6:,.0f} MB beside it, and {free / 1e6:,.0f} MB are free: "
            "free some space, or move the file to a larger disk and set RFM_WAREHOUSE. The file is unchanged"
        )
        raise WarehouseError(message)
    command = [sys.executable, "-ISc", _COPY, str(file), str(_unfinished(copy))]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - this very program
    if done.returncode:
        remove_copy(copy)
        reason = done.stderr.strip().rpartition("\n")[2]
        raise WarehouseError(f"cannot copy the warehouse {file} to {copy}: {reason}. The file is unchanged")
    _unfinished(copy).replace(copy)


def remove_copy(copy: Path) -> None:
    """Removes a copy, finished or not, if there is one."""
    _unfinished(copy).unlink(missing_ok=True)
    copy.unlink(missing_ok=True)


def _unfinished(copy: Path) -> Path:
    return copy.with_name(f"{copy.name}.part")
