"""Downloads a file over HTTP: resumes after interruptions, and never mistakes a part for the whole."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from rfm_assets.errors import RfmError, SettingError
from rfm_assets.retries import pause

_ATTEMPTS = 5
_FIRST_PAUSE_SECONDS = 1.0
_TIMEOUT_SECONDS = 60
_PIECE = 1 << 18
_PASSING = {
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}

OnProgress = Callable[[int, int | None], None]
"""Called with the bytes received, and the total if the server reports it."""


class DownloadError(RfmError):
    """A file cannot be downloaded, or is not the expected one."""


class _BrokenOffError(Exception):
    """An attempt ended early; the next one may succeed."""


@dataclass(frozen=True)
class _Part:
    """The bytes received so far, and the version of the file that they belong to."""

    path: Path

    @property
    def version_path(self) -> Path:
        return self.path.with_name(f"{self.path.name}.version")

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def headers(self) -> dict[str, str]:
        """Requests the rest if the file is still the same version; otherwise all of it."""
        if not self.size or not self.version_path.exists():
            return {}
        return {"Range": f"bytes={self.size}-", "If-Range": self.version_path.read_text()}

    def begin(self, version: str | None) -> None:
        """Discards earlier bytes. Without a version, the download cannot be resumed later."""
        self.path.write_bytes(b"")
        self.version_path.unlink(missing_ok=True)
        if version is not None:
            self.version_path.write_text(version)


def download(url: str, path: Path, on_progress: OnProgress = lambda _done, _total: None) -> None:
    """Downloads `url` to `path`; partial data is kept beside it in a `.part` file, even between runs.

    Resumes a broken transfer after a pause, until several consecutive attempts make no progress.

    Raises:
        SettingError: when the URL is not a web address.
        DownloadError: when the server refuses or keeps breaking off, or the disk cannot take the file.
    """
    if urlsplit(url).scheme not in {"http", "https"}:
        raise SettingError(f"cannot download from {without_secrets(url)}: give an address that starts with https://")
    part = _Part(path.with_name(f"{path.name}.part"))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _receive_all(url, part, on_progress)
        part.path.replace(path)
        part.version_path.unlink(missing_ok=True)
    except OSError as error:
        raise DownloadError(f"cannot write {path}: {error}: free some space, or choose another folder") from error


def _receive_all(url: str, part: _Part, on_progress: OnProgress) -> None:
    furthest, attempt = part.size, 0
    while True:
        try:
            return _receive(url, part, on_progress)
        except _BrokenOffError as error:
            reason = error
        attempt = 0 if part.size > furthest else attempt + 1
        furthest = max(furthest, part.size)
        if attempt == _ATTEMPTS:
            message = f"cannot download {without_secrets(url)}: {reason}: run again to resume after {part.size:,} bytes"
            raise DownloadError(message)
        pause(attempt, first_seconds=_FIRST_PAUSE_SECONDS)


def _receive(url: str, part: _Part, on_progress: OnProgress) -> None:
    """Makes one attempt; returns when the part is complete."""
    with _asked(url, part) as response:
        total = _begin(part, response)
        with part.path.open("ab") as file:
            while piece := _next_piece(response):
                file.write(piece)
                on_progress(file.tell(), total)
            size = file.tell()
    if total is not None and size != total:
        raise _BrokenOffError(f"{size:,} of {total:,} bytes came")


def _asked(url: str, part: _Part) -> HTTPResponse:
    request = Request(url, headers={"User-Agent": "rfm-assets", **part.headers()})  # noqa: S310 - http and https only
    try:
        response: HTTPResponse = urlopen(request, timeout=_TIMEOUT_SECONDS)  # noqa: S310 - as above
    except HTTPError as error:
        error.close()
        said = f"the server says {error.code} {error.reason}"
        if error.code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            part.begin(None)
        elif error.code not in _PASSING:
            raise DownloadError(f"cannot download {without_secrets(url)}: {said}: check the address") from None
        raise _BrokenOffError(said) from None
    except (URLError, HTTPException, ConnectionError, TimeoutError) as error:
        raise _BrokenOffError(f"no answer ({getattr(error, 'reason', error)})") from error
    return response


def _begin(part: _Part, response: HTTPResponse) -> int | None:
    """Checks where the response starts, and clears the part if at the beginning; returns the total size, if known."""
    length = int(response.headers["Content-Length"]) if "Content-Length" in response.headers else None
    if response.status == HTTPStatus.PARTIAL_CONTENT:
        if not response.headers.get("Content-Range", "").startswith(f"bytes {part.size}-"):
            part.begin(None)
            raise _BrokenOffError("the server sent another range than the one asked for")
        return None if length is None else part.size + length
    etag = response.headers.get("ETag", "")
    # A weak ETag may cover different bytes; a date is the next best thing.
    part.begin(etag if etag.startswith('"') else response.headers.get("Last-Modified"))
    return length


def _next_piece(response: HTTPResponse) -> bytes:
    try:
        return response.read(_PIECE)
    except (HTTPException, ConnectionError, TimeoutError, ssl.SSLError) as error:
        raise _BrokenOffError(f"the transfer broke off ({type(error).__name__})") from error


def without_secrets(url: str) -> str:
    """The address without parts that may be secret."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
