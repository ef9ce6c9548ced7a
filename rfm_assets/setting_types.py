"""Types of settings that are stricter than plain types: days, paths, addresses."""

import re
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, SecretStr

ADDRESS = r"^[^@\s,<>]+@[^@\s,<>]+\.[^@\s,<>]+$"
"""An e-mail address, as a pattern."""


def _calendar_day(value: object) -> object:
    """Accepts `YYYY-MM-DD` only: pydantic would read `20250626` as seconds since 1970."""
    if not isinstance(value, str):
        return value
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("write the day as YYYY-MM-DD")
    return date.fromisoformat(value)


def _non_empty_path(value: object) -> object:
    """Refuses an empty path: an empty variable would mean the working directory."""
    if isinstance(value, str) and not Path(value).name:
        raise ValueError("it names no file or folder")
    return value


def _web_address(value: SecretStr) -> SecretStr:
    if not re.match(r"https?://[^\s/]+", value.get_secret_value()):
        raise ValueError("write it like https://hooks.example.com/...")
    return value


def _mail_server(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"smtps?://([^\s/@]+@)?[^\s/@:]+(:\d{1,5})?/?", value.get_secret_value()):
        raise ValueError("write it like smtps://user:password@mail.example.com:465, with %40 for an @ in the password")
    return value


CalendarDay = Annotated[date, BeforeValidator(_calendar_day)]
NonEmptyPath = Annotated[Path, BeforeValidator(_non_empty_path)]
WebAddress = Annotated[SecretStr, AfterValidator(_web_address)]
MailServer = Annotated[SecretStr, AfterValidator(_mail_server)]
