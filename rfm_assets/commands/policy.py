"""`rfm policy`: what another segment policy would change."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rfm_assets.gold.policy_comparison import Comparison


@click.group()
def policy() -> None:
    """The segment policy: section [segments] of the shop file."""


@policy.command()
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--as-of", "day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day to compare.")
def compare(new: Path, day: datetime) -> None:
    """Show which customers would move under the shop file NEW, and their spend.

    Reads the day's stored customers and writes nothing.
    """
    from rfm_assets.config import in_force
    from rfm_assets.config.load import shop_file
    from rfm_assets.gold.policy_comparison import compare as compared
    from rfm_assets.resources import engine_of
    from rfm_assets.settings import settings

    before, after = in_force.segments(), shop_file(new).segments
    for line in _lines(compared(engine_of(settings()), day.date(), before, after)):
        click.echo(line)


def _lines(found: "Comparison") -> "Iterator[str]":
    from rfm_assets.config.money import money

    customers, spent = sum(move.customers for move in found.moves), sum(move.money for move in found.moves)
    yield f"{customers:,} of {found.customers:,} customers would move, with {money(spent)} of {money(found.money)}"
    if not found.moves:
        return
    widest = {side: max(len(getattr(move, side)) for move in found.moves) for side in ("from_segment", "to_segment")}
    yield f"\n{'from':{widest['from_segment']}}  {'to':{widest['to_segment']}}  customers  {'spent':>15}"
    for move in found.moves:
        segments = "  ".join(f"{getattr(move, side):{width}}" for side, width in widest.items())
        yield f"{segments}  {move.customers:>9,}  {money(move.money):>15}"
