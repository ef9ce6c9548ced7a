"""A contract change that stored rows cannot absorb by themselves requires a new schema version."""

from dataclasses import replace

import pytest

from rfm_assets.contracts import Column, Table
from rfm_assets.contracts.schema import SCHEMA, Schema
from rfm_assets.schema.steps import Compute, Rename, RenameTable, Retype, Step
from rfm_assets.schema.versions import VERSIONS, Version
from rfm_assets.warehouse.recorded_schema import RECORD, recorded, unexplained

VISITS = Table("gold.visits", "", (Column("as_of_date", "DATE", ""), Column("spent", "DOUBLE", "")))
NOW = Schema((VISITS,), (Version(1, ""),))
DAY, SPENT = VISITS.columns


def with_columns(*columns: Column, steps: tuple[Step, ...] = (), address: str = VISITS.address) -> Schema:
    versions = (*NOW.versions, Version(2, "", steps=steps)) if steps else NOW.versions
    return Schema((replace(VISITS, address=address, columns=columns),), versions)


def test_the_contracts_are_recorded_and_every_change_has_its_version() -> None:
    record = RECORD.read_text(encoding="utf-8")
    assert not unexplained(record, SCHEMA)
    assert record == recorded(SCHEMA), "run `make docs`"


def test_versions_are_numbered_from_1_on_and_say_what_they_changed() -> None:
    assert [version.number for version in VERSIONS] == list(range(1, len(VERSIONS) + 1))
    assert all(version.changed for version in VERSIONS)


@pytest.mark.parametrize(
    "schema",
    [
        NOW,
        with_columns(DAY, SPENT, Column("note", "VARCHAR", "")),
        Schema((VISITS, replace(VISITS, address="gold.others")), NOW.versions),
        with_columns(DAY, replace(SPENT, name="paid"), steps=(Rename("gold.visits", "spent", "paid"),)),
        with_columns(DAY, replace(SPENT, type="BIGINT"), steps=(Retype("gold.visits", "spent", "BIGINT"),)),
        with_columns(DAY, SPENT, address="silver.calls", steps=(RenameTable("gold.visits", "silver.calls"),)),
        with_columns(
            DAY,
            SPENT,
            Column("twice", "DOUBLE", "", nullable=False),
            steps=(Compute("gold.visits", "twice", "DOUBLE", "2 * spent"),),
        ),
    ],
    ids=["nothing", "nullable column", "table", "renamed", "retyped", "renamed table", "computed"],
)
def test_what_stored_rows_follow_by_themselves_or_by_a_step_is_explained(schema: Schema) -> None:
    assert not unexplained(recorded(NOW), schema)


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        (with_columns(DAY, replace(SPENT, name="paid")), "gold.visits has other columns (paid DOUBLE, spent DOUBLE)"),
        (with_columns(DAY, replace(SPENT, type="BIGINT")), "(spent BIGINT, spent DOUBLE)"),
        (with_columns(DAY), "(spent DOUBLE)"),
        (with_columns(DAY, SPENT, Column("twice", "DOUBLE", "", nullable=False)), "(twice DOUBLE)"),
        (with_columns(DAY, SPENT, address="gold.calls"), "gold.visits is not declared any more"),
    ],
    ids=["renamed", "retyped", "dropped", "a column that may not be empty", "renamed table"],
)
def test_a_forgotten_version_is_found_with_what_to_write(schema: Schema, says: str) -> None:
    (departure,) = unexplained(recorded(NOW), schema)
    assert says in departure
    assert "append Version(2, ..., steps=(...)) to rfm_assets/schema/versions.py" in departure


def test_a_step_that_cannot_be_applied_is_found() -> None:
    schema = with_columns(DAY, replace(SPENT, name="paid"), steps=(Rename("gold.visits", "spend", "paid"),))
    (departure,) = unexplained(recorded(NOW), schema)
    assert "the steps after version 1 cannot be applied" in departure
