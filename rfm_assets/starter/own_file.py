"""The rfm.toml that is there already: whether a person wrote it, and how it gets what it lacks."""

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
    """Whether it is as `rfm init` wrote it, to the letter."""
    held = shop_file(path)
    known: Known = {("shop", "currency"): held.shop.currency, ("shop", "start_date"): held.shop.start_date}
    return path.read_text(encoding="utf-8-sig") == text(known | {("source", "profile"): held.preset})


def lacks(path: Path) -> bool:
    """Whether it says nothing of the first day, or of how exports are read."""
    held = shop_file(path)
    return held.shop.start_date is None or held.source is None


def differing(path: Path, profile: str | None, currency: str | None) -> dict[str, tuple[str, str]]:
    """The keys of which it says something else than what is given: what it says, and what is given."""
    held, found = shop_file(path), {}
    if profile and held.source is not None and held.preset != profile:
        found["profile"] = (f"profile {held.preset}" if held.preset else "a profile of its own", profile)
    if currency and held.shop.currency not in {None, currency}:
        found["currency"] = (f"currency {held.shop.currency}" if held.shop.currency else "no currency", currency)
    return found


def complete(path: Path, known: Known) -> list[str]:
    """Adds the keys, by section and name, that it lacks, and changes nothing else; returns the lines added.

    Raises:
        SettingError: when they cannot be added for sure; names them, for a person to add.
    """
    before = path.read_bytes().decode("utf-8-sig")
    held = tomllib.loads(before.replace("\r\n", "\n"))
    lacking = {place: value for place, value in known.items() if place[1] not in held.get(place[0], {})}
    if "source" in held:  # a profile of its own has other keys
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
        raise SettingError(f"{path} lacks what the exports tell, and is left as it is: add {listed}")
    write_whole(path, after)
    return [line for added in lines.values() for line in added]


def _with(before: str, section: str, added: list[str]) -> str:
    """The text with some lines below the header of a section, or with the whole section at its end."""
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
