"""The profiles that come with the package, and those that a person writes."""

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
    """The presets' names, in the order of the alphabet."""
    return sorted(entry.name.removesuffix(".toml") for entry in _PRESETS.iterdir() if entry.name.endswith(".toml"))


def preset_text(name: str) -> str:
    """A preset as it is written.

    Raises:
        SettingError: when there is none of that name; names those that there are.
    """
    if name not in preset_names():
        names = ", ".join(preset_names())
        raise SettingError(f'there is no preset "{name}": choose one of {names}, or name a file')
    return _PRESETS.joinpath(f"{name}.toml").read_text(encoding="utf-8")


@cache
def load_preset(name: str) -> Profile:
    """The profile of a preset.

    Raises:
        SettingError: when there is none of that name.
    """
    return _profile_of(tomllib.loads(preset_text(name)), f"the preset {name}", name)


def name_of(name_or_file: str) -> str:
    """What the shop file calls a preset, or a profile's file that lies beside it."""
    return Path(name_or_file).name if Path(name_or_file).is_file() else name_or_file


def read_profile(name_or_file: str) -> Profile:
    """The profile that a preset's name or a TOML file's path means.

    Raises:
        SettingError: when it is neither; names the file and the key that is wrong.
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
    """The profile that stands in the shop file itself, in its table `source`.

    Raises:
        SettingError: when it cannot be used.
    """
    return _profile_of({"source": source}, where, None)


def _profile_of(document: dict[str, Any], where: str, name: str | None) -> Profile:
    unknown = set(document) - {"source", "rules", "shop"}
    if unknown or "source" not in document:
        wrong = f"has no use for {', '.join(sorted(unknown))}" if unknown else "has no table [source]"
        raise SettingError(f"{where} {wrong}: a profile has [source...] and maybe [rules]")
    if name is not None:
        document = document | {"source": document["source"] | {"name": name}}
    try:
        return Profile.of(document)
    except ValidationError as error:
        problems = (f"{'.'.join(map(str, one['loc'])) or 'source'}: {one['msg']}" for one in error.errors())
        raise SettingError(f"{where} cannot be used: {'; '.join(problems)}") from None
