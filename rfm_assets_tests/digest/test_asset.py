"""The digest asset writes the newest day's file and mails it if a server is set; only then is its schedule on."""

from pathlib import Path

import dagster as dg
import pytest

from rfm_assets.automation.schedule import digest as schedule
from rfm_assets.definitions import defs
from rfm_assets.digest.assets import KEY
from rfm_assets.digest.mail import Mailbox
from rfm_assets_tests.helpers.runs import EVERYTHING, run
from rfm_assets_tests.helpers.scenario import DAY, NEXT_DAY, land, sale

pytestmark = pytest.mark.slow

DIGEST = dg.AssetSelection.assets(KEY)
COPY = dg.AssetSelection.assets(dg.AssetKey(["publishing", "snapshot"]))


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The subjects of the mails sent, with a mailbox configured."""
    subjects: list[str] = []
    monkeypatch.setattr(Mailbox, "send", lambda _box, subject, *_forms: subjects.append(subject))
    return subjects


def test_it_is_written_of_the_newest_day_and_sent_where_a_server_is_set(
    tmp_path: Path, sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for on in (DAY, NEXT_DAY):
        land(tmp_path, on, sale(invoice=f"4894{on[-2:]}", customer_id=f"130{on[-2:]}", invoice_date=on))
    run(tmp_path, EVERYTHING.without_checks() | COPY, DAY, NEXT_DAY, raise_on_error=True)
    told = run(tmp_path, DIGEST, raise_on_error=True).asset_materializations_for_node("publishing__digest")[0].metadata
    file = tmp_path / "published" / "digest" / f"{NEXT_DAY}.html"
    assert str(told["sentence"].value) in file.read_text(encoding="utf-8")
    assert (told["as_of_date"].value, told["sent_to"].value, sent) == (NEXT_DAY, 0, [])
    assert file.stat().st_mode & 0o777 == 0o640

    box = Mailbox("smtp://mail.example", "rfm@shop.example", ["ann@shop.example"])
    monkeypatch.setattr("rfm_assets.digest.mail.mailbox", lambda: box)
    told = run(tmp_path, DIGEST, raise_on_error=True).asset_materializations_for_node("publishing__digest")[0].metadata
    assert told["sent_to"].value == 1
    assert sent == ["RFM customer segments: week to 27 Jun 2025"]


def test_a_run_of_days_sends_nothing(tmp_path: Path, sent: list[str]) -> None:
    done = run(tmp_path, DIGEST, DAY, NEXT_DAY)
    assert done.success
    assert not done.asset_materializations_for_node("publishing__digest")
    assert sent == []
    assert not (tmp_path / "published" / "digest").exists()


def test_nothing_that_makes_tables_sends_it_and_its_schedule_is_off_until_a_server_is_set() -> None:
    jobs = {job.name for job in defs.resolve_all_job_defs() if not job.name.startswith("__")}
    with_it = {name for name in jobs if KEY in defs.resolve_job_def(name).asset_layer.executable_asset_keys}
    assert with_it == {"weekly_digest"}
    assert schedule.default_status is dg.DefaultScheduleStatus.STOPPED
    assert schedule.cron_schedule == "30 11 * * 1"
