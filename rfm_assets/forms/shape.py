"""A text's shape: 9 for each digit and `a` for each letter, so that it can be shown without naming anybody.

`jane_13085@shop.de` has the shape `aaaa_99999@aaaa.aa`. Letters and digits are those of any script.
"""

import unicodedata


def shape_of(text: str) -> str:
    """The shape of a text."""
    return "".join({"N": "9", "L": "a"}.get(unicodedata.category(character)[0], character) for character in text)


def shape_in_sql(text: str) -> str:
    """SQL for the shape of a text expression."""
    return rf"regexp_replace(regexp_replace({text}, '\p{{N}}', '9', 'g'), '\p{{L}}', 'a', 'g')"
