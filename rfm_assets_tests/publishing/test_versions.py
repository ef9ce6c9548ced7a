"""A version is published completely or not at all, and old versions are cleaned up."""

import os
from pathlib import Path

import pytest

from rfm_assets.publishing.versions import Pointer

THEIRS = {"notes.txt", "rfm-report.xlsx", "rfm-2026.duckdb"}  # whatever people put next to it


def write(pointer: Pointer, text: str, *, is_folder: bool = False) -> Path:
    version = pointer.new_version()
    if is_folder:
        version.mkdir()
        (version / "list.csv").write_text(text)
    else:
        version.write_text(text)
    return version


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("name", ["rfm.duckdb", "parquet", "2026-04-28"])
@pytest.mark.parametrize("is_folder", [False, True])
def test_the_pointer_moves_to_each_version_and_one_older_is_kept(tmp_path: Path, name: str, *, is_folder: bool) -> None:
    pointer = Pointer(tmp_path / "published", name)
    assert pointer.newest is None
    versions = []
    for text in ("first", "second", "third"):
        versions.append(write(pointer, text, is_folder=is_folder))
        assert pointer.newest == (versions[-2] if len(versions) > 1 else None)
        pointer.show(versions[-1])
        assert pointer.newest == versions[-1]
        shown = pointer.path / "list.csv" if is_folder else pointer.path
        assert shown.read_text() == text
    assert names(pointer.folder) == {name, versions[1].name, versions[2].name}
    assert not Path(pointer.path.readlink()).is_absolute()  # so that the folder can be moved or mounted elsewhere


def test_no_older_one_is_kept_where_that_is_asked(tmp_path: Path) -> None:
    pointer = Pointer(tmp_path, "lists")
    for text in ("first", "second"):
        pointer.show(write(pointer, text, is_folder=True), keep_previous=False)
    assert names(tmp_path) == {"lists", Path(pointer.path.readlink()).name}


def test_what_a_killed_publish_has_left_is_removed_by_the_next_one(tmp_path: Path) -> None:
    pointer = Pointer(tmp_path, "rfm.duckdb")
    first = write(pointer, "first")
    pointer.show(first)
    (tmp_path / "rfm-20260101T000000.000000Z.duckdb").write_text("half")
    (tmp_path / "rfm-20260101T000000.000000Z.duckdb.wal").write_text("half")
    (tmp_path / ".rfm.duckdb.next").symlink_to("rfm-20260101T000000.000000Z.duckdb")
    for theirs in THEIRS:
        (tmp_path / theirs).write_text("not ours")
    second = write(pointer, "second")
    pointer.show(second)
    assert names(tmp_path) == {"rfm.duckdb", first.name, second.name, *THEIRS}


def test_what_failed_runs_have_begun_does_not_pile_up(tmp_path: Path) -> None:
    pointer = Pointer(tmp_path, "rfm.duckdb")
    first = write(pointer, "first")
    pointer.show(first)
    write(pointer, "failed")
    again = pointer.new_version()
    assert names(tmp_path) == {"rfm.duckdb", first.name}
    assert not again.exists()


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
@pytest.mark.parametrize("is_folder", [False, True])
def test_owner_and_group_read_what_is_shown_nobody_writes_it_whatever_the_umask(
    tmp_path: Path, umask: int, *, is_folder: bool
) -> None:
    pointer = Pointer(tmp_path / "new" / "published", "lists")
    before = os.umask(umask)
    try:
        pointer.show(write(pointer, "first", is_folder=is_folder))
    finally:
        os.umask(before)
    assert mode(pointer.folder) == 0o750
    if is_folder:
        assert mode(pointer.path) == 0o750
    assert mode(pointer.path / "list.csv" if is_folder else pointer.path) == 0o440


def test_a_folder_that_is_there_keeps_its_rights(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    write(Pointer(tmp_path, "rfm.duckdb"), "first")
    assert mode(tmp_path) == 0o755
