"""`rfm sample` passes every option on, reports what it wrote, and loads nothing heavy on import."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from rfm_assets.commands.sample import sample
from rfm_assets.errors import SettingError
from rfm_assets.sample import write_sample

OPTIONS: dict[str, Any] = {"days": 4, "lines_per_day": 150, "customers": 90, "seed": 3, "workers": 1}


def run(*arguments: str | Path) -> str:
    return CliRunner().invoke(sample, [str(part) for part in arguments], catch_exceptions=False).output


def test_the_command_writes_what_the_function_writes(tmp_path: Path) -> None:
    report = write_sample(tmp_path / "function", **OPTIONS)
    arguments = [text for name, value in OPTIONS.items() for text in (f"--{name.replace('_', '-')}", str(value))]
    output = run("--to", tmp_path / "command", *arguments)
    assert f"4 daily files, {report.lines:,} lines" in output
    assert {path.name: path.read_bytes() for path in (tmp_path / "command").iterdir()} == {
        path.name: path.read_bytes() for path in (tmp_path / "function").iterdir()
    }


def test_the_history_starts_on_the_day_asked_for(tmp_path: Path) -> None:
    run("--to", tmp_path, "--start", "2024-02-28", "--days", "3", "--lines-per-day", "50")
    assert sorted(path.name[:10] for path in tmp_path.iterdir()) == ["2024-02-28", "2024-02-29", "2024-03-01"]


def test_the_landing_folder_is_filled_unless_another_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rfm_assets.settings.settings", lambda: type("Settings", (), {"landing": str(tmp_path / "in")}))
    run("--days", "1", "--lines-per-day", "50")
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["2025-06-26_transactions.csv"]


def test_overwriting_has_to_be_asked_for(tmp_path: Path) -> None:
    own = tmp_path / "2025-06-26_transactions.csv"
    own.write_text("mine")
    with pytest.raises(SettingError, match="already holds"):
        run("--to", tmp_path, "--days", "1")
    run("--to", tmp_path, "--days", "1", "--overwrite")
    assert own.read_text().startswith("Invoice,")


def test_a_bucket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingError, match="not to s3://shop/in: name one with --to"):
        run("--to", "s3://shop/in")
    assert list(tmp_path.iterdir()) == []


def test_help_states_the_defaults() -> None:
    assert all(text in run("--help") for text in ("2025-06-26", "307", "1700", "42", "RFM_LANDING"))


def test_importing_the_command_loads_nothing_heavy() -> None:
    heavy = "{'numpy', 'pandas', 'duckdb', 'dagster', 'pydantic'}"
    program = f"import sys, rfm_assets.commands.sample; print({heavy} & set(sys.modules) or 'light')"
    assert (
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "light\n"
    )
