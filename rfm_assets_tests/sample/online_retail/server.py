"""A web server of one file on loopback, which breaks off, refuses and forgets ranges as a test asks it to."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass
class FileServer:
    """What is served and how, and the ranges asked for so far."""

    url: str
    content: bytes = b""
    takes_ranges: bool = True
    says_length: bool = True
    validators: bool = True
    statuses: list[HTTPStatus] = field(default_factory=list)
    """Refusals for the next requests."""
    cuts: list[int] = field(default_factory=list)
    """After how many bytes the next answers break off."""
    ranges: list[str | None] = field(default_factory=list)

    @property
    def etag(self) -> str:
        """Another one for other content, as an object store gives it."""
        return f'"{sha256(self.content).hexdigest()[:32]}-6"'


@contextmanager
def file_server() -> Iterator[FileServer]:
    """A server of an empty file, which a test fills."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    files = FileServer(f"http://127.0.0.1:{server.server_port}/static/online+retail+ii.zip")
    server.RequestHandlerClass = type("_Handler", (_Handler,), {"files": files})
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield files
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    files: FileServer

    def do_GET(self) -> None:
        files = self.files
        files.ranges.append(self.headers["Range"])
        if files.statuses:
            self.send_error(files.statuses.pop(0))
            return
        start = self._start()
        if start >= len(files.content) > 0:
            self.send_error(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
            return
        body = files.content[start:]
        self.send_response(HTTPStatus.PARTIAL_CONTENT if start else HTTPStatus.OK)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(files.content) - 1}/{len(files.content)}")
        if files.says_length:
            self.send_header("Content-Length", str(len(body)))
        if files.validators:
            self.send_header("ETag", files.etag)
        self.end_headers()
        self.wfile.write(body[: files.cuts.pop(0)] if files.cuts else body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def _start(self) -> int:
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers["Range"] or "")
        known = self.headers["If-Range"] in {None, self.files.etag}
        return int(asked[1]) if asked and known and self.files.takes_ranges else 0
