"""`rfm upload`: uploads the source's daily file."""

from datetime import UTC, datetime
from pathlib import Path

import click

from rfm_assets.errors import LandingError, SettingError
from rfm_assets.landing.upload import Outcome, upload_days
from rfm_assets.landing.upload_targets import FolderTarget, target_at

_DAY = click.DateTime(["%Y-%m-%d"])


def _landing() -> str:
    from rfm_assets.settings import settings

    return settings().landing


@click.command()
@click.option("--day", type=_DAY, help="The day to upload.  [default: today, UTC]")
@click.option("--since", type=_DAY, help="Also upload missing or changed days from this one on.")
@click.option("--to", "address", required=True, help="s3://bucket/prefix, or a folder.")
@click.option(
    "--from",
    "source",
    default=_landing,
    help="The folder with the source's D_transactions.csv files.  [default: RFM_LANDING, if that is a folder]",
)
def upload(*, day: datetime | None, since: datetime | None, address: str, source: str) -> None:
    """Upload a day's file to D/D_transactions.csv below the target, unless the same bytes are there already.

    Endpoint, region and keys of a bucket are the usual AWS settings, such as AWS_PROFILE or AWS_ENDPOINT_URL. With
    --since, catches up on missed days, and skips those without a file. Fails if the day itself has no file.
    """
    last = (day or datetime.now(UTC)).date()
    first = since.date() if since else last
    if first > last:
        raise SettingError(f"--since {first} is after the day to upload, {last}: give an earlier one, or a later --day")
    target = target_at(address)
    folder = _export_folder(source)
    if isinstance(target, FolderTarget) and _within(target.folder, folder):
        message = (
            f"{target.folder} and {folder} contain each other, so the same day would land twice: name another folder"
        )
        raise SettingError(message)
    failed = []
    for delivery in upload_days(folder, target, first, last):
        if delivery.outcome is Outcome.FAILED:
            failed.append(f"{delivery.day}: {delivery.detail}")
        click.echo(f"{delivery.day}  {delivery.outcome:<13}  {delivery.detail}", err=delivery.outcome is Outcome.FAILED)
    if failed:
        message = (
            f"{len(failed)} of the days from {first} to {last} could not be uploaded to {address}, the first of them"
        )
        raise LandingError(f"{message} {failed[0]}")


def _export_folder(source: str) -> Path:
    if "://" in source or not Path(source).is_dir():
        raise SettingError(f"{source} is not a folder: name the source's export folder with --from")
    return Path(source)


def _within(one: Path, other: Path) -> bool:
    one, other = one.resolve(), other.resolve()
    return one.is_relative_to(other) or other.is_relative_to(one)
