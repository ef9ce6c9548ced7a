"""Every SQL function in use agrees on both engines, over values where engines tend to differ."""

from collections.abc import Mapping
from typing import Any

import duckdb
import pytest
from sqlglot import exp

from rfm_assets.config.patterns import portable
from rfm_assets.contracts.line_format import RE2_FIELD
from rfm_assets.delivered import BLANKS, NO_VALUE_WORDS
from rfm_assets.forms.shape import shape_in_sql
from rfm_assets.literals import literal
from rfm_assets.silver.customers import in_small_letters
from rfm_assets.silver.texts import any_case
from rfm_assets.warehouse.spark.dialect import functions_of
from rfm_assets.warehouse.spark.engine import SparkEngine
from rfm_assets_tests.spark.statements import every_statement

pytestmark = pytest.mark.e2e

TEXTS = [
    *(None, "", " ", "12", " 12 ", "12.0", "012", "+5", "-3", "1e3", "12.7", "1,000", "0x1F", "1_000", "2147483648"),
    *("0.005", "0.015", "-0.005", "99999999.994", "99999999.995", ".5", "5.", "1e-3", "NaN", "Infinity", "9" * 50),
    *("2025-06-26", "2025-6-1", "2025-02-30", " 2025-06-26", "2025-06-26 08:30", "2025-06-26T08:30:00Z", "9999-12-31"),
    *("0001-01-01", "today", "85048A", "PADS", "pads", "C489434", "é", "🎄🎄", "ß", "e\u0301", "a\nb", "85048\n", "\n"),
    *(
        "\u00a0x\u00a0",
        "\u2003x",
        "x\t",
        "\u3000",
        "\u200bx",
        "\u2028",
        "a\rb",
        "it's",
        'say "hi"',
        "back\\slash",
        "$1",
    ),
    *("\t 12\u00a0", "\t", "\u00a0", " \t\u2003x \t", "85048 ", " C489434", "c48943", "CA1001", "C48943\n"),
    *("nan", " N/A\t", "#n/a", "<NA>", "-", "(Null)", "n\u0430n", "9999999999", "100000000.00", "1989-12-31"),
    *("a,b", ",,", "%", "_", "a,b,c", "true", "x" * 300),
]
_NUMBERS = [None, 0, 1, 2, 3, 5, 7, -1, -2, -7, 10, 100, 2_147_483_647, -2_147_483_647]
_AMOUNTS = [
    None,
    "0.00",
    "0.01",
    "0.05",
    "1.01",
    "1.02",
    "2.50",
    "-2.50",
    "0.10",
    "0.30",
    "99999999.99",
    "1234567890.12",
]
_DAYS = [None, "2025-06-26", "2025-06-29", "2024-02-29", "2025-12-31", "2026-01-01", "1999-12-31", "9999-12-31"]


def _row(n: int) -> str:
    def pick(values: list[Any], kind: str) -> str:
        value = values[n % len(values)]
        said = str(value) if kind == "INTEGER" else literal(str(value))
        return f"CAST({'NULL' if value is None else said} AS {kind})"

    text = TEXTS[n % len(TEXTS)]
    cells = ["NULL" if text is None else literal(text), pick(_NUMBERS, "INTEGER"), pick(_AMOUNTS, "DECIMAL(31, 2)")]
    return f"({n}, {', '.join([*cells, pick(_DAYS, 'DATE'), pick(_DAYS[3:], 'DATE')])}, {n % 5})"


ROWS = f"""(
    SELECT id, t, CAST(round(number) AS INTEGER) AS n, m, d, later, part
    FROM (VALUES {", ".join(_row(n) for n in range(3 * len(TEXTS)))}) AS given(id, t, number, m, d, later, part)
) AS tricky"""

_TIME_PATTERN = "^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{1,2}:[0-9]{2}.*)?$"
_IS_NUMBER = "regexp_matches(trim(t, ' '), '^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)$')"

_LIST = "string_split(coalesce(t, ''), ',')"

# Expressions over a row, over all rows, and over ordered rows. They cover every function that a statement uses.
OF_A_ROW: Mapping[type[exp.Expr], str] = {
    exp.Abs: "abs(n)",
    exp.And: "n > 0 AND m > 1",
    exp.Or: "n > 0 OR m > 1",
    exp.Case: "CASE WHEN n > 1 THEN 'a' WHEN m > 1 THEN 'b' END",
    exp.If: "CASE WHEN n IS NULL THEN 1 ELSE 2 END",
    exp.ArraySize: f"array_length({_LIST})",
    exp.ArrayToString: f"array_to_string({_LIST}[2:], '-')",
    exp.Bracket: f"CASE WHEN array_length({_LIST}) > 1 THEN {_LIST}[2] END",
    exp.Cast: "CAST(m * 100 AS DOUBLE)",
    exp.Ceil: "ceil(CAST(m AS DOUBLE) / 3)",
    exp.Coalesce: "coalesce(t, CAST(n AS VARCHAR), '-')",
    exp.ConcatWs: "concat_ws(',', t, CAST(n AS VARCHAR), NULL, 'z')",
    exp.Contains: "contains(',' || t || ',', ',b,')",
    exp.DPipe: "t || '_' || CAST(n AS VARCHAR)",
    exp.DateDiff: "datediff('day', d, later)",
    exp.DayOfWeekIso: "isodow(d) % 7 + 1",
    exp.Div: "m / 3",
    exp.Exp: "round(1000 * exp(n % 3))",  # the last digit of a double may differ
    exp.Greatest: "greatest(n, 2)",
    exp.Least: "least(n, 2)",
    exp.Length: "length(t)",
    exp.Mod: "n % 3",
    exp.Month: "month(d)",
    exp.Nullif: "nullif(t, '12')",
    exp.RegexpExtractAll: f"array_to_string(regexp_extract_all(',' || t, '{RE2_FIELD}'), '|')",
    exp.RegexpLike: "regexp_matches(t, '^([0-9]{5}[a-zA-Z]*|PADS)$')",
    exp.RegexpReplace: "regexp_replace(t, '[.]0*$', '')",
    exp.Repeat: "repeat('█', n % 5)",
    exp.Replace: "replace(t, '1', '\"')",
    exp.Sqrt: "sqrt(greatest(CAST(m AS DOUBLE), 0))",
    exp.Round: "round(100 * CAST(m AS DOUBLE) / 8)",
    exp.Split: f"array_to_string({_LIST}, '|')",
    exp.StartsWith: "starts_with(t, ',')",
    exp.Substring: "substr(t, 2, 3)",
    exp.Transform: f"array_to_string(list_transform({_LIST}, lambda part: substr(part, 2)), '-')",
    exp.Translate: in_small_letters("t"),
    exp.Trim: f"trim(t, {literal(BLANKS)})",
    exp.TryCast: f"CASE WHEN {_IS_NUMBER} THEN TRY_CAST(trim(t, ' ') AS DECIMAL(10, 2)) END",
    exp.Year: "year(d)",
}
SHOPS_PATTERNS = [
    r"^#?\d+$",
    r"(?i)^(pads|c\d+)",
    r"\s",
    r"^\W",
    r"[\[\]\\&^$-]",
    r"\\",
    r"\$1",
    "^(é|ß|🎄+)$",
    "[^a-z]\\.0",
    r"^.\n?$",
]
ALSO_OF_A_ROW = [
    "CASE WHEN CAST(TRY_CAST(t AS INTEGER) AS VARCHAR) = t THEN TRY_CAST(t AS INTEGER) END",
    "CASE WHEN length(t) = 10 AND CAST(TRY_CAST(t AS DATE) AS VARCHAR) = t THEN TRY_CAST(t AS DATE) END",
    f"CASE WHEN regexp_matches(trim(t, ' '), '{_TIME_PATTERN}') THEN TRY_CAST(substr(trim(t, ' '), 1, 10) AS DATE) END",
    "regexp_matches(t, '^a.b$')",
    "regexp_matches(t, '^[!-~]+$')",
    *(f"regexp_matches(t, {literal(portable(pattern))})" for pattern in SHOPS_PATTERNS),
    f"regexp_matches(t, {literal(any_case(NO_VALUE_WORDS))})",
    shape_in_sql("t"),
    "greatest(CAST(datediff('day', d, later) AS INTEGER), 0)",
    "later - n % 3 - part > d",
    "n / 2",
    "m * n",
    "n IS DISTINCT FROM part",
    "d BETWEEN later - INTERVAL 6 DAYS AND later",
    "d - 1",
    "t IN ('12', 'é', '') OR t = 'C489434'",
    "t < '2'",
    "CAST(round(CAST(m AS DOUBLE) * 10) / 10 AS DECIMAL(31, 2))",
    "-n % 2",
]
OF_ALL_ROWS: Mapping[type[exp.Expr], str] = {
    exp.ArgMax: "arg_max(t, (coalesce(m, 0), coalesce(id, 0)))",
    exp.Count: "count(DISTINCT t)",
    exp.GroupConcat: "string_agg(CAST(n AS VARCHAR), '' ORDER BY id)",
    exp.Max: "max(t)",
    exp.Median: "median(CAST(m AS DOUBLE))",
    exp.Min: "min(d)",
    exp.Sum: "sum(m)",
}
ALSO_OF_ALL_ROWS = [
    "count(*) FILTER (WHERE n > 1)",
    "sum(100 * m) / count(*)",
    "sum(n)",
    "median(CAST(n AS DOUBLE))",
    "arg_max(t, (coalesce(n, 0), coalesce(t, ''))) FILTER (WHERE t <> '')",
]
IN_AN_ORDER: Mapping[type[exp.Expr], str] = {
    exp.Lag: "lag(id) OVER (PARTITION BY part ORDER BY n, t, id)",
    exp.Lead: "lead(id) OVER (PARTITION BY part ORDER BY n, t, id)",
    exp.Rank: "rank() OVER (PARTITION BY part ORDER BY n)",
    exp.RowNumber: "row_number() OVER (PARTITION BY part ORDER BY t, id)",
    exp.Window: "sum(m) OVER (PARTITION BY part ORDER BY id)",
}
_WEEK = "generate_series(DATE '2025-06-26', DATE '2025-07-02', INTERVAL 1 DAY)"
STATEMENTS: Mapping[type[exp.Expr], str] = {
    exp.GenerateSeries: f"SELECT unnest({_WEEK}) AS x",
    exp.Explode: "SELECT unnest(generate_series(min(d), max(later), INTERVAL 1 DAY)) AS x "
    f"FROM {ROWS} WHERE year(d) = 2025 AND year(later) = 2025",
    exp.Exists: f"SELECT x FROM (SELECT unnest({_WEEK}) AS x) AS week WHERE EXISTS (SELECT * FROM {ROWS} WHERE n > 99)",
}
PROVEN = {*OF_A_ROW, *OF_ALL_ROWS, *IN_AN_ORDER, *STATEMENTS}


def test_every_function_that_is_used_is_proven() -> None:
    used = {function for _, statement in every_statement() for function in functions_of(statement)}
    assert {one.__name__ for one in used - PROVEN} == set()


@pytest.fixture(scope="module")
def both(spark_remote: str) -> Any:  # noqa: ANN401 - a function
    """A statement's rows on DuckDB and on Spark."""
    engine = SparkEngine(remote=spark_remote, location="unused")
    with duckdb.connect() as on_duckdb, engine.connect() as on_spark:
        yield lambda statement: (on_duckdb.execute(statement).fetchall(), on_spark.execute(statement).fetchall())


@pytest.mark.parametrize("expressions", [{**OF_A_ROW}, ALSO_OF_A_ROW, {**IN_AN_ORDER}], ids=["row", "more", "order"])
def test_both_engines_find_the_same_in_each_row(both: Any, expressions: Any) -> None:  # noqa: ANN401
    listed = list(expressions.values() if isinstance(expressions, dict) else expressions)
    columns = ", ".join(f"{one} AS c{n}" for n, one in enumerate(listed))
    ours, theirs = both(f"SELECT id, t, n, m, d, {columns} FROM {ROWS} ORDER BY id")
    for row, same in zip(ours, theirs, strict=True):
        for expression, one, other in zip(listed, row[5:], same[5:], strict=True):
            assert (expression, row[:5], other) == (expression, row[:5], one)


def test_both_engines_find_the_same_over_rows(both: Any) -> None:  # noqa: ANN401
    listed = [*OF_ALL_ROWS.values(), *ALSO_OF_ALL_ROWS]
    columns = ", ".join(f"{one} AS c{n}" for n, one in enumerate(listed))
    for group in ("", "GROUP BY part"):
        part = "part" if group else "0 AS part"
        ours, theirs = both(f"SELECT {part}, {columns} FROM {ROWS} {group} ORDER BY 1")
        for row, same in zip(ours, theirs, strict=True):
            assert dict(zip(["part", *listed], same, strict=True)) == dict(zip(["part", *listed], row, strict=True))


@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=[one.__name__ for one in STATEMENTS])
def test_both_engines_list_the_same_days(both: Any, statement: str) -> None:  # noqa: ANN401
    ours, theirs = both(f"SELECT CAST(x AS DATE) AS x FROM ({statement}) AS days ORDER BY x")
    assert ours == theirs != []


@pytest.mark.parametrize("direction", ["", "DESC", "DESC NULLS LAST", "NULLS FIRST"])
def test_both_engines_put_rows_in_the_same_order(both: Any, direction: str) -> None:  # noqa: ANN401
    ours, theirs = both(f"SELECT id FROM {ROWS} ORDER BY t {direction}, id")
    assert ours == theirs
