"""Writes the data contract as a page: `python -m rfm_assets.contracts > docs/data-contract.md`."""

from collections.abc import Iterator

import click

from rfm_assets.contracts import TABLES, Table
from rfm_assets.gold.segments import RECOMMENDATIONS
from rfm_assets.markdown import markdown_table
from rfm_assets.silver.rules import RULES

_PREFACE = """# The data contract

This page is written by `make docs` from the declarations in `rfm_assets/contracts`, `rfm_assets/silver/rules.py` and
`rfm_assets/gold/segments.py`; a test keeps it true. How each column is computed is in the `.sql` file named like the
table, in the folder of its layer.

Every table is partitioned by day. Bronze, silver and quality tables by `processing_date`, the day in the name of the
file that delivered a line; gold tables by `as_of_date`. **A row as of day D is computed from exactly the lines with
`processing_date <= D`**: never a later delivery, never today's date. So a backfill of an old day gives what that day's
run gave, and a day materialized again replaces itself.

An asset's key is its table's address: asset `gold/customer_rfm` is table `gold.customer_rfm`.

## What a line is

One physical line of a daily file after the header, unless it is blank. A field is quoted when its first character is a
quote, and a line break never belongs to a field. `bronze = silver + rejected`, per file and per day, always.

| in the file | outcome |
| --- | --- |
| columns in another order, or more columns than needed | loaded; the surplus is ignored |
| Windows or Unix line ends, mixed; a byte order mark; a missing last line end | loaded |
| surplus empty fields at the end of a line | loaded; they are ignored |
| too few or too many fields, a broken quote, a NUL or a carriage return inside, bytes that are not UTF-8 | the line is kept raw in `_rescued_data` and rejected as `malformed_line` |
| a value that is no number or no date, an empty field, thousands separators | loaded as text; rejected by its rule |
| an invoice date before or after the file's day | loaded; a later one turns two checks red |
| a column missing or twice, no header, nothing after the header, another separator, UTF-16, a broken archive, a line over 64 MiB | the file is refused, the run fails naming it, and what is stored stays |
"""


def page() -> Iterator[str]:
    """The page, part by part."""
    yield _PREFACE
    yield "## The five silver rules\n"
    yield "A line is silver when it passes all of them; NULL fails. The conditions are over `silver/typed.sql`.\n"
    yield markdown_table(["rule", "passes when", "why"], [(r.name, f"`{r.passes}`", r.why) for r in RULES]) + "\n"
    yield "## The twelve segments\n"
    yield (
        "Spending above twice the day's median is High Value, above the median Growing Value, else Base Value. More "
        "orders than the median and a shorter recency is Active & Engaged, more orders alone At Risk, a shorter recency "
        "alone Developing, neither Inactive. Comparisons are strict.\n"
    )
    yield markdown_table(["segment", "recommendation"], list(RECOMMENDATIONS.items())) + "\n"
    yield "## The tables\n"
    for table in TABLES.values():
        yield from _section(table)


def _section(table: Table) -> Iterator[str]:
    yield f"### {table.address}\n"
    key = f" Key: {', '.join(table.key)}." if table.key else ""
    yield f"{table.grain}{key}\n"
    rows = [(f"`{c.name}`", c.type, "yes" if c.nullable else "no", c.meaning) for c in table.columns]
    yield markdown_table(["column", "type", "may be empty", "meaning"], rows) + "\n"


if __name__ == "__main__":
    click.echo("\n".join(page()).rstrip())
