"""Lists the shop's values in force, and where each comes from."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from rfm_assets.config import in_force
from rfm_assets.config.load import DEFAULT, preset_rules, shop_file
from rfm_assets.config.money import money
from rfm_assets.config.problems import toml
from rfm_assets.config.section import Section
from rfm_assets.config.shop_file import ShopFile
from rfm_assets.settings import environment, settings


class Value(NamedTuple):
    """A key's value in force and its origin: a variable, the shop file, its preset, or `default`."""

    section: str
    key: str
    value: object
    origin: str


def origins() -> Iterator[Value]:
    """Every value of each section, and of `[source]`."""
    config = settings().config
    file, path = shop_file(config), str(config or DEFAULT)
    preset = preset_rules(file, config)
    of_preset = f"preset {file.preset}" if file.preset else f"{path} [source.rules]"
    shop = in_force.shop().model_copy(update={"start_date": settings().start_date})
    sections = (
        ("shop", shop, file.shop),
        ("rules", in_force.rules(), file.rules),
        ("customers", file.customers, file.customers),
        ("segments", file.segments, file.segments),
        ("clusters", in_force.clusters(), file.clusters),
        ("audiences", file.audiences, file.audiences),
    )
    for section, values, own in sections:
        for key, value in values:
            yield Value(section, key, value, _origin(key, value, {path: own, of_preset: preset}))
    for key, value in (file.source or {}).items():
        yield Value("source", key, value, path)


def lines() -> Iterator[str]:
    """The values as a shop file, each with its origin in a comment."""
    if settings().config is None and not DEFAULT.exists():
        yield f"# There is no {DEFAULT}: these are the values without one."
    held = list(origins())
    for section in ShopFile.model_fields:
        of_section = [one for one in held if one.section == section]
        if of_section:
            yield f"\n[{section}]"
        yield from (_line(one) for one in of_section if not _is_replaced(one, held))
    yield f"\n# Amounts are written like {money(1234.56)}."


def _origin(key: str, value: object, layers: Mapping[str, Section]) -> str:
    of_environment = environment()
    if key in of_environment.model_fields_set and getattr(of_environment, key) == value:
        return f"RFM_{key.upper()}"
    return next((name for name, layer in layers.items() if key in layer.model_fields_set), "default")


def _is_replaced(one: Value, held: list[Value]) -> bool:
    """Whether the other one of the two product rules is in force."""
    names = next(value.value for value in held if value.key == "not_product")
    return one.key == ("not_product" if names is None else "product_pattern")


def _line(one: Value) -> str:
    if one.value is None:
        return f"# {one.key}: not set"
    return f"{one.key} = {toml(one.value)}  # {one.origin}"
