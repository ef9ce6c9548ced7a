"""A deferred query runs as written and reads its inputs by name."""

import duckdb
import pytest

from rfm_assets.gold import assets as gold
from rfm_assets.literals import literal
from rfm_assets.warehouse.query import Query, sql, table


def rows_of(query: Query) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(query.sql()).fetchall()


def test_a_query_without_inputs_is_its_own_text() -> None:
    assert Query("SELECT 1").sql() == "SELECT 1"


def test_a_query_reads_its_inputs_by_name() -> None:
    days = Query("SELECT 1 AS n UNION ALL SELECT 2")
    assert rows_of(Query("SELECT sum(a.n * b.n) FROM a, b", {"a": days, "b": days})) == [(9,)]


def test_an_input_may_have_inputs_and_with_clauses_of_its_own() -> None:
    inner = Query("WITH twice AS (SELECT 2 * n AS n FROM a) SELECT n FROM twice", {"a": Query("SELECT 4 AS n")})
    outer = Query("WITH a AS (SELECT n + 1 AS n FROM inner_one) SELECT n FROM a", {"inner_one": inner})
    assert rows_of(outer) == [(9,)]


def test_a_name_means_in_each_query_what_it_was_given_there() -> None:
    other = Query("SELECT n FROM a", {"a": Query("SELECT 2 AS n")})
    assert rows_of(Query("SELECT a.n, b.n FROM a, b", {"a": Query("SELECT 1 AS n"), "b": other})) == [(1, 2)]


def test_a_comment_at_the_end_of_a_statement_does_no_harm() -> None:
    commented = Query("SELECT 1 AS n -- one")
    assert rows_of(Query("SELECT n FROM a -- all of it", {"a": commented})) == [(1,)]


def test_a_rule_is_read_from_its_package() -> None:
    assert "SELECT" in sql(gold.__package__ or "", "customer_rfm").text


def test_a_rule_that_is_not_there_is_missed_by_name() -> None:
    with pytest.raises(FileNotFoundError, match="no_such_rule"):
        sql(gold.__package__ or "", "no_such_rule")


def test_a_mapping_becomes_a_table_whatever_its_texts_are() -> None:
    texts = {"it's": "a 'quoted' text", "": "--", "é\n": "$first {x}"}
    assert rows_of(table(texts, key="k", value="v")) == list(texts.items())


@pytest.mark.parametrize("text", ["", "'", "''", "a'; DROP TABLE x; --", "\\", "\n", "🎄"])
def test_a_text_comes_out_of_sql_as_it_went_in(text: str) -> None:
    assert rows_of(Query(f"SELECT {literal(text)}")) == [(text,)]
