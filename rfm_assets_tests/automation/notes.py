"""A notifier that keeps its messages in a file, wherever Dagster makes a copy of it."""

import json
from pathlib import Path

from rfm_assets.automation.notifier import Notifier


class Notes(Notifier):
    """Writes each message down."""

    path: str

    def notify(self, title: str, text: str) -> None:
        with Path(self.path).open("a", encoding="utf-8") as file:
            file.write(json.dumps([title, text]) + "\n")

    def read(self) -> list[tuple[str, str]]:
        """The title and text of every message so far."""
        path = Path(self.path)
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [(title, text) for title, text in map(json.loads, lines)]
