"""`rfm refresh`: materializes everything for a range of days in one run."""

import shlex
import shutil
import sys
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rfm_assets.errors import RfmError

if TYPE_CHECKING:
    from rfm_assets.warehouse.engine import Engine

_DAY = click.DateTime(["%Y-%m-%d"])
_PROGRAM = "rfm" if shutil.which("rfm") else shlex.quote(sys.argv[0])


@click.command()
@click.option("--from", "first", type=_DAY, help="First day.  [default: the first landed day]")
@click.option("--to", "last", type=_DAY, help="Last day.  [default: the newest day, landed or stored]")
def refresh(first: datetime | None, last: datetime | None) -> None:
    """Materialize every asset for the landed days in one run, and show the segments of the last one.

    The run is recorded like any other: Dagster's UI shows it with its checks and logs.
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
    if table := _segments(engine, done.last):
        click.echo(table)
    click.echo(f"\nwarehouse   {engine.address}\npublished   {chosen.published.resolve()}")
    click.echo(f"Dagster UI  {_command('dev')}   (http://127.0.0.1:3000)")
    click.echo(f"dashboard   {_command('dashboard')}   (http://127.0.0.1:8501)")
    if done.red_checks:
        raise RfmError(f"the run succeeded but left red checks: {', '.join(done.red_checks)}")
    if not table:
        raise RfmError(_why_nobody(engine, done.first, done.last))


def _command(name: str) -> str:
    """The command that opens `name` on the same files, warehouse and published folder; `make` in a checkout."""
    from rfm_assets.settings import SECRETS, environment, settings

    chosen = environment().model_dump(exclude_defaults=True, exclude={"landing", *SECRETS})
    given = {f"RFM_{key.upper()}": value for key, value in chosen.items()}
    landing = settings().landing if settings().landing != "data/landing" else None
    if Path("Makefile").exists():
        return " ".join(["make", name, *_assigned(({"LANDING": landing} if landing else {}) | given)])
    return " ".join([*_assigned(({"RFM_LANDING": landing} if landing else {}) | given), _PROGRAM, name])


def _assigned(values: Mapping[str, object]) -> list[str]:
    return [f"{name}={shlex.quote(str(value))}" for name, value in values.items()]


def _why_nobody(engine: "Engine", first: date, last: date) -> str:
    """Why no customer is in a segment: the number of lines, and where they were lost."""
    days = f"processing_date BETWEEN DATE '{first}' AND DATE '{last}'"
    with engine.connect(read_only=True) as connection:
        lines, failing, known, counted = connection.execute(
            "SELECT coalesce(sum(lines), 0), coalesce(sum(failing_lines), 0), coalesce(sum(known_customer_sales), 0), "
            f"coalesce(sum(counted_sales), 0) FROM silver.file_outcomes WHERE {days}"
        ).fetchall()[0]
        rules = connection.execute(
            f"SELECT rule, sum(failed_records) AS failed FROM quality.rule_outcomes WHERE {days} "
            "GROUP BY rule HAVING sum(failed_records) > 0 ORDER BY failed DESC, rule LIMIT 3"
        ).fetchall()
    broken = ", ".join(f"{rule} ({failed:,})" for rule, failed in rules)
    return (
        f"there are no segments: no customer has a sale that counts by {last}. Of {lines:,} lines, {failing:,} fail "
        f"the rules{f', most often {broken}' if broken else ''}; {known:,} name a customer, {counted:,} of them are "
        "products by [rules]. `rfm config show` prints the rules in force, docs/shop-file.md says how to change them"
    )


def _segments(engine: "Engine", day: date) -> str:
    """The segment table of a day for the terminal; empty if there are no customers."""
    from rfm_assets.config.money import money

    with engine.connect(read_only=True) as connection:
        rows = connection.execute(
            f"""SELECT Segment, Customer_Count, Pct_of_Customers, Total_Revenue, Pct_of_Revenue, Med_Recency,
                Med_Frequency
            FROM gold.segment_summary WHERE as_of_date = DATE '{day}' ORDER BY Total_Revenue DESC"""
        ).fetchall()
    if not rows:
        return ""
    title = f"Segments as of {day}"
    lines = [f"{title:<34}{'customers':>10}{'%':>7}{'revenue':>16}{'%':>7}{'recency':>9}{'orders':>8}"]
    lines += [f"{s:<34}{n:>10,}{pc:>7}{money(revenue):>16}{pr:>7}{r:>9}{f:>8}" for s, n, pc, revenue, pr, r, f in rows]
    return "\n".join(lines)
