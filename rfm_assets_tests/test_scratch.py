"""Scratch folders are private and removed: with their owner, or at the next start if it was killed."""

import os
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from rfm_assets.scratch import ScratchFolder, sweep

MAKE_ONE_AND_WAIT = """
from rfm_assets.scratch import ScratchFolder
folder = ScratchFolder("landing")
(folder.path / "rows.csv").write_text("17850")
print(folder.path, flush=True)
input()
"""
A_MINUTE, TWO_DAYS = 60, 2 * 24 * 3600


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def age(folder: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(folder, (then, then))


def of_a_killed_process(temporary: Path) -> Path:
    child = subprocess.Popen(
        [sys.executable, "-c", MAKE_ONE_AND_WAIT],
        env=os.environ | {"TMPDIR": str(temporary)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    folder = Path(child.stdout.readline().strip())
    age(folder, A_MINUTE)
    assert sweep() == [], "its owner lives"
    child.kill()
    child.communicate()
    return folder


def test_only_their_owner_can_look_into_them(temporary: Path) -> None:
    with ScratchFolder("repair") as folder:
        assert folder.parent == temporary
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_folder_of_a_killed_process_is_swept_and_those_of_the_living_are_not(temporary: Path) -> None:
    with ScratchFolder("clusters") as ours:
        age(ours, TWO_DAYS)
        left = of_a_killed_process(temporary)
        assert sweep() == [left]
        assert list(temporary.iterdir()) == [ours]


def test_a_folder_without_a_lock_is_swept_when_it_is_old(temporary: Path) -> None:
    for name in ("rfm-landing-old", "rfm-landing-new", "another-program's"):
        (temporary / name).mkdir()
    age(temporary / "rfm-landing-old", TWO_DAYS)
    age(temporary / "another-program's", TWO_DAYS)
    assert sweep() == [temporary / "rfm-landing-old"]


def test_a_link_is_not_followed(temporary: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    age(elsewhere, TWO_DAYS)
    (temporary / "rfm-landing-link").symlink_to(elsewhere)
    assert sweep() == []
    assert elsewhere.is_dir()
