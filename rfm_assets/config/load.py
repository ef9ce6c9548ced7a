"""Reads the shop file, and reports all of its errors at once."""

import tomllib
from pathlib import Path

from pydantic import ValidationError

from rfm_assets.config import source
from rfm_assets.config.problems import problems
from rfm_assets.config.shop_file import Rules, ShopFile
from rfm_assets.errors import SettingError

DEFAULT = Path("rfm.toml")


def shop_file(config: Path | None = None) -> ShopFile:
    """The shop file at a path, by default `rfm.toml`, or the defaults without one.

    Raises:
        SettingError: when it cannot be read or used; names the file, each wrong key with its value, and the remedy.
    """
    path = config or DEFAULT
    if config is None and not path.exists():
        return ShopFile()
    try:
        text = path.read_bytes().decode("utf-8-sig")
        held = tomllib.loads(text.replace("\r\n", "\n"))
    except OSError as error:
        message = f"cannot read the shop file {path}: {error.strerror}; RFM_CONFIG names it"
        raise SettingError(message) from None
    except UnicodeDecodeError:
        message = f"{path} is not UTF-8, as TOML must be: save it as UTF-8"
        raise SettingError(message) from None
    except tomllib.TOMLDecodeError as error:
        message = f"{path} is not TOML: {error}; write texts in quotes, and a backslash in 'single' ones"
        raise SettingError(message) from None
    try:
        return ShopFile.model_validate(held)
    except ValidationError as error:
        raise SettingError(problems(path, error)) from None


def rules_of(file: ShopFile, config: Path | None = None) -> Rules:
    """The rules of the shop file at `config`, on top of those of its `[source]`.

    Raises:
        SettingError: when there is no such preset, or a rule of the profile cannot be used.
    """
    return file.rules.over(preset_rules(file, config))


def preset_rules(file: ShopFile, config: Path | None = None) -> Rules:
    """The rules of the `[source]` of the shop file at `config`.

    Raises:
        SettingError: when there is no such preset, or a rule of the profile cannot be used.
    """
    path = config or DEFAULT
    try:
        if file.preset is not None:
            return source.rules_of_preset(file.preset)
        return source.rules_of_profile(file.profile) if file.profile is not None else Rules()
    except ValidationError as error:
        raise SettingError(problems(path, error, model=Rules, within=("source", "rules"))) from None
    except ValueError as error:
        message = f"cannot use {path}: source.profile: {error}"
        raise SettingError(message) from None
