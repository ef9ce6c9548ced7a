"""A day's file is uploaded whole, once, under its key; missing files and failures are reported with their place."""

import os
import re
import shlex
import traceback
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from rfm_assets.commands.upload import upload
from rfm_assets.errors import LandingError, RfmError, SettingError
from rfm_assets.landing.upload import Outcome, upload_days
from rfm_assets.landing.upload_targets import BucketTarget, DailyFile, FolderTarget, Target, target_at
from rfm_assets_tests.helpers.s3 import ACCESS_KEY, SECRET_KEY, BucketPlace

pytestmark = pytest.mark.slow

DAY = date(2025, 6, 26)
KEY = "2025-06-26/2025-06-26_transactions.csv"
CONTENT = b"Invoice,StockCode\n489434,85048\n"
WORKFLOW = Path(__file__).parents[2] / ".github/workflows/upload-daily-sales.yml"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A source's export folder with files for three of four days."""
    folder = tmp_path / "export"
    folder.mkdir()
    for day in ("2025-06-26", "2025-06-27", "2025-06-29"):
        (folder / f"{day}_transactions.csv").write_bytes(CONTENT + day.encode())
    return folder


@pytest.fixture(params=["folder", "moto", pytest.param("seaweedfs", marks=pytest.mark.e2e)])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Target:
    """Every kind of target, empty."""
    if request.param == "folder":
        return FolderTarget(tmp_path / "target")
    place: BucketPlace = request.getfixturevalue("bucket" if request.param == "moto" else "seaweedfs_bucket")
    return target_at(f"s3://{place.name}/{place.prefix}/")


def outcomes(source: Path, target: Target, *, days: int = 1) -> list[str]:
    return [delivery.outcome for delivery in upload_days(source, target, DAY, DAY + timedelta(days - 1))]


def stored(target: Target, day: date = DAY) -> bytes:
    if isinstance(target, FolderTarget):
        return Path(target.address_of(day)).read_bytes()
    assert isinstance(target, BucketTarget)
    body: bytes = target._client.get_object(Bucket=target.bucket, Key=target._key(day))["Body"].read()  # noqa: SLF001
    return body


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(upload, [str(part) for part in arguments])


def refusal(result: Result) -> str:
    assert isinstance(result.exception, RfmError)
    return str(result.exception)


def test_a_days_file_arrives_as_it_is(export: Path, target: Target) -> None:
    assert outcomes(export, target) == [Outcome.SENT]
    assert stored(target) == CONTENT + b"2025-06-26"


@pytest.mark.parametrize("in_target", [False, True])
def test_a_pipe_named_like_a_days_file_is_reported_and_never_opened(
    export: Path, tmp_path: Path, *, in_target: bool
) -> None:
    target = FolderTarget(tmp_path / "target")
    path = Path(target.address_of(DAY)) if in_target else export / Path(KEY).name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    reason = f"cannot read {path}: it is a named pipe and not a file"
    if in_target:
        with pytest.raises(LandingError, match=reason):
            outcomes(export, target)
    else:
        (delivery,) = upload_days(export, target, DAY, DAY)
        assert delivery.outcome is Outcome.FAILED
        assert reason in delivery.detail


def test_the_same_bytes_are_not_sent_again(export: Path, target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes(export, target)
    monkeypatch.delattr(type(target), "put")
    assert outcomes(export, target) == [Outcome.ALREADY_THERE]


def test_a_corrected_file_replaces_the_one_before(export: Path, target: Target) -> None:
    outcomes(export, target)
    corrected = CONTENT + b"2025-06-25"  # of the same size
    (export / "2025-06-26_transactions.csv").write_bytes(corrected)
    assert outcomes(export, target) == [Outcome.SENT]
    assert stored(target) == corrected


def test_missed_days_are_caught_up(export: Path, target: Target) -> None:
    outcomes(export, target, days=2)
    (export / "2025-06-26_transactions.csv").write_bytes(b"corrected")
    assert outcomes(export, target, days=4) == [Outcome.SENT, Outcome.ALREADY_THERE, Outcome.NO_FILE, Outcome.SENT]
    assert stored(target) == b"corrected"


@pytest.mark.parametrize("target", ["folder", pytest.param("seaweedfs", marks=pytest.mark.e2e)], indirect=True)
def test_a_file_that_changes_while_it_is_sent_is_not_taken(export: Path, target: Target) -> None:
    path = export / "2025-06-26_transactions.csv"
    file = DailyFile.at(path, DAY)
    path.write_bytes(CONTENT + b"and more of it")
    with pytest.raises(LandingError, match=rf"{path} to .*{KEY}: .*changed while it was sent: run again"):
        target.put(file)
    assert not target.holds(DailyFile.at(path, DAY))
    assert not target.holds(file)


def test_a_file_put_by_another_tool_is_known_by_its_etag(bucket: BucketPlace, export: Path) -> None:
    bucket.put(KEY, CONTENT + b"2025-06-26")
    assert outcomes(export, target_at(f"s3://{bucket.name}/{bucket.prefix}")) == [Outcome.ALREADY_THERE]


def test_an_object_whose_etag_is_no_md5_is_known_by_its_sha256_only(bucket: BucketPlace, export: Path) -> None:
    (export / "2025-06-26_transactions.csv").write_bytes(CONTENT)
    object_ = {"Bucket": bucket.name, "Key": f"{bucket.prefix}/{KEY}"}
    for metadata, expected in (({}, Outcome.SENT), ({"sha256": sha256(CONTENT).hexdigest()}, Outcome.ALREADY_THERE)):
        upload_id = bucket.client.create_multipart_upload(**object_, Metadata=metadata)["UploadId"]
        part = bucket.client.upload_part(**object_, UploadId=upload_id, PartNumber=1, Body=CONTENT)
        parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
        bucket.client.complete_multipart_upload(**object_, UploadId=upload_id, MultipartUpload=parts)
        assert outcomes(export, BucketTarget(bucket.name, bucket.prefix)) == [expected]


def test_the_landing_zone_finds_what_was_uploaded(export: Path, bucket: BucketPlace) -> None:
    outcomes(export, target_at(f"s3://{bucket.name}/{bucket.prefix}"), days=2)
    assert [(file.day, file.key) for file in bucket.zone.survey().files] == [
        (DAY, KEY),
        (date(2025, 6, 27), KEY.replace("26", "27")),
    ]


def test_a_bucket_is_sent_checksums_to_compare(export: Path, bucket: BucketPlace) -> None:
    target = BucketTarget(bucket.name, bucket.prefix)
    sent: dict[str, str] = {}
    target._client.meta.events.register("before-send.s3.PutObject", lambda request, **_: sent.update(request.headers))  # noqa: SLF001
    outcomes(export, target)
    assert {"x-amz-checksum-sha256", "Content-MD5"} < sent.keys()


def test_a_key_without_a_prefix_begins_with_the_day() -> None:
    assert target_at("s3://the-landing").address_of(DAY) == f"s3://the-landing/{KEY}"


def test_a_copy_that_fails_leaves_what_was_there(export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = FolderTarget(tmp_path / "target")
    outcomes(export, target)

    def half(source: Path, copy: Path) -> None:
        copy.write_bytes(source.read_bytes()[:7])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfile", half)
    (export / "2025-06-26_transactions.csv").write_bytes(b"corrected")
    with pytest.raises(LandingError, match=r"26_transactions\.csv to .*26_transactions\.csv: .*No space left"):
        outcomes(export, target)
    assert [path.name for path in Path(target.address_of(DAY)).parent.iterdir()] == ["2025-06-26_transactions.csv"]
    assert stored(target) == CONTENT + b"2025-06-26"


def test_a_file_that_cannot_be_read_holds_up_no_other(export: Path, tmp_path: Path) -> None:
    (export / "2025-06-26_transactions.csv").unlink()
    (export / "2025-06-26_transactions.csv").mkdir()
    target = FolderTarget(tmp_path / "target")
    first, second = upload_days(export, target, DAY, date(2025, 6, 27))
    assert (first.outcome, second.outcome) == (Outcome.FAILED, Outcome.SENT)
    assert first.detail.startswith(
        f"cannot read {export / '2025-06-26_transactions.csv'}: it is a folder and not a file"
    )


def test_a_missing_bucket_is_named_with_file_and_key(export: Path, bucket: BucketPlace) -> None:
    message = refusal(run("--day", DAY, "--from", export, "--to", f"s3://not-{bucket.name}/sales"))
    assert message.startswith(
        f"cannot upload {export / DAY.isoformat()}_transactions.csv to s3://not-the-landing/sales/{KEY}:"
    )
    assert message.endswith("create the bucket, or correct --to")


@pytest.mark.e2e
def test_wrong_keys_are_explained_and_not_shown(
    export: Path, seaweedfs_bucket: BucketPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another-secret")
    result = run("--day", DAY, "--from", export, "--to", f"s3://{seaweedfs_bucket.name}/sales")
    assert re.search(r"403: .*check the AWS keys or profile", refusal(result))
    assert not any(secret in refusal(result) + result.output for secret in (ACCESS_KEY, SECRET_KEY, "another-secret"))


@pytest.mark.parametrize("setting", ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"])
def test_a_broken_key_does_not_reach_the_log(
    export: Path, bucket: BucketPlace, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    monkeypatch.setenv(setting, "a-secret\nwith a line break")
    result = run("--day", DAY, "--from", export, "--to", f"s3://not-{bucket.name}")
    assert f"s3://not-{bucket.name}/{KEY}" in refusal(result)
    assert "a-secret" not in "".join(traceback.format_exception(result.exception))


def test_missing_keys_are_asked_for(export: Path, bucket: BucketPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    message = refusal(run("--day", DAY, "--from", export, "--to", f"s3://{bucket.name}"))
    assert "NoCredentialsError" in message
    assert message.endswith("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE")


def test_the_command_tells_of_each_day(export: Path, tmp_path: Path) -> None:
    result = run("--since", DAY, "--day", "2025-06-29", "--from", export, "--to", tmp_path / "target")
    assert result.exit_code == 0
    lines = [line.split("  ")[:2] for line in result.stdout.splitlines()]
    assert lines == [
        ["2025-06-26", "sent"],
        ["2025-06-27", "sent"],
        ["2025-06-28", "no file"],
        ["2025-06-29", "sent"],
    ]


def test_the_day_asked_for_must_have_a_file(export: Path, tmp_path: Path) -> None:
    result = run("--since", DAY, "--day", "2025-06-28", "--from", export, "--to", tmp_path / "target")
    assert "1 of the days from 2025-06-26 to 2025-06-28 could not be uploaded" in refusal(result)
    assert f"2025-06-28  failed         {export / '2025-06-28_transactions.csv'} does not exist" in result.stderr
    assert (tmp_path / "target" / KEY).exists()


def test_today_is_uploaded_unless_another_day_is_named(export: Path, tmp_path: Path) -> None:
    today = datetime.now(UTC).date()
    for day in (today, today + timedelta(days=1)):  # midnight may pass meanwhile
        (export / f"{day}_transactions.csv").write_bytes(CONTENT)
    assert run("--from", export, "--to", tmp_path / "target").exit_code == 0
    assert {path.name for path in (tmp_path / "target").iterdir()} < {str(today), str(today + timedelta(days=1))}


@pytest.mark.parametrize(
    "address", ["s3://", "s3://a", "gs://bucket/sales", "s3:bucket", "https://key:secret@host/sales"]
)
def test_an_address_that_is_neither_bucket_nor_folder_is_refused(export: Path, address: str) -> None:
    message = refusal(run("--day", DAY, "--from", export, "--to", address))
    assert "write s3://bucket/prefix or a folder" in message
    assert "secret" not in message


@pytest.mark.parametrize(
    ("source", "address"), [("landing", "landing"), ("landing", "landing/sales"), ("landing/x", ".")]
)
def test_source_and_target_may_not_lie_in_each_other(tmp_path: Path, source: str, address: str) -> None:
    (tmp_path / source).mkdir(parents=True)
    assert "the same day would land twice" in refusal(run("--from", tmp_path / source, "--to", tmp_path / address))


@pytest.mark.parametrize("source", ["s3://bucket/landing", "no-such-folder"])
def test_a_source_that_is_no_folder_is_refused(tmp_path: Path, source: str) -> None:
    assert f"{source} is not a folder: name" in refusal(run("--from", source, "--to", tmp_path))


def test_days_in_the_wrong_order_are_refused(export: Path, tmp_path: Path) -> None:
    result = run("--since", "2025-06-27", "--day", DAY, "--from", export, "--to", tmp_path)
    assert isinstance(result.exception, SettingError)
    assert "--since 2025-06-27 is after the day to upload, 2025-06-26" in refusal(result)


def test_the_workflow_runs_each_morning_and_may_do_little() -> None:
    workflow: dict[Any, Any] = yaml.safe_load(WORKFLOW.read_text())
    triggers, job = workflow[True], workflow["jobs"]["upload"]  # YAML takes `on` for yes
    assert triggers["schedule"] == [{"cron": "0 9 * * *"}]
    assert triggers.keys() == {"schedule", "workflow_dispatch"}
    assert workflow["permissions"] == {}
    assert job["permissions"] == {"contents": "read", "id-token": "write"}
    assert all(re.search(r"@v\d+$", step["uses"]) for step in job["steps"] if "uses" in step)


def test_the_workflow_calls_the_command_with_options_it_has() -> None:
    *_, step = yaml.safe_load(WORKFLOW.read_text())["jobs"]["upload"]["steps"]
    assert "${{" not in step["run"]
    program, command, *rest = shlex.split(step["run"].splitlines()[-1])
    assert (program, command) == (".venv/bin/rfm", upload.name)
    options = {option for parameter in upload.params for option in parameter.opts}
    assert {part for part in rest if part.startswith("--")} <= options
