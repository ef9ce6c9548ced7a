"""The rules that come with a source profile, below what the shop file says of its own."""

from typing import Any

from rfm_assets.config.shop_file import Rules


def rules_of_preset(name: str) -> Rules:
    """The rules of the preset that `source.profile` names: those of today's files for `online-retail`.

    Raises:
        ValueError: when there is no such preset.
    """
    if name == "online-retail":
        return Rules()
    message = f'there is no preset "{name}": the only one is "online-retail"'
    raise ValueError(message)


def rules_of_profile(profile: dict[str, Any]) -> Rules:
    """The rules of a profile that stands in the shop file itself, in its table `source.rules`.

    Raises:
        pydantic.ValidationError: when a rule cannot be used.
    """
    return Rules.model_validate(profile.get("rules", {}))
