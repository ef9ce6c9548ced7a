"""Holds the sending of the digest to arriving whole, and to never telling the server's address or password."""

import email
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from socketserver import StreamRequestHandler, ThreadingTCPServer

import pytest

from rfm_assets.digest import mail
from rfm_assets.digest.mail import Mailbox, mailbox
from rfm_assets.errors import RfmError, SettingError
from rfm_assets.settings import settings
from rfm_assets_tests.helpers.servers import LOOPBACK, in_a_thread

PASSWORD = "a-secret-password"  # noqa: S105 - of a server that lives as long as a test


@dataclass
class Server:
    """A mail server without TLS: takes what it is given, but for recipients it refuses and greetings it denies."""

    port: int
    messages: list[Message] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    denied: int = 0
    """How many more connections it turns away."""
    commands: list[str] = field(default_factory=list)

    def mailbox(self, *recipients: str, login: str = "") -> Mailbox:
        return Mailbox(f"smtp://{login}127.0.0.1:{self.port}", "rfm@shop.example", recipients)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(mail, "_FIRST_PAUSE_SECONDS", 0)

    class Handler(StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            if server.denied:
                server.denied -= 1
                return self.say("421 not now")
            self.say("220 ready")
            while line := self.rfile.readline().decode().strip():
                server.commands.append(line)
                verb = line[:4].upper()
                if verb == "DATA":
                    self.say("354 go on")
                    lines = iter(self.rfile.readline, b".\r\n")
                    server.messages.append(email.message_from_bytes(b"".join(lines)))
                if verb == "RCPT" and line[9:-1] in server.refuses:
                    self.say("550 unknown")
                else:
                    self.say("221 bye" if verb == "QUIT" else "250 fine")
                if verb == "QUIT":
                    return None
            return None

    listening = ThreadingTCPServer((LOOPBACK, 0), Handler)
    server = Server(listening.server_address[1])
    with in_a_thread(listening):
        yield server


def test_an_e_mail_arrives_with_its_subject_its_recipients_and_both_forms(server: Server) -> None:
    box = server.mailbox("ann@shop.example", "bob@shop.example")
    box.send("Zoë & Co:\nweek to 28 Apr 2026", "As text, £1.", "<p>As HTML, £1.</p>")
    (message,) = server.messages
    subject = str(email.header.make_header(email.header.decode_header(message["Subject"])))
    assert subject == "Zoë & Co: week to 28 Apr 2026"
    assert (message["From"], message["To"]) == ("rfm@shop.example", "ann@shop.example, bob@shop.example")
    assert message["Message-ID"].endswith("@shop.example>")
    parts = {part.get_content_type(): part.get_payload(decode=True) for part in message.walk()}
    assert str(parts["text/plain"], "utf-8").strip() == "As text, £1."
    assert str(parts["text/html"], "utf-8").strip() == "<p>As HTML, £1.</p>"


def test_a_server_that_is_busy_is_tried_again(server: Server) -> None:
    server.denied = 2
    server.mailbox("ann@shop.example").send("a week", "text", "html")
    assert len(server.messages) == 1


def test_a_server_that_cannot_be_used_is_an_error_without_its_address(server: Server) -> None:
    server.denied = 3
    with pytest.raises(RfmError, match="the server answered 421") as refused:
        server.mailbox("ann@shop.example").send("a week", "text", "html")
    assert "127.0.0.1" not in "".join(traceback.format_exception(refused.value))
    assert server.messages == []


def test_a_recipient_who_is_refused_is_an_error(server: Server) -> None:
    server.refuses = {"bob@shop.example"}
    with pytest.raises(RfmError, match="1 of 2 recipients were refused"):
        server.mailbox("ann@shop.example", "bob@shop.example").send("a week", "text", "html")


def test_a_password_is_not_sent_in_the_clear(server: Server) -> None:
    box = server.mailbox("ann@shop.example", login=f"rfm:{PASSWORD}@")
    with pytest.raises(RfmError, match="use smtps://") as refused:
        box.send("a week", "text", "html")
    assert PASSWORD not in "".join(traceback.format_exception(refused.value)) + repr(box) + "".join(server.commands)
    assert server.messages == []


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    settings.cache_clear()
    yield monkeypatch
    settings.cache_clear()


def test_there_is_no_mailbox_until_a_server_is_set_which_needs_sender_and_recipients(
    environment: pytest.MonkeyPatch,
) -> None:
    assert mailbox() is None
    environment.setenv("RFM_SMTP_URL", f"smtps://rfm:{PASSWORD}@mail.example:465")
    settings.cache_clear()
    with pytest.raises(SettingError, match="needs RFM_DIGEST_FROM and RFM_DIGEST_TO"):
        mailbox()
    environment.setenv("RFM_DIGEST_FROM", "rfm@shop.example")
    environment.setenv("RFM_DIGEST_TO", "ann@shop.example, bob@shop.example")
    settings.cache_clear()
    box = mailbox()
    assert box
    assert box.recipients == ["ann@shop.example", "bob@shop.example"]
    assert PASSWORD not in repr(box) + repr(settings())


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("RFM_SMTP_URL", "mail.example"),
        ("RFM_SMTP_URL", "https://mail.example"),
        ("RFM_SMTP_URL", "smtp://mail.example:port"),
        ("RFM_DIGEST_TO", "ann"),
        ("RFM_DIGEST_TO", "ann@shop.example;bob@shop.example"),
        ("RFM_DIGEST_FROM", "ann@shop.example, bob@shop.example"),
        ("RFM_DASHBOARD_URL", "rfm.example"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(environment: pytest.MonkeyPatch, variable: str, text: str) -> None:
    environment.setenv(variable, text)
    with pytest.raises(SettingError, match=variable):
        settings()
