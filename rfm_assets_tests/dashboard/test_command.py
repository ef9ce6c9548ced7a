"""`rfm dashboard` reports at startup what every page would otherwise complain about."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import Result
from streamlit.web import cli as streamlit

from rfm_assets_tests.dashboard.conftest import Reads
from rfm_assets_tests.helpers.runs import rfm


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """The arguments Streamlit was called with; it is not run."""
    asked: list[Sequence[str]] = []
    monkeypatch.setattr(streamlit, "main", lambda arguments, **_: asked.append(arguments))
    return asked


def start(*options: str) -> Result:
    return rfm("dashboard", *options)


@pytest.mark.usefixtures("published")
def test_it_starts_without_a_word_and_passes_options_on(started: list[Sequence[str]]) -> None:
    result = start("--server.port", "9000")
    assert (result.exit_code, result.output) == (0, "")
    run, script, *options = started[0]
    assert (run, options) == ("run", ["--server.port", "9000"])
    assert Path(script).is_file()


def test_a_folder_with_nothing_published_is_named_at_the_start(
    started: list[Sequence[str]], dashboard_reads: Reads, tmp_path: Path
) -> None:
    dashboard_reads(tmp_path)
    result = start()
    assert str(tmp_path) in result.stderr
    assert "without a restart" in result.stderr
    assert started


def test_a_setting_that_cannot_be_used_ends_it_at_the_start(
    started: list[Sequence[str]], dashboard_reads: Reads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RFM_DAGSTER_URL", "dagster.shop.example")
    dashboard_reads(tmp_path)
    result = start()
    assert result.exit_code == 1
    assert "RFM_DAGSTER_URL=dagster.shop.example" in result.output
    assert not started
