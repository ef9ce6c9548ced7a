"""Patterns match as RE2 would match them, within the syntax that every engine reads alike."""

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rfm_assets.config.patterns import checked, portable
from rfm_assets.config.shop_file import Rules
from rfm_assets.literals import literal

# With (?i), RE2 treats a few non-ASCII letters as further cases of k and s; no product code has them.
TEXTS = st.text(alphabet="aAbBzZ019_-.#$&^[]\\/ é\n\t'", max_size=6)
PATTERNS = [
    *("^.{6,7}$", "^[cC][0-9]+$", "^([0-9]{5}[a-zA-Z]*|PADS)$", "^#[0-9]+$", r"\d", r"^\w+$", r"\s", r"[\d.]", r"\D"),
    *("(?i)^(az|b+)", "(?i)[a-b]9", "(?i)^A[^b]", r"\[", r"\]", r"\&", r"\\", r"^\^", "a|b", "a??b", "(?:ab)+", "[$]"),
    *(r"\$", "[^$a]", "[a-]", "[-a]", r"[\[\]]", r"[\\&^]", "it's", "é", ".", r"\.", "a{2}", "^a$", "$", "(?i)_"),
]


def found(pattern: str, text: str) -> object:
    row = duckdb.execute(f"SELECT regexp_matches({literal(text)}, {literal(pattern)})").fetchone()
    assert row
    return row[0]


@pytest.mark.parametrize("pattern", [one for one in PATTERNS if one != "$"])
@given(text=TEXTS)
def test_what_is_said_finds_what_re2_finds(pattern: str, text: str) -> None:
    assert found(portable(pattern), text) == found(pattern, text)


def test_the_default_rules_are_said_as_they_stand() -> None:
    rules = Rules()
    for pattern in (rules.invoice_pattern, rules.cancellation_pattern, rules.product_pattern):
        assert portable(pattern) == pattern


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("^(?=x)", "look-around"),
        ("(?<name>a)", "look-around, names and flags"),
        (r"\bGIFT", r"the pattern has \b"),
        (r"\p{L}", r"the pattern has \p"),
        (r"(a)\1", r"the pattern has \1"),
        ("[[:alpha:]]", "A-Z or a-z in place of [:alpha:]"),
        ("^one$|^other$", r"write ^(one|other)$"),
        ("a++", "there is nothing before it to repeat"),
        ("|*", "there is nothing before it to repeat"),
        ("x{,3}", "put a backslash first"),
        ("[", "close what it opens"),
        ("(a", "missing )"),
        ("a)", "unexpected )"),
        ("[z-a]", "invalid character class range"),
        ("a{2000}", "invalid repetition size"),
        ("", "would match everything"),
        ("(?i)^$", "would match everything"),
    ],
)
def test_a_pattern_that_engines_read_differently_or_not_at_all_is_refused(pattern: str, said: str) -> None:
    with pytest.raises(ValueError, match="the pattern ") as refused:
        checked(pattern)
    assert said in str(refused.value)


def test_no_pattern_names_a_parameter_of_a_statement() -> None:
    assert portable(r"\$first") == "[$]first"
    assert portable("[$first]") == "[first$]"
