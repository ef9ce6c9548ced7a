"""Small tables for the UI, as Markdown."""

from collections.abc import Iterable, Sequence
from typing import Any


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[Any]], longest_cell: int = 1_000) -> str:
    """A table as Markdown; a cell's text cannot break out of it, and is cut at `longest_cell` characters."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(_cell(value, longest_cell) for value in line) + " |" for line in lines)


def _cell(value: object, longest: int) -> str:
    text = "" if value is None else str(value)
    text = text if len(text) <= longest else f"{text[:longest]}…"
    return " ".join(
        text.replace("\\", "\\\\")
        .replace("|", "\\|")
        .replace("`", "\\`")
        .replace("[", "\\[")
        .replace("<", "&lt;")
        .splitlines()
    )
