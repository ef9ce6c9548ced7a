"""A download resumes where it broke off, and only the complete, correct archive becomes a workbook."""

import zipfile
from collections.abc import Iterator
from hashlib import sha256
from http import HTTPStatus
from io import BytesIO
from pathlib import Path

import pytest

from rfm_assets.errors import SettingError
from rfm_assets.sample.online_retail import download, fetch
from rfm_assets.sample.online_retail.download import DownloadError
from rfm_assets.sample.online_retail.fetch import ARCHIVE, WORKBOOK, fetch_workbook
from rfm_assets_tests.sample.online_retail.source import FileServer, file_server

CONTENT = b"".join(sha256(bytes([n])).digest() * 110 for n in range(256))  # 900,000 bytes: several pieces


def archive_of(content: bytes, name: str = WORKBOOK) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, content)
    return packed.getvalue()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    """A server with a good archive, and no pauses between attempts."""
    monkeypatch.setattr(download, "_FIRST_PAUSE_SECONDS", 0)
    with file_server() as server:
        server.content = archive_of(CONTENT)
        yield server


def test_the_workbook_is_fetched_and_taken_out(server: FileServer, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    digest = sha256(server.content).hexdigest()
    path = fetch_workbook(
        tmp_path / "new", url=server.url, sha256=digest.upper(), on_progress=lambda *numbers: told.append(numbers)
    )
    assert path == tmp_path / "new" / WORKBOOK
    assert path.read_bytes() == CONTENT
    assert {file.name for file in path.parent.iterdir()} == {WORKBOOK, ARCHIVE}
    assert told[-1] == (len(server.content), len(server.content))
    assert len(told) > 2


def test_a_connection_cut_in_the_middle_goes_on_from_there(server: FileServer, tmp_path: Path) -> None:
    server.cuts = [400_000, 100_000]
    assert fetch_workbook(tmp_path, url=server.url).read_bytes() == CONTENT
    assert server.ranges == [None, "bytes=400000-", "bytes=500000-"]


def test_a_download_goes_on_in_a_later_run(server: FileServer, tmp_path: Path) -> None:
    server.cuts = [400_000]
    server.statuses = []
    server_down = [HTTPStatus.SERVICE_UNAVAILABLE] * 5
    with pytest.raises(DownloadError, match=r"503 Service Unavailable: run again to resume after 400,000 bytes"):
        fetch_workbook(tmp_path, url=server.url, on_progress=lambda *_: server.statuses.extend(server_down))
    server.statuses.clear()
    server.ranges.clear()
    assert fetch_workbook(tmp_path, url=server.url).read_bytes() == CONTENT
    assert server.ranges == ["bytes=400000-"]


def test_a_file_that_changed_meanwhile_is_downloaded_anew(server: FileServer, tmp_path: Path) -> None:
    server.cuts = [400_000]
    newer = archive_of(CONTENT[::-1])

    def publish(done: int, _total: int | None) -> None:
        if done == 400_000:
            server.content = newer

    assert fetch_workbook(tmp_path, url=server.url, on_progress=publish).read_bytes() == CONTENT[::-1]
    assert server.ranges == [None, "bytes=400000-"]


def test_a_server_without_ranges_sends_all_of_it_again(server: FileServer, tmp_path: Path) -> None:
    server.takes_ranges = False
    server.cuts = [400_000]
    assert fetch_workbook(tmp_path, url=server.url).read_bytes() == CONTENT
    assert server.ranges == [None, "bytes=400000-"]


def test_without_a_version_to_go_by_no_part_is_gone_on_with(server: FileServer, tmp_path: Path) -> None:
    server.validators = False
    server.cuts = [400_000]
    assert fetch_workbook(tmp_path, url=server.url).read_bytes() == CONTENT
    assert server.ranges == [None, None]


def test_a_server_that_always_breaks_off_at_the_same_place_is_given_up(server: FileServer, tmp_path: Path) -> None:
    server.takes_ranges = False
    server.cuts = [400_000] * 99
    with pytest.raises(DownloadError, match=r"400,000 of 901,260 bytes came: run again|broke off .*run again"):
        fetch_workbook(tmp_path, url=server.url)
    assert len(server.ranges) == 6
    assert not (tmp_path / ARCHIVE).exists()


def test_a_part_that_is_too_long_is_dropped(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / f"{ARCHIVE}.part").write_bytes(bytes(2_000_000))
    (tmp_path / f"{ARCHIVE}.part.version").write_text(server.etag)
    assert fetch_workbook(tmp_path, url=server.url).read_bytes() == CONTENT
    assert server.ranges == ["bytes=2000000-", None]


def test_a_transfer_of_unknown_length_is_checked_at_the_end(server: FileServer, tmp_path: Path) -> None:
    server.says_length = False
    server.cuts = [400_000]
    with pytest.raises(DownloadError, match="it is not a complete zip file"):
        fetch_workbook(tmp_path, url=server.url)
    assert list(tmp_path.iterdir()) == []
    assert fetch_workbook(tmp_path, url=server.url).read_bytes() == CONTENT


def test_a_passing_refusal_is_tried_again(server: FileServer, tmp_path: Path) -> None:
    server.statuses = [HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.BAD_GATEWAY]
    assert fetch_workbook(tmp_path, url=server.url).read_bytes() == CONTENT


@pytest.mark.parametrize("status", [HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN])
def test_a_lasting_refusal_is_not(server: FileServer, tmp_path: Path, status: HTTPStatus) -> None:
    server.statuses = [status]
    with pytest.raises(
        DownloadError, match=rf"online\+retail\+ii\.zip: the server says {status.value} .*: check the addr"
    ):
        fetch_workbook(tmp_path, url=server.url)
    assert len(server.ranges) == 1


def test_no_server_at_all_is_an_error_that_names_the_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "_FIRST_PAUSE_SECONDS", 0)
    with file_server() as gone:
        url = gone.url
    with pytest.raises(DownloadError, match=r"cannot download http://127\.0\.0\.1.*: no answer .*refused"):
        fetch_workbook(tmp_path, url=url)


def test_a_wrong_checksum_is_refused_and_the_archive_not_kept(server: FileServer, tmp_path: Path) -> None:
    real, wrong = sha256(server.content).hexdigest(), "0" * 64
    with pytest.raises(DownloadError, match=f"its SHA-256 is {real} instead of {wrong}.*pass --sha256 {real}"):
        fetch_workbook(tmp_path, url=server.url, sha256=wrong)
    assert list(tmp_path.iterdir()) == []


def test_the_repositorys_own_archive_must_be_the_known_one(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "URL", server.url)
    with pytest.raises(DownloadError, match=f"instead of {fetch.SHA256}"):
        fetch_workbook(tmp_path, url=server.url)
    assert fetch_workbook(tmp_path, url=server.url, sha256=sha256(server.content).hexdigest()).read_bytes() == CONTENT


def test_a_flipped_bit_is_noticed(server: FileServer, tmp_path: Path) -> None:
    server.content = server.content[:500_000] + bytes([server.content[500_000] ^ 1]) + server.content[500_001:]
    with pytest.raises(DownloadError, match=f"{WORKBOOK} in it is damaged"):
        fetch_workbook(tmp_path, url=server.url)


@pytest.mark.parametrize("content", [b"<html>Sign in</html>", archive_of(b"", name="readme.txt")])
def test_another_file_is_refused(server: FileServer, tmp_path: Path, content: bytes) -> None:
    server.content = content
    with pytest.raises(DownloadError, match=rf"not a complete zip file|holds no {WORKBOOK}"):
        fetch_workbook(tmp_path, url=server.url)


def test_a_whole_archive_is_not_downloaded_again(server: FileServer, tmp_path: Path) -> None:
    fetch_workbook(tmp_path, url=server.url).unlink()
    assert fetch_workbook(tmp_path, url=server.url).read_bytes() == CONTENT
    assert len(server.ranges) == 1


def test_a_damaged_archive_is_downloaded_again(server: FileServer, tmp_path: Path) -> None:
    fetch_workbook(tmp_path, url=server.url)
    (tmp_path / ARCHIVE).write_bytes(server.content[:-1])
    assert fetch_workbook(tmp_path, url=server.url).read_bytes() == CONTENT
    assert len(server.ranges) == 2


def test_a_folder_that_cannot_be_written_is_named(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DownloadError, match=rf"cannot write {tmp_path}/file/{ARCHIVE}: .*choose another folder"):
        fetch_workbook(tmp_path / "file", url=server.url)


@pytest.mark.parametrize("url", ["file:///etc/hostname", "ftp://host/a.zip", "online_retail.zip"])
def test_only_the_web_is_downloaded_from(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingError, match="give an address that starts with https://"):
        fetch_workbook(tmp_path, url=url)


def test_what_is_no_checksum_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="--sha256 abc is not a SHA-256"):
        fetch_workbook(tmp_path, sha256="abc")


def test_secrets_in_an_address_are_not_shown(server: FileServer, tmp_path: Path) -> None:
    server.statuses = [HTTPStatus.FORBIDDEN]
    with pytest.raises(DownloadError) as refusal:
        fetch_workbook(tmp_path, url=f"{server.url}?signature=secret")
    assert "secret" not in str(refusal.value)
    assert download.without_secrets("https://me:secret@host/a?b=secret") == "https://host/a"
