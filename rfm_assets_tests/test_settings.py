"""The settings have their defaults and variables; an unusable value is refused by the variable's name."""

import os
from datetime import date
from pathlib import Path

import pytest

from rfm_assets.errors import SettingError
from rfm_assets.settings import Settings, settings

read = settings.__wrapped__  # without the cache, which the rest of the process keeps using


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in [name for name in os.environ if name.upper().startswith("RFM_")]:
        monkeypatch.delenv(variable)


def test_the_defaults_work_on_a_laptop() -> None:
    assert read() == Settings(
        landing="data/landing",
        warehouse=Path("data/warehouse.duckdb"),
        start_date=date(2025, 6, 26),
        memory_limit="2GB",
        temp_directory=None,
        threads=None,
        daily_snapshots_for_days=None,
        owner="team:data-engineering",
    )


@pytest.mark.parametrize(
    ("variable", "text", "field", "value"),
    [
        ("RFM_LANDING", "sales/daily", "landing", "sales/daily"),
        ("RFM_WAREHOUSE", "/data/shop.duckdb", "warehouse", Path("/data/shop.duckdb")),
        ("RFM_WAREHOUSE", "shop.duckdb", "warehouse", Path("shop.duckdb")),
        ("RFM_START_DATE", "2024-02-29", "start_date", date(2024, 2, 29)),
        ("RFM_PUBLISHED", "/srv/rfm", "published", Path("/srv/rfm")),
        ("RFM_MEMORY_LIMIT", "512MB", "memory_limit", "512MB"),
        ("RFM_MEMORY_LIMIT", "1.5 GiB", "memory_limit", "1.5 GiB"),
        ("RFM_TEMP_DIRECTORY", "/fast/disk", "temp_directory", Path("/fast/disk")),
        ("RFM_THREADS", "2", "threads", 2),
        ("RFM_INVOICE_DAYS_AHEAD", "1", "invoice_days_ahead", 1),
        ("RFM_DAILY_SNAPSHOTS_FOR_DAYS", "0", "daily_snapshots_for_days", 0),
        ("RFM_DAILY_SNAPSHOTS_FOR_DAYS", "31", "daily_snapshots_for_days", 31),
        ("RFM_OWNER", "team:crm", "owner", "team:crm"),
        ("RFM_OWNER", "ann@shop.example", "owner", "ann@shop.example"),
    ],
)
def test_each_setting_has_its_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, text: str, field: str, value: object
) -> None:
    monkeypatch.setenv(variable, text)
    assert getattr(read(), field) == value


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("RFM_LANDING", ""),
        ("RFM_WAREHOUSE", ""),
        ("RFM_WAREHOUSE", "."),
        ("RFM_WAREHOUSE", "/"),
        ("RFM_PUBLISHED", ""),
        ("RFM_PUBLISHED", "."),
        ("RFM_START_DATE", ""),
        ("RFM_START_DATE", "yesterday"),
        ("RFM_START_DATE", "20250626"),
        ("RFM_START_DATE", "1750896000"),
        ("RFM_START_DATE", "2025-06-31"),
        ("RFM_START_DATE", "2025-W26-4"),
        ("RFM_START_DATE", "2025-6-26"),
        ("RFM_START_DATE", "26/06/2025"),
        ("RFM_START_DATE", "2025-06-26T00:00"),
        ("RFM_MEMORY_LIMIT", ""),
        ("RFM_MEMORY_LIMIT", "2"),
        ("RFM_MEMORY_LIMIT", "0GB"),
        ("RFM_MEMORY_LIMIT", "-1GB"),
        ("RFM_MEMORY_LIMIT", "80%"),
        ("RFM_MEMORY_LIMIT", "2 gigabytes"),
        ("RFM_MEMORY_LIMIT", "2GB'; DROP TABLE gold.customer_rfm"),
        ("RFM_TEMP_DIRECTORY", ""),
        ("RFM_THREADS", "0"),
        ("RFM_INVOICE_DAYS_AHEAD", "-1"),
        ("RFM_INVOICE_DAYS_AHEAD", "a day"),
        ("RFM_DAILY_SNAPSHOTS_FOR_DAYS", ""),
        ("RFM_DAILY_SNAPSHOTS_FOR_DAYS", "-1"),
        ("RFM_DAILY_SNAPSHOTS_FOR_DAYS", "a month"),
        ("RFM_OWNER", ""),
        ("RFM_PUBLISH_IDS", "masked"),
        ("RFM_OWNER", "ann"),
        ("RFM_OWNER", "team:"),
        ("RFM_OWNER", "ann@shop"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, variable: str, text: str
) -> None:
    monkeypatch.setenv(variable, text)
    with pytest.raises(SettingError) as refused:
        read()
    assert f"correct or unset them: {variable}={text}: " in str(refused.value)


def test_all_values_that_cannot_be_used_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RFM_START_DATE", "soon")
    monkeypatch.setenv("RFM_MEMORY_LIMIT", "all of it")
    with pytest.raises(SettingError, match=r"RFM_START_DATE=soon: .*; RFM_MEMORY_LIMIT=all of it: "):
        read()


@pytest.mark.parametrize("key", ["", "too short"])
def test_a_key_that_can_be_guessed_is_refused_without_being_shown(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("RFM_AUDIENCE_KEY", key)
    with pytest.raises(SettingError, match=r"RFM_AUDIENCE_KEY=\(not shown\): ") as refused:
        read()
    assert not key or key not in str(refused.value)


def test_hashed_ids_need_a_key_and_the_message_names_both(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read().publish_ids == "as-delivered"
    monkeypatch.setenv("RFM_PUBLISH_IDS", "hashed")
    with pytest.raises(SettingError, match=r"RFM_PUBLISH_IDS=hashed needs RFM_AUDIENCE_KEY"):
        read()
    monkeypatch.setenv("RFM_AUDIENCE_KEY", "sixteen letters and more")
    assert read().publish_ids == "hashed"


def test_a_holdout_needs_a_key_and_the_message_names_both(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "rfm.toml").write_text("[audiences]\nholdout_share = 0.1\n")
    monkeypatch.setenv("RFM_CONFIG", str(tmp_path / "rfm.toml"))
    with pytest.raises(SettingError, match=r"holdout_share in \[audiences\] .* needs RFM_HOLDOUT_KEY"):
        read()
    monkeypatch.setenv("RFM_HOLDOUT_KEY", "sixteen letters and more")
    assert "sixteen" not in repr(read())


def test_a_key_is_not_shown_with_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RFM_AUDIENCE_KEY", "sixteen letters and more")
    assert "sixteen" not in repr(read())


def test_nobody_changes_a_setting_afterwards() -> None:
    with pytest.raises(ValueError, match="frozen"):
        read().landing = "elsewhere"
