"""The rules that come with a source profile, below what the shop file says of its own."""

from typing import Any

from rfm_assets.config.shop_file import Rules
from rfm_assets.errors import SettingError


def rules_of_preset(name: str) -> Rules:
    """The rules of the preset that `source.profile` names, or of the profile at that path.

    Raises:
        ValueError: when there is none, or it cannot be used.
    """
    from rfm_assets.exports.presets import read_profile

    try:
        return read_profile(name).rules or Rules()
    except SettingError as error:
        raise ValueError(str(error)) from None


def rules_of_profile(profile: dict[str, Any]) -> Rules:
    """The rules of a profile that stands in the shop file itself, in its table `source.rules`.

    Raises:
        pydantic.ValidationError: when a rule cannot be used.
    """
    return Rules.model_validate(profile.get("rules", {}))
