"""`rfm fetch-online-retail` and `rfm split`: the real dataset from the command line."""

import sys
from datetime import datetime
from pathlib import Path

import click

from rfm_assets.sample.online_retail.fetch import ARCHIVE_BYTES, URL, fetch_workbook
from rfm_assets.sample.online_retail.split import SHEETS, split_workbook
from rfm_assets.sample.shop import Shop


@click.command("fetch-online-retail")
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("data/online_retail"),
    show_default=True,
    help="The folder to keep it in.",
)
@click.option("--url", default=URL, show_default=True, help="The archive's URL.")
@click.option("--sha256", help="The archive's expected SHA-256.  [default: the known one, for the default URL]")
def fetch_online_retail(*, folder: Path, url: str, sha256: str | None) -> None:
    """Download Online Retail II, two years of a real shop; an interrupted download resumes."""
    with click.progressbar(length=ARCHIVE_BYTES, label="Online Retail II", file=sys.stderr) as bar:

        def show(done: int, total: int | None) -> None:
            bar.length = total or bar.length
            bar.update(done - bar.pos)

        workbook = fetch_workbook(folder, url=url, sha256=sha256, on_progress=show)
    click.echo(f"{workbook}, {workbook.stat().st_size / 1e6:,.1f} MB: rfm split turns it into daily files")


@click.command()
@click.argument("workbook", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--to", "folder", type=click.Path(path_type=Path, file_okay=False), required=True, help="The folder to fill."
)
@click.option(
    "--sheet", type=click.Choice([*SHEETS, "both"]), default=SHEETS[0], show_default=True, help="Which year, or both."
)
@click.option(
    "--start", type=click.DateTime(["%Y-%m-%d"]), default=str(Shop.start), show_default=True, help="First day."
)
@click.option("--overwrite", is_flag=True, help="Replace files of the same names, whoever made them.")
def split(*, workbook: Path, folder: Path, sheet: str, start: datetime, overwrite: bool) -> None:
    """Split WORKBOOK, Online Retail II, into daily files: one for each day the shop was open.

    Days are consecutive, without the shop's closed days: 307 for the first sheet, 604 for both. The second sheet
    repeats the last days of the first; these are skipped.
    """
    report = split_workbook(
        workbook,
        folder,
        sheets=SHEETS if sheet == "both" else (sheet,),
        start=start.date(),
        overwrite=overwrite,
        on_sheet=lambda name: click.echo(f"reading the sheet {name}", err=True),
    )
    size = f"{report.lines:,} lines, {report.bytes / 1e6:,.1f} MB"
    click.echo(f"{report.files:,} daily files, {size} in {folder}: {report.first} to {report.last}")
