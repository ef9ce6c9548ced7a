"""An existing rfm.toml: whether a person edited it, and how missing keys are added."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rfm_assets.config.load import shop_file
from rfm_assets.config.problems import toml
from rfm_assets.errors import SettingError
from rfm_assets.starter import Known, text
from rfm_assets.whole_file import write_whole

_ADDED = "# Added by `rfm init`, from the exports:"


def is_as_written(path: Path) -> bool:
    """Whether it is exactly as `rfm init` wrote it."""
    held = shop_file(path)
    known: Known = {("shop", "currency"): held.shop.currency, ("shop", "start_date"): held.shop.start_date}
    return path.read_text(encoding="utf-8-sig") == text(known | {("source", "profile"): held.preset})


def lacks(path: Path) -> bool:
    """Whether it lacks the first day, or the way to read exports."""
    held = shop_file(path)
    return held.shop.start_date is None or held.source is None


def differing(path: Path, profile: str | None, currency: str | None) -> dict[str, tuple[str, str]]:
    """The keys whose value differs from the given one, with both values."""
    held, found = shop_file(path), {}
    if profile and held.source is not None and held.preset != profile:
        found["profile"] = (f"profile {held.preset}" if held.preset else "a profile of its own", profile)
    if currency and held.shop.currency not in {None, currency}:
        found["currency"] = (f"currency {held.shop.currency}" if held.shop.currency else "no currency", currency)
    return found


def complete(path: Path, known: Known) -> list[str]:
    """Adds missing keys, by section and name, and changes nothing else; returns the lines added.

    Raises:
        SettingError: when they cannot be added safely; names them, for a person to add.
    """
    before = path.read_bytes().decode("utf-8-sig")
    held = tomllib.loads(before.replace("\r\n", "\n"))
    lacking = {place: value for place, value in known.items() if place[1] not in held.get(place[0], {})}
    if "source" in held:  # an own profile has other keys
        lacking = {place: value for place, value in lacking.items() if place[0] != "source"}
    if not lacking:
        return []
    after, wanted = before, {section: dict(keys) for section, keys in held.items()}
    lines: dict[str, list[str]] = {}
    for (section, key), value in lacking.items():
        lines.setdefault(section, []).append(f"{key} = {toml(value)}")
        wanted.setdefault(section, {})[key] = value
    for section, added in lines.items():
        after = _with(after, section, [_ADDED, *added])
    if not _means(after, wanted):
        listed = "; ".join(f"[{section}] {', '.join(added)}" for section, added in lines.items())
        raise SettingError(f"{path} lacks values found in the exports, and is left as it is: add {listed}")
    write_whole(path, after)
    return [line for added in lines.values() for line in added]


def _with(before: str, section: str, added: list[str]) -> str:
    """The text with lines added below a section's header, or with a new section at the end."""
    end = "\r\n" if "\r\n" in before else "\n"
    header = re.search(rf"^[ \t]*\[{section}\][ \t]*(#[^\r\n]*)?\r?\n", f"{before}{end}", re.MULTILINE)
    if header is None:
        return before.rstrip() + end * 2 + end.join([f"[{section}]", *added, ""])
    return before[: header.end()].rstrip("\r\n") + end + end.join([*added, ""]) + before[header.end() :]


def _means(after: str, wanted: Mapping[str, Any]) -> bool:
    try:
        return tomllib.loads(after.replace("\r\n", "\n")) == wanted
    except tomllib.TOMLDecodeError:
        return False
