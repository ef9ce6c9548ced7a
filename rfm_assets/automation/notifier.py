"""Where alerts go: the log by default, or a chat channel by webhook."""

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
_ATTEMPTS = 3  # Dagster shows a failed tick, but does not evaluate the same run again
_FIRST_PAUSE_SECONDS = 2.0


class Notifier(dg.ConfigurableResource["Notifier"], ABC):
    """Sends alerts to people. A new channel is one class and a line in `resources_for`."""

    @abstractmethod
    def notify(self, title: str, text: str) -> None:
        """Sends one message.

        Raises:
            RfmError: when it cannot be delivered; the sensor's tick then fails.
        """


class LogNotifier(Notifier):
    """Writes alerts to Dagster's log."""

    logger: str = Field(default="rfm.alerts", description="The logger's name.")

    def notify(self, title: str, text: str) -> None:
        """Logs the message as an error."""
        dg.get_dagster_logger(self.logger).error("%s\n%s", title, text)


class WebhookNotifier(Notifier):
    """Posts alerts as `{"text": ...}`, the format of Slack, Mattermost, Google Chat and others."""

    url: str = Field(description="The webhook's address. It is a secret: anyone who knows it can post to the channel.")

    def notify(self, title: str, text: str) -> None:
        """Posts the message; retries after a pause when that fails."""
        if not self.url.startswith(("https://", "http://")):
            raise RfmError("cannot send alerts: RFM_WEBHOOK_URL is not an http address")
        body = json.dumps({"text": f"*{title}*\n{text}"}).encode()
        problem = problem_of(lambda: self._post(body), attempts=_ATTEMPTS, first_seconds=_FIRST_PAUSE_SECONDS)
        if problem is not None:
            raise RfmError(f"an alert could not be sent ({problem}): check RFM_WEBHOOK_URL. It said: {title}")

    def _post(self, body: bytes) -> str | None:
        """Posts once; returns the problem, if any, without any part of the address."""
        try:
            request = urllib.request.Request(self.url, body, {"Content-Type": "application/json"})  # noqa: S310 - http
            with urllib.request.urlopen(request, timeout=_PATIENCE_SECONDS):  # noqa: S310
                return None
        except HTTPError as error:
            with error:
                return f"it answered {error.code}"
        except (OSError, HTTPException, ValueError) as error:
            return type(error).__name__
