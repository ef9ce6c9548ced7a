"""Sends the digest by SMTP, with server, sender and recipients from the environment."""

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import SplitResult, unquote, urlsplit

from rfm_assets.errors import RfmError, SettingError
from rfm_assets.retries import problem_of
from rfm_assets.settings import settings

_PATIENCE_SECONDS = 30
_ATTEMPTS = 3
_FIRST_PAUSE_SECONDS = 2.0


@dataclass(frozen=True)
class Mailbox:
    """A mail server, the sender and the recipients."""

    server: str = field(repr=False)
    """`smtps://user:password@host:465`, or `smtp://...`, which upgrades to TLS if the server supports it."""
    sender: str
    recipients: Sequence[str]

    def send(self, subject: str, text: str, html: str) -> None:
        """Sends an e-mail; retries after a pause when that fails.

        Raises:
            RfmError: when it cannot be sent; the message has no part of the server's address.
        """
        message = self._message(subject, text, html)
        problem = problem_of(lambda: self._hand_over(message), attempts=_ATTEMPTS, first_seconds=_FIRST_PAUSE_SECONDS)
        if problem is not None:
            raise RfmError(f"the digest could not be sent ({problem}): check RFM_SMTP_URL and RFM_DIGEST_TO")

    def _message(self, subject: str, text: str, html: str) -> EmailMessage:
        message = EmailMessage()
        message["Subject"] = " ".join(subject.split())
        message["From"], message["To"] = self.sender, ", ".join(self.recipients)
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=self.sender.rpartition("@")[2])
        message.set_content(text)
        message.add_alternative(html, subtype="html")
        return message

    def _hand_over(self, message: EmailMessage) -> str | None:
        """Tries once; returns the problem, if any."""
        url = urlsplit(self.server)
        try:
            with _connected(url) as server:
                if url.username:
                    server.login(unquote(url.username), unquote(url.password or ""))
                refused = server.send_message(message)
        except smtplib.SMTPResponseException as error:
            return f"the server answered {error.smtp_code}"
        except (OSError, smtplib.SMTPException) as error:
            return type(error).__name__
        return f"{len(refused)} of {len(self.recipients)} recipients were refused" if refused else None


def _connected(url: SplitResult) -> smtplib.SMTP:
    """An open connection, over TLS if a password is sent.

    Raises:
        RfmError: when there is a password and the server has no TLS.
    """
    host, context = url.hostname or "", ssl.create_default_context()
    if url.scheme == "smtps":
        return smtplib.SMTP_SSL(host, url.port or 465, timeout=_PATIENCE_SECONDS, context=context)
    server = smtplib.SMTP(host, url.port or 587, timeout=_PATIENCE_SECONDS)
    server.ehlo()
    if server.has_extn("starttls"):
        server.starttls(context=context)
    elif url.username:
        server.close()
        raise RfmError("the digest was not sent: the password would go to the mail server in clear text; use smtps://")
    return server


def mailbox() -> Mailbox | None:
    """Where the digest goes; None if RFM_SMTP_URL is not set.

    Raises:
        SettingError: when the sender or the recipients are missing.
    """
    chosen = settings()
    if chosen.smtp_url is None:
        return None
    if not chosen.digest_from or not chosen.digest_to:
        raise SettingError(
            "RFM_SMTP_URL needs RFM_DIGEST_FROM and RFM_DIGEST_TO: the sender and the recipients of the digest"
        )
    recipients = [one.strip() for one in chosen.digest_to.split(",")]
    return Mailbox(chosen.smtp_url.get_secret_value(), chosen.digest_from, recipients)
