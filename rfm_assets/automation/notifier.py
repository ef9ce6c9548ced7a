"""Where alerts go: the log by default, a chat channel by webhook where one is set."""

import json
import urllib.request
from abc import ABC, abstractmethod
from http.client import HTTPException
from urllib.error import HTTPError

import dagster as dg
from pydantic import Field

from rfm_assets.errors import RfmError
from rfm_assets.retries import problem_of

_PATIENCE_SECONDS = 10
_ATTEMPTS = 3  # Dagster shows a failed tick, but never calls again for the same run
_FIRST_PAUSE_SECONDS = 2.0


class Notifier(dg.ConfigurableResource["Notifier"], ABC):
    """Tells people what needs them. A new kind is one class and a line in `resources_for`."""

    @abstractmethod
    def notify(self, title: str, text: str) -> None:
        """Sends one message.

        Raises:
            RfmError: when it could not be delivered, which turns the tick of the sensor red.
        """


class LogNotifier(Notifier):
    """Writes alerts to Dagster's log."""

    logger: str = Field(default="rfm.alerts", description="The logger's name.")

    def notify(self, title: str, text: str) -> None:
        """Logs the message as an error."""
        dg.get_dagster_logger(self.logger).error("%s\n%s", title, text)


class WebhookNotifier(Notifier):
    """Posts alerts as `{"text": ...}`, which Slack, Mattermost, Google Chat and others take."""

    url: str = Field(description="The webhook's address. It is a secret: whoever knows it may write to the channel.")

    def notify(self, title: str, text: str) -> None:
        """Posts the message, and again after a pause where that fails."""
        if not self.url.startswith(("https://", "http://")):
            raise RfmError("cannot send alerts: RFM_WEBHOOK_URL is not an http address")
        body = json.dumps({"text": f"*{title}*\n{text}"}).encode()
        problem = problem_of(lambda: self._post(body), attempts=_ATTEMPTS, first_seconds=_FIRST_PAUSE_SECONDS)
        if problem is not None:
            raise RfmError(f"an alert could not be sent ({problem}): check RFM_WEBHOOK_URL. It said: {title}")

    def _post(self, body: bytes) -> str | None:
        """Posts once; says what was wrong, in words that hold neither the address nor any part of it."""
        try:
            request = urllib.request.Request(self.url, body, {"Content-Type": "application/json"})  # noqa: S310 - http
            with urllib.request.urlopen(request, timeout=_PATIENCE_SECONDS):  # noqa: S310
                return None
        except HTTPError as error:
            with error:
                return f"it answered {error.code}"
        except (OSError, HTTPException, ValueError) as error:
            return type(error).__name__
