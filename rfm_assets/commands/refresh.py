"""`rfm refresh`: days of everything in one run, from the command line."""

import shlex
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from rfm_assets.errors import RfmError

if TYPE_CHECKING:
    from rfm_assets.warehouse.engine import Engine

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--from", "first", type=_DAY, help="First day.  [default: the first landed day]")
@click.option("--to", "last", type=_DAY, help="Last day.  [default: the newest day, landed or stored]")
def refresh(first: datetime | None, last: datetime | None) -> None:
    """Materialize every asset for the landed days in one run, and show the segments of the last one.

    The run is recorded like any other: Dagster's UI shows it, its checks and its logs.
    """
    from rfm_assets.commands.refresh_days import refresh_days
    from rfm_assets.resources import engine_of
    from rfm_assets.settings import settings

    begun = datetime.now().astimezone()
    done = refresh_days(first.date() if first else None, last.date() if last else None)
    seconds = (datetime.now().astimezone() - begun).total_seconds()
    days = (done.last - done.first).days + 1
    click.echo(f"{days} {'day' if days == 1 else 'days'}, {done.first} to {done.last}, in {seconds:.1f} s\n")
    chosen = settings()
    engine = engine_of(chosen)
    click.echo(_segments(engine, done.last))
    click.echo(f"\nwarehouse   {engine.address}\npublished   {chosen.published.resolve()}")
    settings_given = _settings_given()
    click.echo(f"Dagster UI  {' '.join(['make dev', *settings_given])}   (http://127.0.0.1:3000)")
    click.echo(f"dashboard   {' '.join(['make dashboard', *settings_given])}   (http://127.0.0.1:8501)")
    if done.red_checks:
        raise RfmError(f"the run went through, but it left red checks: {', '.join(done.red_checks)}")


def _settings_given() -> list[str]:
    """What has `make` work on the same files, warehouse and published folder."""
    from rfm_assets.settings import SECRETS, environment, settings

    chosen = environment().model_dump(exclude_defaults=True, exclude={"landing", *SECRETS})
    landing = {"LANDING": settings().landing} if settings().landing != "data/landing" else {}
    given = landing | {f"RFM_{name.upper()}": value for name, value in chosen.items()}
    return [f"{name}={shlex.quote(str(value))}" for name, value in given.items()]


def _segments(engine: "Engine", day: date) -> str:
    """The segment table of a day, for a terminal."""
    from rfm_assets.config.money import money

    with engine.connect(read_only=True) as connection:
        rows = connection.execute(
            f"""SELECT Segment, Customer_Count, Pct_of_Customers, Total_Revenue, Pct_of_Revenue, Med_Recency,
                Med_Frequency
            FROM gold.segment_summary WHERE as_of_date = DATE '{day}' ORDER BY Total_Revenue DESC"""
        ).fetchall()
    title = f"Segments as of {day}"
    lines = [f"{title:<34}{'customers':>10}{'%':>7}{'revenue':>16}{'%':>7}{'recency':>9}{'orders':>8}"]
    lines += [f"{s:<34}{n:>10,}{pc:>7}{money(revenue):>16}{pr:>7}{r:>9}{f:>8}" for s, n, pc, revenue, pr, r, f in rows]
    return "\n".join(lines)
