"""A failure is reported with the way out that the pipeline gives, where there is one."""

import shutil
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from dagster_shared.error import SerializableErrorInfo

from rfm_assets.automation.run_outcomes import root_cause

RAW = SerializableErrorInfo("IOException: not a valid file\n", [], "IOException")


def in_a_step(cause: SerializableErrorInfo) -> SerializableErrorInfo:
    return SerializableErrorInfo("Error occurred while executing", [], "DagsterExecutionStepExecutionError", cause)


def test_what_we_say_of_an_error_counts_and_not_what_it_came_from() -> None:
    ours = SerializableErrorInfo("WarehouseError: set RFM_WAREHOUSE", [], "WarehouseError", RAW)
    assert root_cause(in_a_step(ours)) == "WarehouseError: set RFM_WAREHOUSE"


def test_of_any_other_error_the_first_cause_counts() -> None:
    assert root_cause(in_a_step(in_a_step(RAW))) == "IOException: not a valid file"


def test_a_full_disk_is_named_with_the_room_of_each_folder_the_fullest_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    free = {tmp_path: 0}
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=free.get(folder, 5_000_000)))
    full = SerializableErrorInfo('IO Error: Could not write file "x": No space left on device', [], "IOException")
    said = root_cause(full)
    assert said.startswith(full.message)
    assert f"A disk is full: 0 MB are free in {tmp_path} (TMPDIR); 5 MB are free in " in said
    assert "(RFM_WAREHOUSE)" in said
    assert "(RFM_PUBLISHED)" in said
