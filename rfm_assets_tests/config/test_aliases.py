"""The alias file resolves chains and start days; errors name the line."""

from datetime import date
from pathlib import Path

import pytest

from rfm_assets.config.aliases import Alias, aliases, normalised
from rfm_assets.config.customers import Customers
from rfm_assets.errors import SettingError

LAST = date.max
CUSTOMERS = Customers(aliases="aliases.csv")
FIRST, SECOND = date(2025, 7, 1), date(2025, 8, 1)


def read(folder: Path, *lines: str) -> list[Alias]:
    (folder / "aliases.csv").write_text("\n".join(("alias,customer,since", *lines)), encoding="utf-8")
    return list(aliases(CUSTOMERS, beside=folder / "rfm.toml"))


def test_without_an_alias_file_nobody_is_somebody_else(tmp_path: Path) -> None:
    assert aliases(Customers(), beside=tmp_path / "rfm.toml") == ()


def test_ids_are_read_as_silver_has_them(tmp_path: Path) -> None:
    assert read(tmp_path, " Jane@Old.example ,12346.0,2025-07-01", "") == [
        Alias("jane@old.example", "12346", FIRST, LAST)
    ]
    assert normalised("Jane@Old.example", Customers(lower_case_emails=False)) == "Jane@Old.example"


def test_a_chain_leads_to_its_end_from_the_day_on_that_each_link_holds(tmp_path: Path) -> None:
    assert read(tmp_path, "a,b,2025-07-01", "b,c,2025-08-01") == [
        Alias("a", "b", FIRST, SECOND),
        Alias("a", "c", SECOND, LAST),
        Alias("b", "c", SECOND, LAST),
    ]
    assert read(tmp_path, "a,b,2025-08-01", "b,c,2025-07-01") == [
        Alias("a", "c", SECOND, LAST),
        Alias("b", "c", FIRST, LAST),
    ]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            ("a,b,2025-07-01", "b,c,2025-07-01", "c,a,2025-07-01"),
            "it goes round in a circle, a is b is c is a; take one",
        ),
        (("a,a,2025-07-01",), "it goes round in a circle, a is a"),
        (("a,b,2025-07-01", "a,c,2025-07-01"), "line 3: name each alias once"),
        (("a,,2025-07-01",), "line 2: name each alias once, with its customer"),
        (("a,b",), "line 2: write an alias, a customer and a day"),
        (("a,b,01/07/2025",), "line 2: write the day as YYYY-MM-DD"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_line(tmp_path: Path, lines: tuple[str, ...], said: str) -> None:
    with pytest.raises(SettingError, match="cannot use the alias file") as refused:
        read(tmp_path, *lines)
    assert said in str(refused.value)


def test_a_missing_file_and_a_missing_header_are_named(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="cannot read the alias file "):
        aliases(CUSTOMERS, beside=tmp_path / "rfm.toml")
    (tmp_path / "aliases.csv").write_text("a,b,2025-07-01\n")
    with pytest.raises(SettingError, match="write alias,customer,since into its first line"):
        aliases(CUSTOMERS, beside=tmp_path / "rfm.toml")
