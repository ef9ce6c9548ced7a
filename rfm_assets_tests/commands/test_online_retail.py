"""The real dataset's commands pass options on, report what they did, and load nothing heavy on import."""

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rfm_assets.commands.online_retail import fetch_online_retail, split
from rfm_assets.sample.online_retail import download
from rfm_assets.sample.online_retail.fetch import URL, WORKBOOK
from rfm_assets.sample.online_retail.split import SHEETS
from rfm_assets_tests.sample.online_retail.source import FileServer, file_server, sale, write_workbook

TUESDAY, WEDNESDAY = (datetime(2009, 12, day, 7, 45) for day in (1, 2))  # noqa: DTZ001 - as in the workbook


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    """Serves an archive with a workbook of two sheets, two days in all; retries follow without a pause."""
    monkeypatch.setattr(download, "_FIRST_PAUSE_SECONDS", 0)
    sheets = {SHEETS[0]: [sale(TUESDAY)], SHEETS[1]: [sale(TUESDAY), sale(WEDNESDAY)]}
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(write_workbook(tmp_path / "served.xlsx", sheets), WORKBOOK)
    with file_server() as server:
        server.content = packed.getvalue()
        yield server


@pytest.fixture
def workbook(server: FileServer, tmp_path: Path) -> Path:
    """That workbook, fetched."""
    run_fetch(server, tmp_path)
    return tmp_path / WORKBOOK


def run_fetch(server: FileServer, folder: Path) -> Result:
    return CliRunner().invoke(fetch_online_retail, ["--to", str(folder), "--url", server.url], catch_exceptions=False)


def run_split(workbook: Path, folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(split, [str(workbook), "--to", str(folder), *arguments], catch_exceptions=False)


def test_the_workbook_is_fetched_with_its_progress_beside_the_output(server: FileServer, tmp_path: Path) -> None:
    result = run_fetch(server, tmp_path)
    assert result.stdout.startswith(f"{tmp_path / WORKBOOK}, 0.0 MB: rfm split turns it into daily files")
    assert "Online Retail II" in result.stderr


def test_progress_goes_back_where_the_download_does(server: FileServer, tmp_path: Path) -> None:
    server.takes_ranges = False
    server.cuts = [1_000]
    assert run_fetch(server, tmp_path).exit_code == 0
    assert (tmp_path / WORKBOOK).exists()


def test_the_first_sheet_is_split_unless_another_is_chosen(workbook: Path, tmp_path: Path) -> None:
    result = run_split(workbook, tmp_path / "first")
    assert result.stdout.startswith("1 daily files, 1 lines, 0.0 MB in ")
    assert result.stdout.endswith(": 2025-06-26 to 2025-06-26\n")
    assert result.stderr == "reading the sheet Year 2009-2010\n"
    assert "2 daily files, 2 lines" in run_split(workbook, tmp_path / "second", "--sheet", SHEETS[1]).stdout


def test_both_sheets_make_one_history_from_the_day_asked_for(workbook: Path, tmp_path: Path) -> None:
    run_split(workbook, tmp_path / "both", "--sheet", "both", "--start", "2024-02-28")
    assert sorted(path.name[:10] for path in (tmp_path / "both").iterdir()) == ["2024-02-28", "2024-02-29"]


def test_overwriting_has_to_be_asked_for(workbook: Path, tmp_path: Path) -> None:
    own = tmp_path / "out/2025-06-26_transactions.csv"
    own.parent.mkdir()
    own.write_text("mine")
    refused = CliRunner().invoke(split, [str(workbook), "--to", str(own.parent)])
    assert "already holds" in str(refused.exception)
    run_split(workbook, own.parent, "--overwrite")
    assert own.read_text().startswith("Invoice,")


def test_help_states_the_defaults() -> None:
    unwrapped = "".join(CliRunner().invoke(fetch_online_retail, ["--help"]).output.split())
    assert all(part in unwrapped for part in ("data/online_retail", URL))
    text = CliRunner().invoke(split, ["--help"]).output
    assert all(part in text for part in ("2025-06-26", "Year 2009-2010"))


def test_importing_the_commands_loads_nothing_heavy() -> None:
    heavy = "{'numpy', 'pandas', 'duckdb', 'dagster', 'pydantic', 'python_calamine', 'boto3'}"
    modules = "rfm_assets.commands.online_retail, rfm_assets.commands.upload"
    program = f"import sys, {modules}; print({heavy} & set(sys.modules) or 'light')"
    assert (
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "light\n"
    )
