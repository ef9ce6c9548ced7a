"""`rfm policy compare` prints who would move between segments, or why it cannot compare."""

from pathlib import Path

import pytest

from rfm_assets.contracts.gold import CUSTOMER_RFM
from rfm_assets.settings import Settings
from rfm_assets_tests.gold.test_customer_segments import snapshot
from rfm_assets_tests.helpers.plain import FIRST, new_database, put
from rfm_assets_tests.helpers.runs import rfm


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "warehouse.duckdb"
    with new_database(str(file)) as store:
        put(store, CUSTOMER_RFM, *snapshot(*((f"{n}00.00", n, n) for n in range(1, 6))))
    monkeypatch.setattr("rfm_assets.settings.settings", lambda: Settings(warehouse=file))
    return file


def compared(tmp_path: Path, text: str, day: str = str(FIRST)) -> tuple[int, str]:
    (tmp_path / "new.toml").write_text(text, encoding="utf-8")
    result = rfm("policy", "compare", str(tmp_path / "new.toml"), "--as-of", day)
    return result.exit_code, result.output


@pytest.mark.usefixtures("warehouse")
def test_who_would_move_is_listed_by_segment_with_what_they_have_spent(tmp_path: Path) -> None:
    code, output = compared(tmp_path, "[segments]\nhigh_above = 1.5")
    assert code == 0
    assert output.splitlines() == [
        "1 of 5 customers would move, with £500.00 of £1,500.00",
        "",
        "from                     to                    customers            spent",
        "Growing Value - At Risk  High Value - At Risk          1          £500.00",
    ]


@pytest.mark.usefixtures("warehouse")
def test_a_policy_that_moves_nobody_is_one_line(tmp_path: Path) -> None:
    assert compared(tmp_path, "") == (0, "0 of 5 customers would move, with £0.00 of £1,500.00\n")


@pytest.mark.usefixtures("warehouse")
def test_a_file_that_cannot_be_used_or_a_day_without_customers_ends_in_a_message(tmp_path: Path) -> None:
    code, output = compared(tmp_path, "[segments]\nhigh_above = 1")
    assert (code, "write a high_above over growing_above" in output) == (1, True)
    code, output = compared(tmp_path, "", day="2030-01-01")
    assert (code, "no customers of 2030-01-01 are stored" in output) == (1, True)
