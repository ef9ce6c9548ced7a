"""Translating DuckDB's dialect to Spark's raises an error where it is unsure, and never gives other rows."""

import duckdb
import pytest
from sqlglot import exp

from rfm_assets.errors import DialectError
from rfm_assets.warehouse.spark.dialect import portable, to_spark
from rfm_assets_tests.spark.statements import every_statement


@pytest.mark.parametrize(("name", "statement"), [pytest.param(*one, id=one[0]) for one in every_statement()])
def test_every_statement_of_the_project_can_be_said_to_spark(name: str, statement: str) -> None:
    assert to_spark(statement), name


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("SELECT quantile_cont(a, 0.5) FROM t", "PercentileCont is not known to mean the same there"),
        ("SELECT regexp_full_match(a, 'b')", "is not known to mean the same there; write it otherwise"),
        ("SELECT no_such_function(a)", "the function no_such_function is not known"),
        ("SELECT dayofweek(a)", "DayOfWeek is not known"),
        ("SELECT a // b", "IntDiv is not known"),
        ("SELECT concat(a, b)", "Concat is not known"),  # one skips NULL, the other does not
        ("SELECT avg(a) FROM t", "Avg is not known"),  # over decimals: a double on one, a rounded decimal on the other
        ("SELECT a LIKE 'b%'", "Like is not known"),
        ("SELECT a FROM t QUALIFY true", "Qualify is not known"),
        ("SELECT a FROM t ASOF JOIN u USING (a)", "Join with method is not known"),
        ("SELECT * EXCLUDE (a) FROM t", "Star with except_ is not known"),
        ("SELECT lead(a, 2) OVER (ORDER BY a) FROM t", "Lead with offset is not known"),
        ("SELECT sum(a) OVER (ORDER BY a ROWS 1 PRECEDING) FROM t", "WindowSpec|Window with spec"),
        ("SELECT 1 + sum(a) OVER w - a FROM t WINDOW w AS (ORDER BY a)", "put the window in parentheses"),
        ("SELECT trim(a)", "DuckDB trims every space that Unicode has, Spark the plain one"),
        ("SELECT trim(a, b)", "name the character: trim"),
        ("SELECT ltrim(a, 'x')", "Trim with position is not known"),
        ("SELECT 1 UNION ALL BY NAME SELECT 2", "Union with by_name is not known"),
        ("SELECT round(a, 2)", "halves are rounded differently to decimals; write round"),
        ("SELECT median(a) FROM t", r"DuckDB cuts the median of decimals off; write median\(CAST\(... AS DOUBLE\)\)"),
        ("SELECT median(CAST(a AS DECIMAL(10, 2))) FROM t", "write median"),
        ("SELECT CAST(a / 2 AS INTEGER) FROM t", r"rounds a fraction and Spark cuts it off; write round\(...\)"),
        ("SELECT CAST(Monetary AS INTEGER) FROM t", "rounds a fraction"),
        ("SELECT CAST(a AS BIGINT) FROM (SELECT 1.5 AS a)", "rounds a fraction"),
        ("SELECT CAST(n AS INTEGER) FROM (SELECT max(n) AS n FROM (SELECT 0.5 AS n))", "rounds a fraction"),
        ("SELECT CAST(a / 2 AS VARCHAR)", "write fractions, days and times differently"),
        ("SELECT CAST(a AS TIME)", "no contract has this type"),
        ("SELECT TRY_CAST(a AS INTEGER)", "put it in a CASE WHEN that tests the text"),
        ("SELECT TRY_CAST(a AS HUGEINT)", "no contract has this type"),
        (r"SELECT regexp_matches(a, '\d')", "the pattern is not a text in the part of the syntax"),
        ("SELECT regexp_matches(a, 'a$b')", "the pattern is not a text in the part of the syntax"),
        ("SELECT regexp_matches(a, b)", "the pattern is not a text in the part of the syntax"),
        ("SELECT regexp_replace(a, 'b', '')", "Spark replaces all matches, DuckDB the first"),
        ("SELECT regexp_replace(a, '^b', 'c')", "only nothing may stand in for a match"),
        ("SELECT regexp_extract_all(a, ',b$')", "Spark finds more than one match at an end; write the pattern without"),
        (r"SELECT regexp_extract_all(a, '\d')", "the pattern is not a text in the part of the syntax"),
        ("SELECT a[b]", "the engines count elements from 1 and from 0; write a number"),
        ("SELECT a[1:2]", "Slice with expression is not known"),
        ("SELECT a + INTERVAL 1 MONTH", "only whole days are counted alike"),
        ("SELECT datediff('month', a, b)", "only whole days are counted alike"),
        ("SELECT as_of_date - compared_to FROM t", r"a number on one engine only; write datediff\('day', ...\)"),
        ("SELECT unnest(generate_series(1, 3)) + 1", "Spark unnests only in a column of its own"),
        ("SELECT arg_max(a, (b, c)) FROM t", "NULL is the greatest on one engine and the least on the other: b"),
        ("SELECT FROM", "cannot read this statement"),
    ],
)
def test_what_may_mean_something_else_is_refused_with_a_way_out(statement: str, message: str) -> None:
    with pytest.raises(DialectError, match=message):
        to_spark(statement)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("SELECT CAST(round(a / 2) AS INTEGER)", "SELECT CAST(ROUND(CAST(a AS DOUBLE) / CAST(2 AS DOUBLE)) AS INT)"),
        ("SELECT CAST(n AS BIGINT) FROM (SELECT count(*) AS n FROM t)", "CAST(n AS BIGINT)"),
        ("SELECT CAST(Frequency AS BIGINT) FROM t", "CAST(Frequency AS BIGINT)"),  # an integer by contract
        ("SELECT trim(a, ' x')", "TRIM(BOTH ' x' FROM a)"),
        ("SELECT a FROM t ORDER BY a", "ORDER BY a NULLS LAST"),
        ("SELECT regexp_matches(a, '^x.*$')", r"a RLIKE '(?d)^x.*\\z'"),
    ],
)
def test_what_is_read_otherwise_is_said_otherwise(statement: str, said: str) -> None:
    assert said in to_spark(statement)


def test_a_name_for_two_tables_is_numbered_and_what_reads_it_sees_the_old_one() -> None:
    inner = "WITH a AS (SELECT 10 + {n} AS n) SELECT a.n FROM a"
    part = f"WITH a AS (SELECT {{n}} AS n), b AS ({inner}) SELECT a.n + b.n AS n FROM a JOIN b ON true"
    statement = f"SELECT x.n AS n, y.n AS m FROM ({part.format(n=1)}) AS x JOIN ({part.format(n=2)}) AS y ON x.n < y.n"
    said = portable(statement)
    names = [one.alias for one in said.find_all(exp.CTE)]
    assert len(set(names)) == len(names) == 6
    assert duckdb.execute(said.sql(dialect="duckdb")).fetchall() == duckdb.execute(statement).fetchall() == [(12, 14)]
