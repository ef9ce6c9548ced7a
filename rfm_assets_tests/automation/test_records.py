"""Errors are blamed on DAGSTER_HOME only when they come from Dagster's own records."""

import errno
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import dagster as dg
import pytest

from rfm_assets.automation.records import recorded_in
from rfm_assets.errors import RfmError
from rfm_assets.owners import own

pytestmark = pytest.mark.slow


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


_MAKE = """
import sys, threading
from pathlib import Path
from rfm_assets.automation.records import open_records
print("ready", flush=True)
sys.stdin.readline()
with open_records(Path(sys.argv[1])):
    pass
"""


def test_processes_that_find_no_records_at_the_same_moment_make_them_once(tmp_path: Path) -> None:
    (tmp_path / "dagster.yaml").write_text("telemetry: {enabled: false}")
    command = [sys.executable, "-W", "ignore", "-c", _MAKE, str(tmp_path)]
    makers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for maker in makers:
        assert maker.stdout
        assert maker.stdout.readline() == "ready\n"
    for maker in makers:
        assert maker.stdin
        maker.stdin.write("go\n")
        maker.stdin.flush()
    said = [maker.communicate()[1] for maker in makers]
    assert [maker.returncode for maker in makers] == [0, 0, 0], said
    databases = [path for path in tmp_path.rglob("*.db") if path.stat().st_size]
    for database in databases:
        with closing(sqlite3.connect(database)) as connection:
            assert connection.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,), database
    assert len(databases) >= 3
