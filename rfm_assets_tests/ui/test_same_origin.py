"""What the guard in front of Dagster's UI lets through and what it refuses, request by request."""

import pytest

from rfm_assets.ui.same_origin import why_refused

HOST = "127.0.0.1:3000"
UI = f"http://{HOST}"
EVIL = "https://evil.example"
ASKED = {"host": HOST, "content-type": "application/json"}
OF_A_PAGE_ELSEWHERE = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}
FOLLOWED = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("POST", "/graphql", ASKED | {"origin": UI, "sec-fetch-site": "same-origin"}),
        ("POST", "/graphql", ASKED),  # a program
        ("POST", "/graphql", ASKED | {"host": "localhost:3000", "origin": "http://localhost:3000"}),  # through SSH
        ("WEBSOCKET", "/graphql", {"host": HOST, "origin": UI}),
        ("GET", "/graphql", {"host": HOST, "accept": "text/html", "sec-fetch-site": "none"}),  # the query editor
        ("GET", "/assets/gold/customer_rfm", {"host": HOST} | FOLLOWED),  # a link in the dashboard
        ("GET", "/server_info", {"host": "[::1]:3000"}),
    ],
)
def test_the_ui_itself_programs_and_followed_links_are_let_through(
    method: str, path: str, headers: dict[str, str]
) -> None:
    assert why_refused(method, path, headers) is None


@pytest.mark.parametrize(
    ("method", "path", "headers", "reason"),
    [
        ("GET", "/graphql", {"host": HOST, "accept": "image/*"}, "by POST"),  # <img> of an older browser
        ("GET", "/graphql", {"host": HOST, "accept": "image/*"} | OF_A_PAGE_ELSEWHERE, "another origin"),
        ("HEAD", "/graphql", {"host": HOST}, "by POST"),
        ("GET", "/graphql", {"host": HOST, "accept": "text/html"} | FOLLOWED, "another origin"),
        ("POST", "/graphql", ASKED | {"origin": EVIL}, EVIL),
        ("POST", "/graphql", ASKED | {"origin": "null"}, "null"),  # a sandboxed frame, a file
        ("POST", "/graphql", ASKED | {"origin": "http://127.0.0.1:8501"}, "8501"),  # another program of this machine
        ("POST", "/graphql", {"host": HOST, "content-type": "text/plain; application/json"}, "by POST"),
        ("POST", "/graphql", {"host": HOST, "content-type": "application/x-www-form-urlencoded"}, "by POST"),
        ("POST", "/report_asset_materialization/x", {"host": HOST, "origin": EVIL}, EVIL),
        ("WEBSOCKET", "/graphql", {"host": HOST, "origin": EVIL}, EVIL),
        ("GET", "/", {"host": HOST} | FOLLOWED | {"sec-fetch-dest": "iframe"}, "another origin"),  # to steal a click
        ("GET", "/", {"host": HOST} | OF_A_PAGE_ELSEWHERE, "another origin"),
        ("GET", "/", {"host": HOST} | OF_A_PAGE_ELSEWHERE | {"sec-fetch-site": "same-site"}, "another origin"),
        ("POST", "/graphql", {"host": "evil.example:3000"}, "this machine only"),  # a name that leads to loopback
        ("POST", "/graphql", {"host": "127.0.0.1.evil.example"}, "this machine only"),
        ("GET", "/", {}, "this machine only"),
    ],
)
def test_what_a_page_of_another_origin_can_send_is_refused_with_the_reason(
    method: str, path: str, headers: dict[str, str], reason: str
) -> None:
    assert reason in (why_refused(method, path, headers) or "")
