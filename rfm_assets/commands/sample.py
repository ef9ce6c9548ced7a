"""`rfm sample`: the sample shop from the command line."""

import sys
from datetime import datetime
from pathlib import Path

import click

from rfm_assets.errors import SettingError
from rfm_assets.sample.shop import Shop
from rfm_assets.sample.writer import write_export, write_sample


def _landing() -> str:
    from rfm_assets.settings import settings

    return settings().landing


def _exports() -> str:
    from rfm_assets.settings import settings

    return settings().exports or "data/exports"


@click.command()
@click.option(
    "--to",
    "folder",
    help="The folder to fill.  [default: RFM_LANDING; with --as RFM_EXPORTS, else data/exports]",
)
@click.option(
    "--as", "shape", metavar="NAME", help="Write one export in this system's format, a name from `rfm profile list`."
)
@click.option("--clean", is_flag=True, help="With --as: only records that are sales.")
@click.option(
    "--start", type=click.DateTime(["%Y-%m-%d"]), default=str(Shop.start), show_default=True, help="First day."
)
@click.option("--days", default=Shop.days, show_default=True, help="Number of days, one file each.")
@click.option("--lines-per-day", default=Shop.lines_per_day, show_default=True, help="Mean over a year.")
@click.option(
    "--customers", type=int, help="Number of customers by the last day.  [default: in proportion to the lines]"
)
@click.option("--seed", default=Shop.seed, show_default=True, help="Another seed makes another shop.")
@click.option("--workers", type=int, help="Number of processes.  [default: as many as pay off]")
@click.option("--overwrite", is_flag=True, help="Replace files of the same names, whoever made them.")
def sample(  # noqa: PLR0913 - one argument for each option
    *,
    folder: str | None,
    shape: str | None,
    clean: bool,
    start: datetime,
    days: int,
    lines_per_day: int,
    customers: int | None,
    seed: int,
    workers: int | None,
    overwrite: bool,
) -> None:
    """Write the sample shop's daily files. The same options always give the same bytes."""
    folder = folder or (_exports() if shape else _landing())
    if "://" in folder:
        message = f"the sample is written to a folder, not to {folder}: name one with --to"
        raise SettingError(message)
    if shape:
        shop = Shop(start.date(), days, lines_per_day, customers, seed)
        for path in write_export(shape, shop, Path(folder), clean=clean, overwrite=overwrite):
            click.echo(path)
        return
    with click.progressbar(length=days, label="sample shop", file=sys.stderr) as bar:
        report = write_sample(
            Path(folder),
            start=start.date(),
            days=days,
            lines_per_day=lines_per_day,
            customers=customers,
            seed=seed,
            workers=workers,
            overwrite=overwrite,
            on_day=lambda: bar.update(1),
        )
    click.echo(f"{report.files:,} daily files, {report.lines:,} lines, {report.bytes / 1e6:,.1f} MB in {folder}")
