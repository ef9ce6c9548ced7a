"""The package's own profiles (presets), and profiles that people write."""

import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from rfm_assets.errors import SettingError
from rfm_assets.exports.profile import Profile

_PRESETS = files(__package__).joinpath("presets")


def preset_names() -> list[str]:
    """The presets' names, in alphabetical order."""
    return sorted(entry.name.removesuffix(".toml") for entry in _PRESETS.iterdir() if entry.name.endswith(".toml"))


def preset_text(name: str) -> str:
    """The TOML of a preset.

    Raises:
        SettingError: when there is no such preset; lists the presets.
    """
    if name not in preset_names():
        names = ", ".join(preset_names())
        raise SettingError(f'there is no preset "{name}": choose one of {names}, or name a file')
    return _PRESETS.joinpath(f"{name}.toml").read_text(encoding="utf-8")


@cache
def load_preset(name: str) -> Profile:
    """The profile of a preset.

    Raises:
        SettingError: when there is no such preset.
    """
    return _profile_of(tomllib.loads(preset_text(name)), f"the preset {name}", name)


def name_of(name_or_file: str) -> str:
    """The name for the shop file of a preset, or of a profile's file beside it."""
    return Path(name_or_file).name if Path(name_or_file).is_file() else name_or_file


def read_profile(name_or_file: str) -> Profile:
    """The profile with a preset's name, or in the TOML file at a path.

    Raises:
        SettingError: when it is neither; names the file and the wrong key.
    """
    path = Path(name_or_file)
    if path.suffix != ".toml" and not path.is_file():
        return load_preset(name_or_file)
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SettingError(f"there is no profile {path}: write one with `rfm profile new FILE > {path}`") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"cannot read the profile {path}: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingError(f"{path} is not TOML: {error}") from None
    return _profile_of(document, str(path), None)


def own_profile(source: dict[str, Any], where: str) -> Profile:
    """The profile written in the shop file's table `source`.

    Raises:
        SettingError: when it cannot be used.
    """
    return _profile_of({"source": source}, where, None)


def _profile_of(document: dict[str, Any], where: str, name: str | None) -> Profile:
    unknown = set(document) - {"source", "rules", "shop"}
    if unknown or "source" not in document:
        wrong = f"has unknown tables: {', '.join(sorted(unknown))}" if unknown else "has no table [source]"
        raise SettingError(f"{where} {wrong}: a profile has [source...], and optionally [rules]")
    if name is not None:
        document = document | {"source": document["source"] | {"name": name}}
    try:
        return Profile.of(document)
    except ValidationError as error:
        problems = (f"{'.'.join(map(str, one['loc'])) or 'source'}: {one['msg']}" for one in error.errors())
        raise SettingError(f"{where} cannot be used: {'; '.join(problems)}") from None
