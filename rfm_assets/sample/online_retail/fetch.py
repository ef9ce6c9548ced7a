"""Fetches the workbook of Online Retail II: downloads its archive, verifies and unpacks it."""

import hashlib
import os
import re
import shutil
import zipfile
from pathlib import Path

from rfm_assets.errors import SettingError
from rfm_assets.sample.online_retail.download import DownloadError, OnProgress, download, without_secrets

URL = "https://archive.ics.uci.edu/static/public/502/online+retail+ii.zip"
ARCHIVE_BYTES = 45_622_418
# The repository publishes no checksum; this is the archive that it served in 2025 and 2026.
SHA256 = "572e36277c2390fbfde10664750731e0a86f55e33470d91919085f0408e67bfb"
ARCHIVE = "online_retail_II.zip"
WORKBOOK = "online_retail_II.xlsx"


def fetch_workbook(
    folder: Path,
    *,
    url: str = URL,
    sha256: str | None = None,
    on_progress: OnProgress = lambda _done, _total: None,
) -> Path:
    """Downloads the archive into the folder and unpacks the workbook; returns the workbook's path.

    An existing complete archive is not downloaded again. The archive must have the checksum `sha256`, which defaults to
    the known one for the repository's URL, and to none for any other.

    Raises:
        SettingError: when `sha256` is not a SHA-256, or `url` not a web address.
        DownloadError: when the archive cannot be downloaded, or is incomplete or a different one; it is not kept then.
    """
    if sha256 is not None and re.fullmatch("[0-9a-fA-F]{64}", sha256) is None:
        raise SettingError(f"--sha256 {sha256} is not a SHA-256: give its 64 hexadecimal digits")
    expected = sha256 or (SHA256 if url == URL else None)
    archive = folder / ARCHIVE
    if not archive.is_file() or _problem_of(archive, expected):
        download(url, archive, on_progress)
        if problem := _problem_of(archive, expected):
            archive.unlink()
            raise DownloadError(f"{without_secrets(url)} is not the expected archive: {problem}")
    return _take_out(archive, folder)


def _problem_of(archive: Path, expected: str | None) -> str | None:
    """What is wrong with an archive, if anything."""
    with archive.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    if expected is not None and sha256 != expected.lower():
        way_out = f"run again; if you trust this archive, pass --sha256 {sha256}"
        return f"its SHA-256 is {sha256} instead of {expected.lower()}: {way_out}"
    try:
        with zipfile.ZipFile(archive) as content:
            damaged = content.testzip()
            names = content.namelist()
    except zipfile.BadZipFile:
        return "it is not a complete zip file: check the address"
    if damaged is not None:
        return f"{damaged} in it is damaged: run again"
    return None if WORKBOOK in names else f"it holds no {WORKBOOK}: check the address"


def _take_out(archive: Path, folder: Path) -> Path:
    path = folder / WORKBOOK
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with zipfile.ZipFile(archive) as content, content.open(WORKBOOK) as packed, beside.open("wb") as file:
            shutil.copyfileobj(packed, file)
        beside.replace(path)
    except OSError as error:
        raise DownloadError(f"cannot write {path}: {error}: make room, or name another folder") from error
    finally:
        beside.unlink(missing_ok=True)
    return path
