"""The rules that come with a source profile; the shop file's own take precedence."""

from typing import Any

from rfm_assets.config.shop_file import Rules
from rfm_assets.errors import SettingError


def rules_of_preset(name: str) -> Rules:
    """The rules of the preset that `source.profile` names, or of the profile at that path.

    Raises:
        ValueError: when there is no such preset or profile, or it cannot be used.
    """
    from rfm_assets.exports.presets import read_profile

    try:
        return read_profile(name).rules or Rules()
    except SettingError as error:
        raise ValueError(str(error)) from None


def rules_of_profile(profile: dict[str, Any]) -> Rules:
    """The rules of a profile written in the shop file, in its table `source.rules`.

    Raises:
        pydantic.ValidationError: when a rule cannot be used.
    """
    return Rules.model_validate(profile.get("rules", {}))
