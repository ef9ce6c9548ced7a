"""Writes the data contract as a page: `make docs`, or `python -m docs.write_data_contract > docs/data-contract.md`."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

from rfm_assets.config import in_force
from rfm_assets.config.words import product_codes
from rfm_assets.contracts import TABLES, Table
from rfm_assets.contracts.meta import CUSTOMER_PRODUCTS, LINEAGE
from rfm_assets.gold import segments
from rfm_assets.ml import naming
from rfm_assets.silver.rules import RULES


def page() -> Iterator[str]:
    """The page, part by part."""
    yield (Path(__file__).parent / "parts" / "data-contract.md").read_text(encoding="utf-8")
    yield (
        "**The product rule.** RFM counts products that known customers bought: "
        f"{product_codes(in_force.rules())}. Any other code is taken for postage, a fee or a correction: the line is "
        "silver, counts as revenue in `silver.invoices`, and for no customer. Where this, or the rules below, leave "
        "nothing or less than half of a file, a day or a run, a check is red and, for the newest day, gold waits: see "
        "*Reading a red check* in the README.\n"
    )
    yield "## The silver rules\n"
    yield "A line is silver if it passes all of them; NULL fails. The conditions are over `silver/typed.sql`.\n"
    rules = [(r.name, r.asks, r.passes, r.why) for r in RULES]
    yield markdown_table(["rule", "asks that", "condition", "why"], rules) + "\n"
    yield "## The twelve segments\n"
    yield (
        "By default, spending above twice the day's median is High Value, above the median Growing Value, else Base "
        "Value; customers who have spent nothing are Base Value, wherever the median is. More orders than the median "
        "and a shorter recency is Active & Engaged, more orders alone At Risk, a shorter recency alone Developing, "
        "neither Inactive. Comparisons are strict. A shop sets other thresholds in section `[segments]` of its "
        "[shop file](shop-file.md); the rule is `gold/segment_rule.sql`.\n"
    )
    yield markdown_table(["segment", "recommendation"], list(segments.RECOMMENDATIONS.items())) + "\n"
    yield "## The names of clusters\n"
    yield (
        "A cluster or outlier class is named by its medians against those of all customers of the day. Platinum "
        "spends more than 4 times as much, Gold more than twice, Silver more; the rest are Bronze. Then by orders: "
        "more than 2 times as many are Champions while recent and At Risk when dormant, more are Loyalists or "
        "Slipping, else Potentials or Dormant (in Bronze: New or Hibernating). Recent is a shorter recency. "
        "Comparisons are strict.\n"
    )
    yield markdown_table(["cluster", "recommendation"], list(naming.RECOMMENDATIONS.items())) + "\n"
    yield "## The tables\n"
    for table in TABLES.values():
        yield from _section(table)
    yield "## What only the published copy has\n"
    yield from _section(CUSTOMER_PRODUCTS)
    yield from _section(LINEAGE)


def _section(table: Table) -> Iterator[str]:
    yield f"### {table.address}\n"
    key = f" Key: {', '.join(table.key)}." if table.key else ""
    yield f"{table.grain}{key}\n"
    rows = [(c.name, c.type, "yes" if c.nullable else "no", c.meaning) for c in table.columns]
    yield markdown_table(["column", "type", "may be empty", "meaning"], rows) + "\n"


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as Markdown; a cell's text cannot break out of it."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(_cell(value) for value in line) + " |" for line in lines)


def _cell(value: object) -> str:
    text = str(value)
    for plain, escaped in (("\\", "\\\\"), ("|", "\\|"), ("`", "\\`"), ("[", "\\["), ("<", "&lt;")):
        text = text.replace(plain, escaped)
    return " ".join(text.splitlines())


if __name__ == "__main__":
    click.echo("\n".join(page()).rstrip())
