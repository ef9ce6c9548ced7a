"""Shop file errors name the file, the key, its value and what is allowed; the file overrides its profile."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from rfm_assets.config.load import preset_rules, rules_of, shop_file
from rfm_assets.config.problems import toml
from rfm_assets.config.shop_file import Rules, ShopFile
from rfm_assets.errors import SettingError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "rfm.toml"


def problems(file: Path, text: str) -> list[str]:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingError) as refused:
        rules_of(shop_file(file), file)
    first, *others = str(refused.value).splitlines()
    assert str(file) in first
    return [line.strip() for line in others] or [first]


def test_without_a_file_today_s_rules_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert shop_file() == ShopFile()
    assert rules_of(shop_file()) == Rules()


def test_a_file_is_read_with_and_without_a_byte_order_mark(file: Path) -> None:
    text = '[shop]\r\ncurrency = "GBP"\r\nstart_date = 2023-01-01\r\n[rules]\r\nnot_product = ["POST"]\r\n'
    for mark in (b"", b"\xef\xbb\xbf"):
        file.write_bytes(mark + text.encode())
        read = shop_file(file)
        assert (read.shop.currency, read.shop.start_date) == ("GBP", date(2023, 1, 1))
        assert read.rules.not_product == ("POST",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[segmets]\na = 1", "segmets = { a = 1 }: there is no such section, the nearest is ["),
        ("[rule]\n", "rule = {  }: there is no such section, the nearest is [rules]"),
        (
            "[rules]\ninvoice_patern = 'a'",
            'rules.invoice_patern = "a": there is no such key, the nearest is invoice_pattern',
        ),
        ("[shop]\nproduct_pattern = 'a'", 'shop.product_pattern = "a": this key belongs in [rules]'),
        ("currency = 'GBP'", 'currency = "GBP": this key belongs in [shop]'),
        ("[shop]\ncurrency = '£'", 'shop.currency = "£": write an ISO 4217 currency code'),
        ("[shop]\ncurrency = 'gbp'", 'shop.currency = "gbp": write an ISO 4217 currency code'),
        ("[shop]\ntime_zone = 'London'", 'shop.time_zone = "London": write an IANA time zone'),
        ("[shop]\nstart_date = 2023-01-01T08:00:00", "shop.start_date = 2023-01-01T08:00:00: write the day alone"),
        ("[shop]\nname = 3", 'shop.name = 3: write a text in "quotes"'),
        ("shop = 3", "shop = 3: make it a section"),
        ("[segments]\nhigh_above = '3'", 'segments.high_above = "3": write a number'),
        ("[segments]\nhigh_above = 2.0001", "segments.high_above = 2.0001: write a number with at most 3 decimals"),
        ("[segments]\nhigh_above = nan", "segments.high_above = nan: write a number with at most 3 decimals"),
        ("[segments]\ngrowing_above = 0", "segments.growing_above = 0: write a number from 0.001 to 999"),
        ("[segments]\ngrowing_above = 2", "write a high_above over growing_above"),
        ("[segments]\nhigh_above_amount = 500", "growing_above_amount and high_above_amount need each other"),
        (
            "[segments]\ngrowing_above_amount = 5\nhigh_above_amount = 5.0",
            "write a high_above_amount over growing_above_amount",
        ),
        (
            "[segments]\nhigh_above = 3\ngrowing_above_amount = 5\nhigh_above_amount = 6",
            "amounts and multiples of the median contradict each other",
        ),
        ("[segments]\nactive_within_days = 0", "segments.active_within_days = 0: write 1 or more"),
        ("[segments.cells.VIP]\nname = 'a'", 'there is no segment "VIP": they are High Value - Active & Engaged,'),
        (
            "[segments.cells.'High Value - At Risk']\nname = 'Base Value - At Risk'",
            '"Base Value - At Risk" is taken',
        ),
        ("[segments.cells.'High Value - At Risk']\nname = 'New customer'", "is taken"),
        ("[segments.cells.'High Value - At Risk']\nname = 'the $first'", "do not write $ in front of a small letter"),
        ("[segments.cells.'High Value - At Risk']\nofer = 'a'", "there is no such key, the nearest is offer"),
        ("[audiences]\nholdout_share = 0.6", "audiences.holdout_share = 0.6: write a number from 0 to 0.5"),
        ("[audiences]\nholdout = 0.1", "audiences.holdout = 0.1: there is no such key, the nearest is holdout_share"),
        ("[audiences]\ncampaign = ' '", 'audiences.campaign = " ": write a text of one line'),
        ("[rules]\nproduct_pattern = '(?=x)'", 'rules.product_pattern = "(?=x)": the pattern has (?: look-around'),
        ("[rules]\nnot_product = ['POST', '^(']", 'rules.not_product.1 = "^(": the pattern does not compile'),
        ("[rules]\nnot_product = ['A$B']", 'rules.not_product.0 = "A$B": write a code, or a pattern'),
        ("[rules]\nnot_product = 'POST'", 'rules.not_product = "POST": write a list'),
        ("[rules]\ninvoice_days_ahead = -1", "rules.invoice_days_ahead = -1: write 0 or more"),
        ("[rules]\ninvoice_reuse_days = 0", "rules.invoice_reuse_days = 0: write 1 or more"),
        ("[rules]\ncontained = true", "rules.contained = true: Input should be 'load' or 'skip'"),
        ("[rules]\nstores = 'folders'", "rules.stores = \"folders\": Input should be 'one' or 'folder'"),
        ("[rules]\nproduct_pattern = 'a'\nnot_product = []", "product_pattern and not_product contradict each other"),
        ("[source]\nprofile = 'online-retail'\ndelimiter = ';'", "source.delimiter describe a profile of your own"),
        ("[source]\nprofile = 3", "source.profile is the name of a preset"),
        ("[source]\nprofile = 'shopfy'", 'source.profile: there is no preset "shopfy"'),
        ("[source.rules]\nproduct_pattern = '['", 'source.rules.product_pattern = "[": the pattern has [: close'),
        ("[shop", "is not TOML"),
    ],
)
def test_what_cannot_be_used_is_named_with_what_it_held_and_what_is_right(file: Path, text: str, said: str) -> None:
    (found,) = problems(file, text)
    assert said in found


def test_everything_wrong_is_reported_at_once(file: Path) -> None:
    text = "[shop]\ncurrency = 'EURO'\nnme = 'x'\n[rules]\ninvoice_pattern = '('\n[segmets]\n"
    keys = [line.split(" = ")[0] for line in problems(file, text)]
    assert set(keys) == {"shop.currency", "shop.nme", "rules.invoice_pattern", "segmets"}


def test_a_file_that_is_named_has_to_be_there_and_be_utf8(file: Path) -> None:
    with pytest.raises(SettingError, match=r"cannot read the shop file .*rfm.toml.*RFM_CONFIG names it"):
        shop_file(file)
    file.write_bytes("[shop]\nname = 'Café'".encode("windows-1252"))
    with pytest.raises(SettingError, match="is not UTF-8"):
        shop_file(file)


def test_what_the_file_says_of_its_own_wins_over_its_profile(file: Path) -> None:
    file.write_text("[rules]\nnot_product = ['POST']\n[source.rules]\nproduct_pattern = 'x'\ninvoice_pattern = '^#'\n")
    read = shop_file(file)
    assert preset_rules(read).product_pattern == "x"
    rules = rules_of(read)
    assert (rules.not_product, rules.invoice_pattern) == (("POST",), "^#")
    assert rules.product_pattern == Rules().product_pattern


@pytest.mark.parametrize("text", ["plain", "a\\d+", "two\nlines", '\\ "and"\t\x7f', "it's \\", "Größe"])
def test_a_text_comes_back_as_it_was_from_toml(text: str) -> None:
    assert tomllib.loads(f"text = {toml(text)}") == {"text": text}
