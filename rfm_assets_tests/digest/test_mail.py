"""The digest arrives complete, and errors never reveal the mail server's address or password."""

import email
import ssl
import traceback
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import Message
from ipaddress import ip_address
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from rfm_assets.digest import mail
from rfm_assets.digest.mail import Mailbox, mailbox
from rfm_assets.errors import RfmError, SettingError
from rfm_assets.settings import settings
from rfm_assets_tests.helpers.servers import LOOPBACK, in_a_thread

PASSWORD = "a-secret-password"  # noqa: S105 - of a server that lives as long as a test


@dataclass
class Server:
    """A mail server that records its input; it refuses some recipients, and the first few greetings."""

    port: int
    messages: list[Message] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    denied: int = 0
    """How many more connections it turns away."""
    commands: list[str] = field(default_factory=list)
    in_the_clear: list[str] = field(default_factory=list)
    """The commands among them that came without TLS."""
    tls: ssl.SSLContext | None = None
    """The context with which it offers TLS, if it does."""
    from_the_first_byte: bool = False
    """Whether it speaks TLS at once, as behind `smtps://`, or after STARTTLS."""

    def mailbox(self, *recipients: str, login: str = "") -> Mailbox:
        scheme = "smtps" if self.from_the_first_byte else "smtp"
        return Mailbox(f"{scheme}://{login}{LOOPBACK}:{self.port}", "rfm@shop.example", recipients)


class Conversation(StreamRequestHandler):
    """One connection to the server that the fixture sets."""

    told: Server

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def secure(self) -> None:
        assert self.told.tls
        self.connection = self.told.tls.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)

    def handle(self) -> None:
        with suppress(ssl.SSLError):  # who does not trust the certificate hangs up
            self.talk()

    def talk(self) -> None:
        if self.told.from_the_first_byte:
            self.secure()
        if self.told.denied:
            self.told.denied -= 1
            self.say("421 not now")
            return
        self.say("220 ready")
        while line := self.rfile.readline().decode().strip():
            self.told.commands.append(line)
            if not isinstance(self.connection, ssl.SSLSocket):
                self.told.in_the_clear.append(line)
            getattr(self, f"on_{line[:4].lower()}", self.on_anything_else)(line)

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def on_anything_else(self, _: str) -> None:
        self.say("250 fine")

    def on_ehlo(self, _: str) -> None:
        offers_tls = self.told.tls and not self.told.from_the_first_byte
        self.say("250-here\r\n250-STARTTLS\r\n250 AUTH PLAIN" if offers_tls else "250-here\r\n250 AUTH PLAIN")

    def on_star(self, _: str) -> None:
        self.say("220 go on")
        self.secure()

    def on_auth(self, _: str) -> None:
        self.say("235 welcome")

    def on_rcpt(self, line: str) -> None:
        self.say("550 unknown" if line[9:-1] in self.told.refuses else "250 fine")

    def on_data(self, _: str) -> None:
        self.say("354 go on")
        lines = iter(self.rfile.readline, b".\r\n")
        self.told.messages.append(email.message_from_bytes(b"".join(lines)))
        self.say("250 fine")

    def on_quit(self, _: str) -> None:
        self.say("221 bye")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(mail, "_FIRST_PAUSE_SECONDS", 0)
    with in_a_thread(listening := ThreadingTCPServer((LOOPBACK, 0), Conversation)):
        Conversation.told = Server(listening.server_address[1])
        yield Conversation.told


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
def certificate(tmp_path: Path) -> Path:
    """A key and a self-signed certificate for this machine's address, in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail of a test")])
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(LOOPBACK))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "server.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + signed.public_bytes(Encoding.PEM))
    return file


@pytest.fixture
def offered(certificate: Path) -> ssl.SSLContext:
    """TLS, as a mail server offers it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


LOGIN = f"rfm:{PASSWORD}@"


@pytest.mark.parametrize("from_the_first_byte", [False, True])
def test_over_tls_an_e_mail_arrives_and_neither_it_nor_the_password_is_sent_in_the_clear(
    server: Server,
    offered: ssl.SSLContext,
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    from_the_first_byte: bool,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    server.tls, server.from_the_first_byte = offered, from_the_first_byte
    server.mailbox("ann@shop.example", login=LOGIN).send("a week", "text", "html")
    assert [message["Subject"] for message in server.messages] == ["a week"]
    assert [line[:4].upper() for line in server.in_the_clear] == ([] if from_the_first_byte else ["EHLO", "STAR"])
    (secret,) = [line.split()[-1] for line in server.commands if line.startswith("AUTH")]
    assert b64decode(secret) == f"\0rfm\0{PASSWORD}".encode()


@pytest.mark.parametrize("from_the_first_byte", [False, True])
def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(
    server: Server, offered: ssl.SSLContext, *, from_the_first_byte: bool
) -> None:
    server.tls, server.from_the_first_byte = offered, from_the_first_byte
    with pytest.raises(RfmError, match="could not be sent \\(SSLCertVerificationError\\)"):
        server.mailbox("ann@shop.example", login=LOGIN).send("a week", "text", "html")
    assert server.messages == []
    assert not [line for line in server.commands if line.startswith("AUTH")]


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
