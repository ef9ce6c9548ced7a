"""Parts of a statement are computed once where that saves reads, and the rows stay the same."""

import duckdb
import pytest

from rfm_assets.warehouse.spark.dialect import portable
from rfm_assets.warehouse.spark.shared_parts import in_parts

READ_OFTEN = """
    WITH sale AS (SELECT customer, spent FROM gold.visits JOIN gold.visits AS other USING (customer, spent)),
    buyer AS (SELECT customer, sum(spent) AS spent FROM sale GROUP BY customer)
    SELECT a.customer, b.spent FROM buyer AS a JOIN buyer AS b ON a.customer = b.customer
    WHERE a.customer IN (SELECT customer FROM sale)
"""


def parts(statement: str) -> dict[str, str]:
    return {name: part.sql(dialect="duckdb") for name, part in in_parts(portable(statement))}


def test_a_part_that_is_named_often_and_reads_much_is_made_once() -> None:
    assert list(parts(READ_OFTEN)) == ["sale", ""]
    assert "gold.visits" not in parts(READ_OFTEN)[""]


def test_a_part_follows_those_that_it_names() -> None:
    more = READ_OFTEN.replace(
        "GROUP BY",
        "WHERE customer IN (SELECT customer FROM gold.visits JOIN gold.visits AS o USING (customer)) GROUP BY",
    )
    assert list(parts(more)) == ["sale", "buyer", ""]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT customer FROM gold.visits",
        "WITH one AS (SELECT customer FROM gold.visits) SELECT customer FROM one JOIN one AS two USING (customer)",
        "WITH one AS (SELECT a.spent FROM gold.visits AS a JOIN gold.visits AS b USING (customer)) SELECT 1 FROM one",
    ],
    ids=["no parts", "named twice, but reads a table", "reads two tables, but named once"],
)
def test_the_others_stay_in_their_statement(statement: str) -> None:
    assert list(parts(statement)) == [""]


def test_the_statements_find_what_the_one_found() -> None:
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE SCHEMA gold; CREATE TABLE gold.visits (customer VARCHAR, spent INTEGER); "
            "INSERT INTO gold.visits VALUES ('a', 1), ('a', 2), ('b', 3)"
        )
        expected = connection.execute(READ_OFTEN).fetchall()
        for name, part in parts(READ_OFTEN).items():
            found = connection.execute(f"CREATE TEMP TABLE {name} AS {part}" if name else part)
        assert sorted(found.fetchall()) == sorted(expected)
        assert expected
