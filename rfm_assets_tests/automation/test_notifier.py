"""Notifiers deliver what they are given and never reveal the webhook's address."""

import json
import logging
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer

import dagster as dg
import pytest
from pydantic import SecretStr

from rfm_assets.automation import notifier
from rfm_assets.automation.notifier import LogNotifier, WebhookNotifier
from rfm_assets.definitions import resources_for
from rfm_assets.errors import RfmError
from rfm_assets.settings import Settings
from rfm_assets_tests.helpers.servers import LOOPBACK, in_a_thread

SECRET = "T000-a-secret-path"  # noqa: S105 - of a server that lives as long as a test


@dataclass
class Channel:
    """A chat channel's webhook: gives its answers in turn and repeats the last one; 0 hangs up."""

    url: str
    answers: list[int] = field(default_factory=lambda: [200])
    messages: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> Iterator[Channel]:
    monkeypatch.setattr(notifier, "_FIRST_PAUSE_SECONDS", 0)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            channel.messages.append((self.path, self.headers["Content-Type"], json.loads(body)))
            answer = channel.answers.pop(0) if len(channel.answers) > 1 else channel.answers[0]
            if answer:
                self.send_response(answer)
                self.send_header("Content-Length", "0")
                self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keeps quiet."""

    server = HTTPServer((LOOPBACK, 0), Handler)
    channel = Channel(f"http://{LOOPBACK}:{server.server_port}/{SECRET}")
    with in_a_thread(server):
        yield channel


def refusal(url: str) -> str:
    """Everything a person may see about a message that could not be delivered."""
    with pytest.raises(RfmError) as refused:
        WebhookNotifier(url=url).notify("daily_refresh failed", "the reason")
    return "".join(traceback.format_exception(refused.value))


def test_a_webhook_gets_one_message_that_chats_take(channel: Channel) -> None:
    WebhookNotifier(url=channel.url).notify("daily_refresh failed", 'because of "ä"\nrun 1')
    text = '*daily_refresh failed*\nbecause of "ä"\nrun 1'
    assert channel.messages == [(f"/{SECRET}", "application/json", {"text": text})]


@pytest.mark.parametrize("answers", [[503, 200], [0, 429, 200]])
def test_a_message_that_is_not_taken_is_sent_again(channel: Channel, answers: list[int]) -> None:
    channel.answers = [*answers]
    WebhookNotifier(url=channel.url).notify("title", "text")
    assert len(channel.messages) == len(answers)


@pytest.mark.parametrize(("answer", "said"), [(404, "it answered 404"), (0, "RemoteDisconnected")])
def test_a_webhook_that_never_takes_it_is_an_error_that_keeps_the_address(
    channel: Channel, answer: int, said: str
) -> None:
    channel.answers = [answer]
    message = refusal(channel.url)
    assert f"an alert could not be sent ({said}): check RFM_WEBHOOK_URL. It said: daily_refresh failed" in message
    assert SECRET not in message
    assert len(channel.messages) == 3


@pytest.mark.parametrize(
    "address",
    [f"ftp://example.org/{SECRET}", SECRET, f"http://127.0.0.1:99999/{SECRET}", f"http://127.0.0.1/a {SECRET}"],
)
@pytest.mark.usefixtures("channel")
def test_an_address_that_is_none_is_not_shown(address: str) -> None:
    message = refusal(address)
    assert "RFM_WEBHOOK_URL" in message
    assert SECRET not in message


@pytest.mark.usefixtures("channel")
def test_a_server_that_is_not_there_is_an_error() -> None:
    message = refusal(f"http://127.0.0.1:1/{SECRET}")
    assert "an alert could not be sent (URLError)" in message
    assert SECRET not in message


def test_without_a_webhook_alerts_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    chosen = resources_for(Settings(webhook_url=None))["notifier"]
    assert isinstance(chosen, LogNotifier)
    log = dg.get_dagster_logger(chosen.logger)
    # Runs of other tests leave Dagster's loggers cut off from the root, and at the level of their instance.
    caplog.set_level(logging.ERROR, logger=log.name)
    log.addHandler(caplog.handler)
    chosen.notify("daily_refresh failed", "the reason")
    log.removeHandler(caplog.handler)
    assert {(record.levelno, record.getMessage()) for record in caplog.records} == {
        (logging.ERROR, "daily_refresh failed\nthe reason")
    }


def test_the_address_of_a_webhook_is_no_part_of_the_definitions() -> None:
    chosen = resources_for(Settings(webhook_url=SecretStr(f"https://example.org/{SECRET}")))["notifier"]
    assert isinstance(chosen, WebhookNotifier)
    assert SECRET not in repr(chosen)
