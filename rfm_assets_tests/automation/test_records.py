"""Holds errors to the folder that they come from: only those of Dagster's records are put down to DAGSTER_HOME."""

import errno
from pathlib import Path

import dagster as dg
import pytest

from rfm_assets.automation.records import recorded_in
from rfm_assets.errors import RfmError
from rfm_assets.owners import own


def open_records(folder: Path) -> None:
    with dg.DagsterInstance.local_temp(str(folder)) as instance:
        instance.get_runs_count()


def test_records_that_cannot_be_kept_are_told_with_their_folder(tmp_path: Path) -> None:
    (tmp_path / "history").write_text("a file, where a folder has to be")
    expected = rf"cannot write its records in {tmp_path} \(.*\): give the right to write"
    with pytest.raises(RfmError, match=expected), recorded_in(tmp_path):
        open_records(tmp_path)


@pytest.mark.parametrize("kind", [PermissionError, FileExistsError, NotADirectoryError])
def test_the_same_kinds_of_error_from_elsewhere_are_not_put_down_to_it(tmp_path: Path, kind: type[OSError]) -> None:
    with pytest.raises(kind, match="landing"), recorded_in(tmp_path):
        raise kind(errno.EACCES, "Permission denied, File exists", "landing")


def test_a_full_disk_has_the_message_that_a_step_would_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("rfm_assets.owners.os.open", full)
    with pytest.raises(RfmError, match=r"A disk is full: .* MB are free in .* \(DAGSTER_HOME\)"), recorded_in(tmp_path):
        own(tmp_path / "run")
