"""Words the errors of a shop file, a line for each key: the key, its value, and what to write instead."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import TypeGuard

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from rfm_assets.config.section import Section
from rfm_assets.config.segments import Cell
from rfm_assets.config.shop_file import ShopFile

_LONGEST_SHOWN = 80
_WAYS_OUT = {
    "string_type": 'write a text in "quotes"',
    "string_too_short": "write at least one character, or leave the key out",
    "date_type": "write a day, such as 2023-01-31",
    "int_type": "write a whole number",
    "greater_than_equal": "write {ge} or more",
    "tuple_type": 'write a list, such as ["POST", "^GIFT"]',
    "dict_type": 'make it a section, such as [source] with profile = "shopify" below it',
    "model_type": "make it a section: its name in [brackets], and its keys below",
}


def problems(path: Path, error: ValidationError, *, model: type[Section] = ShopFile, within: Sequence[str] = ()) -> str:
    """The message about a file that does not validate: it names the file, and has a line for each problem.

    `model` is the validated model, and `within` the path of its table in the file.
    """
    lines = (_problem(problem, model, within) for problem in error.errors())
    return "\n  ".join([f"cannot use {path}, correct it:", *lines])


def toml(value: object) -> str:
    """A value in TOML."""
    if isinstance(value, Section):
        value = value.model_dump(exclude_none=True)
    match value:
        case bool() | int() | float():
            return str(value).lower()
        case date():
            return value.isoformat()
        case str():
            is_literal = "\\" in value and "'" not in value and value.isprintable()
            return f"'{value}'" if is_literal else json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case list() | tuple():
            return f"[{', '.join(map(toml, value))}]"
        case Mapping():
            return f"{{ {', '.join(f'{_key(key)} = {toml(one)}' for key, one in value.items())} }}"
        case _:
            return str(value)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[\w-]+", name, re.ASCII) else toml(name)


def _problem(problem: ErrorDetails, model: type[Section], within: Sequence[str]) -> str:
    if problem["type"] == "extra_forbidden":
        said = _instead_of(problem["loc"], model)
    else:
        of_type = _WAYS_OUT.get(problem["type"])
        said = of_type.format(**problem.get("ctx", {})) if of_type else problem["msg"].removeprefix("Value error, ")
    key, held = ".".join(map(str, (*within, *problem["loc"]))), toml(problem["input"])
    return f"{key} = {held if len(held) <= _LONGEST_SHOWN else held[:_LONGEST_SHOWN] + '…'}: {said}"


def _instead_of(place: Sequence[int | str], model: type[Section]) -> str:
    """What to write in place of an unknown section or key."""
    *parents, name = map(str, place)
    fields = model.model_fields.items()
    sections = {key: of for key, field in fields if _is_section(of := field.annotation)}
    if owner := next((section for section, of in sections.items() if name in of.model_fields), None):
        return f"this key belongs in [{owner}]"
    if parents:
        of = Cell if len(parents) > 1 else sections[parents[0]]
        return f"there is no such key, the nearest is {_nearest(name, of)}"
    if model is ShopFile:
        return f"there is no such section, the nearest is [{_nearest(name, model)}]"
    return f"there is no such key, the nearest is {_nearest(name, model)}"


def _is_section(annotation: object) -> TypeGuard[type[Section]]:
    return isinstance(annotation, type) and issubclass(annotation, Section)


def _nearest(name: str, model: type[Section]) -> str:
    return get_close_matches(name, model.model_fields, n=1, cutoff=0)[0]
