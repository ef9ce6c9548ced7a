r"""Rewrites patterns in RE2's syntax so that every engine matches the same texts.

DuckDB uses RE2, Spark Java. They agree on part of the syntax; the rest is rewritten to that part (`\d`, `(?i)`) or
refused (look-around, `\b`, `[[:alpha:]]`).
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from rfm_assets.literals import literal

_TOKEN = re.compile(
    r"""
    (?P<quantifier>[*+?] | \{[0-9]+(?:,[0-9]*)?\})\??  # a lazy one matches the same texts
    | (?P<brackets>\[\^?(?:\\. | [^\\\]])+\])
    | (?P<escape>\\.)
    | (?P<group>\(\?:?|[()|])
    | (?P<character>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_MEMBER = re.compile(r"(?:\\.|[^\\])-(?:\\.|[^\\])|\\.|[^\\]", re.DOTALL)
_KINDS = {"d": "0-9", "w": "0-9A-Za-z_", "s": "\t\n\f\r "}
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}
_AS_THEY_ARE = re.compile(r"[\w ,:-]", re.ASCII)
_ESCAPED = set("[]\\&^-")  # special in brackets; Java has && there


def portable(pattern: str) -> str:
    """The pattern in the part of the syntax that DuckDB and Spark share.

    Raises:
        ValueError: when a part cannot be rewritten; names the part and what to write instead.
    """
    ignores_case = pattern.startswith("(?i)")
    text = pattern.removeprefix("(?i)")
    start = "^" if text.startswith("^") else ""
    end = "$" if re.search(r"(?<!\\)(?:\\\\)*\$$", text) else ""
    inside = text[len(start) : len(text) - len(end)]
    if not inside:
        raise ValueError("the pattern is empty, and would match everything")
    return start + "".join(_parts(inside, ignores_case=ignores_case)) + end


@lru_cache(maxsize=256)  # a profile is validated for each export that it might read
def checked(pattern: str) -> str:
    """The pattern unchanged, if DuckDB can compile it.

    Raises:
        ValueError: when it does not compile, or has a part that engines read differently; names it.
    """
    said = portable(pattern)
    import duckdb

    try:
        duckdb.connect().execute(f"SELECT regexp_matches('', {literal(said)})")
    except duckdb.Error as error:
        message = f"the pattern does not compile: {str(error).removeprefix('Invalid Input Error: ')}"
        raise ValueError(message) from None
    return pattern


def _parts(inside: str, *, ignores_case: bool) -> Iterator[str]:
    repeats = True  # there is nothing before it to repeat
    for token in _TOKEN.finditer(inside):
        if token["quantifier"]:
            if repeats:
                _refuse(token[0], "there is nothing before it to repeat")
            yield token["quantifier"]
        elif token["brackets"]:
            yield _brackets(token["brackets"], ignores_case=ignores_case)
        elif token["escape"]:
            yield _escape(token["escape"][1], ignores_case=ignores_case)
        elif token["group"]:
            yield _group(token["group"])
        else:
            yield _character(token["character"], ignores_case=ignores_case)
        repeats = bool(token["quantifier"]) or token["group"] in {"(", "(?:", "|"}


def _refuse(part: str, way_out: str) -> None:
    message = f"the pattern has {part}: {way_out}"
    raise ValueError(message)


def _group(text: str) -> str:
    if text == "(?":
        _refuse(text, "look-around, names and flags inside are not known to all engines; (?i) may stand at the start")
    return text


def _character(character: str, *, ignores_case: bool) -> str:
    if character in "^$":
        _refuse(
            character, "^ stands only at the start and $ only at the end; write ^(one|other)$, or a backslash first"
        )
    if character in "[]{}\\":
        _refuse(character, "close what it opens, or put a backslash first")
    return "." if character == "." else _literal_character(character, ignores_case=ignores_case)


def _escape(letter: str, *, ignores_case: bool) -> str:
    if letter.lower() in _KINDS:
        return f"[{'^' if letter.isupper() else ''}{_KINDS[letter.lower()]}]"
    return _literal_character(_unescaped(letter), ignores_case=ignores_case)


def _unescaped(letter: str) -> str:
    r"""The character that `\` and a letter stand for."""
    if letter.isalnum() and letter not in _CONTROLS:
        _refuse(f"\\{letter}", r"not all engines read it alike; write \d, \w, \s, or the characters in [brackets]")
    return _CONTROLS.get(letter, letter)


def _literal_character(character: str, *, ignores_case: bool) -> str:
    cases = _cases(character) if ignores_case else character
    if len(cases) == 1 and _AS_THEY_ARE.fullmatch(character):
        return character
    return f"\\{character}" if character in _ESCAPED else f"[{cases}]"


def _cases(character: str) -> str:
    return "".join(sorted({character, *(other for other in (character.lower(), character.upper()) if len(other) == 1)}))


def _brackets(text: str, *, ignores_case: bool) -> str:
    negated = "^" if text.startswith("[^") else ""
    members = _MEMBER.findall(text[1 + len(negated) : -1])
    if any(re.search(r"(?<!\\)\[", member) for member in members):
        _refuse("[ in [brackets]", r"write \[ for the character, and A-Z or a-z in place of [:alpha:]")
    said = (_member(member, ignores_case=ignores_case) for member in members)
    # A statement's parameters are $ and a word, so nothing may follow $.
    return f"[{negated}{''.join(sorted(said, key='$'.__eq__))}]"


def _member(part: str, *, ignores_case: bool) -> str:
    """A character in brackets, a kind of characters, or a range of them."""
    if re.fullmatch(r"\\[dws]", part):
        return _KINDS[part[1]]
    ends = [_unescaped(one[1]) if len(one) > 1 else one for one in re.findall(r"\\.|[^\\]", part, re.DOTALL)]
    if len(ends) == 1:
        return "".join(map(_in_brackets, _cases(ends[0]) if ignores_case else ends[0]))
    first, _, last = ends
    return "".join(
        f"{_in_brackets(low)}-{_in_brackets(high)}" for low, high in _ranges(first, last, ignores_case=ignores_case)
    )


def _ranges(first: str, last: str, *, ignores_case: bool) -> Iterator[tuple[str, str]]:
    """A range, and its ASCII letters in the other case."""
    yield first, last
    for low, high in ("AZ", "az") if ignores_case else ():
        if first <= high and last >= low:
            yield chr(ord(max(first, low)) ^ 0x20), chr(ord(min(last, high)) ^ 0x20)


def _in_brackets(character: str) -> str:
    return f"\\{character}" if character in _ESCAPED else character
