"""Refuses requests that a page of another origin makes a browser send to Dagster's UI, which has no login.

An `<img>` with a GraphQL mutation in its URL is enough to stop a sensor. Browsers name the origin of a request in
`Origin` and `Sec-Fetch-Site`, but older ones send neither with a GET: so GraphQL is answered by POST only.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}
GRAPHQL = "/graphql"
JSON = ("application/json", "application/graphql")  # pages cannot send these to another origin without a preflight


class SameOrigin:
    """ASGI middleware that passes on only this machine's own requests."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a refused request with 403 and the reason, and passes on any other."""
        reason = None
        if scope["type"] in {"http", "websocket"}:
            # A WebSocket opens by GET; its messages need no further check.
            reason = why_refused(scope.get("method", "WEBSOCKET"), scope["path"], Headers(scope=scope))
        if reason is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse(f"{reason}\n", status_code=403)(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008, "reason": reason})


def why_refused(method: str, path: str, headers: Mapping[str, str]) -> str | None:
    """Why a request is refused; None if it is allowed. `headers` has names in lower case."""
    host = headers.get("host", "")
    if urlsplit(f"//{host}").hostname not in THIS_MACHINE:  # a foreign name can be made to resolve here (DNS rebinding)
        return f"this UI is for this machine only: open it as http://127.0.0.1 or http://localhost, not as {host!r}"
    origin = headers.get("origin")
    if origin is not None and origin not in {f"http://{host}", f"https://{host}"}:
        return f"a page of {origin} sent this, not the UI itself"
    from_elsewhere = headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}
    if from_elsewhere and not _follows_a_link(method, path, headers):
        return "a page of another origin sent this, not the UI itself"
    if path == GRAPHQL and method != "WEBSOCKET" and not _cannot_be_forged(method, headers):
        return "GraphQL is answered by POST with Content-Type application/json"
    return None


def _follows_a_link(method: str, path: str, headers: Mapping[str, str]) -> bool:
    """Whether a person follows a link from another page, such as the dashboard; a frame in that page does not count."""
    destination = (headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest"))
    return method == "GET" and destination == ("navigate", "document") and path != GRAPHQL


def _cannot_be_forged(method: str, headers: Mapping[str, str]) -> bool:
    """Whether the UI or a program sent this, or it only opens the query editor, which runs nothing on its own."""
    if method == "POST":
        return headers.get("content-type", "").startswith(JSON)
    return "text/html" in headers.get("accept", "")
