"""An S3 server that supports list and get only, and fails in the ways a test asks for."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from hashlib import md5
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mmap import mmap
from threading import Lock
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

from rfm_assets_tests.helpers.servers import LOOPBACK, in_a_thread

PAGE_SIZE = 1000


class Fault(Enum):
    """What can go wrong with one request."""

    CUT = auto()
    """The connection ends in the middle of the body."""
    FLIPPED = auto()
    """The last byte of the body arrives changed."""
    OTHER_ETAG = auto()
    """The object has been replaced, and the server ignores conditions."""
    KMS = auto()
    """The object is encrypted with a managed key, so its ETag is not an MD5."""
    SLOW_DOWN = auto()
    ERROR = auto()
    DENIED = auto()
    WEB_PAGE = auto()
    """The answer is an HTML page, as from a server's console."""
    NO_TOKEN = auto()
    """A listing says that it is truncated, but has no continuation token."""


@dataclass
class StubS3:
    """The server's objects, the faults of its next and later requests, and its number of requests so far."""

    endpoint: str
    objects: dict[str, bytes | mmap] = field(default_factory=dict)
    faults: list[Fault | None] = field(default_factory=list)
    lasting: Fault | None = None
    requests: int = 0
    lock: Lock = field(default_factory=Lock)

    def reset(self) -> None:
        self.objects, self.faults, self.lasting, self.requests = {}, [], None, 0

    def next_fault(self) -> Fault | None:
        with self.lock:
            self.requests += 1
            return self.faults.pop(0) if self.faults else self.lasting


@contextmanager
def stub_server() -> Iterator[StubS3]:
    """A server that answers for every bucket name with its only bucket."""
    server = _Server((LOOPBACK, 0), _Handler)
    stub = StubS3(f"http://{LOOPBACK}:{server.server_port}")
    server.RequestHandlerClass = type("_Handler", (_Handler,), {"stub": stub})
    with in_a_thread(server):
        yield stub


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # a client may hang up
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    stub: StubS3
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        _, _, key = unquote(url.path).lstrip("/").partition("/")
        fault = self.stub.next_fault()
        match fault:
            case Fault.SLOW_DOWN:
                self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, "SlowDown")
            case Fault.ERROR:
                self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR, "InternalError")
            case Fault.DENIED:
                self._refuse(HTTPStatus.FORBIDDEN, "AccessDenied")
            case Fault.WEB_PAGE:
                self._answer(HTTPStatus.OK, b"<html><body>Welcome</body></html>")
            case _ if "list-type" in query:
                self._list(query, fault)
            case _:
                self._get(self.stub.objects[key], fault)

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def _list(self, query: dict[str, str], fault: Fault | None) -> None:
        keys = sorted(key for key in self.stub.objects if key.startswith(query.get("prefix", "")))
        start = int(query.get("continuation-token", 0))
        page, rest = keys[start : start + PAGE_SIZE], keys[start + PAGE_SIZE :]
        token = f"<NextContinuationToken>{start + PAGE_SIZE}</NextContinuationToken>" if rest else ""
        truncated = bool(rest) or fault is Fault.NO_TOKEN
        contents = "".join(
            f"<Contents><Key>{escape(key)}</Key><Size>{len(self.stub.objects[key])}</Size>"
            f'<ETag>"{md5(self.stub.objects[key]).hexdigest()}"</ETag></Contents>'  # noqa: S324 - what S3 does
            for key in page
        )
        text = f"<IsTruncated>{str(truncated).lower()}</IsTruncated>{token}{contents}"
        self._answer(HTTPStatus.OK, f"<ListBucketResult>{text}</ListBucketResult>".encode())

    def _get(self, body: bytes | mmap, fault: Fault | None) -> None:
        etag = "another" if fault is Fault.OTHER_ETAG else md5(body).hexdigest()  # noqa: S324 - what S3 does
        self.send_response(HTTPStatus.OK)
        self.send_header("ETag", f'"{etag}"')
        self.send_header("Content-Length", str(len(body)))
        if fault is Fault.KMS:
            self.send_header("x-amz-server-side-encryption", "aws:kms")
        self.end_headers()
        if fault is Fault.CUT:
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
        elif fault in {Fault.FLIPPED, Fault.KMS}:
            self.wfile.write(body[:-1] + bytes([body[-1] ^ 1]))
        else:
            self.wfile.write(body)

    def _refuse(self, status: HTTPStatus, code: str) -> None:
        self._answer(status, f"<Error><Code>{code}</Code><Message>{status.description}</Message></Error>".encode())

    def _answer(self, status: HTTPStatus, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
