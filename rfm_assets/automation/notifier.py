"""Where alerts go: the log by default, a chat channel by webhook where one is set."""

import json
import urllib.request
from abc import ABC, abstractmethod

import dagster as dg
from pydantic import Field

from rfm_assets.errors import RfmError

_PATIENCE_SECONDS = 10


class Notifier(dg.ConfigurableResource["Notifier"], ABC):
    """Tells people what needs them. A new kind is one class and a line in `resources_for`."""

    @abstractmethod
    def notify(self, title: str, text: str) -> None:
        """Sends one message.

        Raises:
            RfmError: when it could not be delivered; the sensor that sent it tries again at its next tick.
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
        """Posts the message."""
        if not self.url.startswith(("https://", "http://")):
            raise RfmError("cannot send alerts: RFM_WEBHOOK_URL is no http address")
        body = json.dumps({"text": f"*{title}*\n{text}"}).encode()
        request = urllib.request.Request(self.url, body, {"Content-Type": "application/json"})  # noqa: S310 - see above
        try:
            with urllib.request.urlopen(request, timeout=_PATIENCE_SECONDS):  # noqa: S310
                return
        except OSError as error:
            # Neither the address nor the cause, whose text may hold it.
            message = f"an alert could not be sent ({type(error).__name__}): check RFM_WEBHOOK_URL. It said: {title}"
            raise RfmError(message) from None
