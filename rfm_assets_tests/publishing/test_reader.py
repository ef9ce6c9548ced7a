"""Readers get the newest published copy whatever the pipeline is doing, and errors that name the way out."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from rfm_assets.errors import CopyCorruptError, CopyMissingError, CopyNewerError
from rfm_assets.publishing import reader
from rfm_assets.schema.versions import CURRENT
from rfm_assets_tests.publishing.shops import LAST_DAY, Shop, open_shop

pytestmark = pytest.mark.slow

CUSTOMERS = f"SELECT count(*) FROM gold.customer_segments WHERE as_of_date = '{LAST_DAY}'"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with open_shop(tmp_path) as opened:
        yield opened


def customers(connection: duckdb.DuckDBPyConnection) -> int:
    (found,) = connection.execute(CUSTOMERS).fetchone() or (0,)
    return int(found)


def test_a_reader_keeps_what_it_has_opened_and_sees_the_new_one_by_itself(shop: Shop) -> None:
    shop.publish()
    before = reader.version(shop.published)
    with reader.published_copy(shop.published) as opened:
        shop.deliver(LAST_DAY, "A", "B", "C")
        for _ in range(3):  # its file is already gone from the folder
            shop.publish()
        assert customers(opened) == 2
        assert reader.version(shop.published) != before
        with reader.published_copy(shop.published) as newest:  # in the same process, next to the old one
            assert customers(newest) == 3


def test_the_version_before_the_newest_can_still_be_opened(shop: Shop) -> None:
    versions = [shop.publish().file.name for _ in range(3)]
    for version in versions[1:]:
        reader.connect(shop.published, version).close()
    with pytest.raises(CopyMissingError):
        reader.connect(shop.published, versions[0])


def test_a_copy_replaced_twice_while_it_is_opened_gives_the_newest(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.publish()
    stale = iter([reader.version(shop.published)])
    look_up = reader.version
    shop.publish()
    shop.publish()
    monkeypatch.setattr(reader, "version", lambda folder: next(stale, look_up(folder)))
    with reader.published_copy(shop.published) as opened:
        assert customers(opened) == 2


def test_nobody_writes_into_the_copy(shop: Shop) -> None:
    shop.publish()
    with (
        reader.published_copy(shop.published) as opened,
        pytest.raises(duckdb.InvalidInputException, match="read-only"),
    ):
        opened.execute("DELETE FROM gold.customer_segments")


def test_where_nothing_is_published_the_way_out_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        CopyMissingError, match=r"no published copy in .*nowhere: run `make demo`, .* or set RFM_PUBLISHED"
    ):
        reader.connect(tmp_path / "nowhere")
    with pytest.raises(CopyMissingError):
        reader.version(tmp_path)


def test_a_copy_that_is_gone_though_the_pointer_names_it_is_missing(shop: Shop) -> None:
    shop.publish().file.unlink()
    with pytest.raises(CopyMissingError):
        reader.connect(shop.published)


@pytest.mark.parametrize("content", [b"", b"no database" * 999])
def test_a_damaged_copy_is_named_with_the_way_out(shop: Shop, content: bytes) -> None:
    file = shop.publish().file
    file.chmod(0o644)
    file.write_bytes(content)
    with pytest.raises(CopyCorruptError, match=rf"{file.name} cannot be read: materialize publishing/snapshot"):
        reader.connect(shop.published)


def change(file: Path, statement: str) -> None:
    file.chmod(0o600)
    with duckdb.connect(str(file)) as connection:
        connection.execute(statement)


def test_a_copy_of_a_newer_version_is_refused_and_not_published_over(shop: Shop) -> None:
    file = shop.publish().file
    change(file, f"UPDATE meta.published SET schema_version = {CURRENT + 1}")
    message = rf"has version {CURRENT + 1}, and this program knows versions up to {CURRENT}: use the program that"
    with pytest.raises(CopyNewerError, match=message):
        reader.connect(shop.published)
    with pytest.raises(CopyNewerError, match=message):
        shop.publish()
    assert reader.version(shop.published) == file.name


def test_a_copy_from_before_copies_had_their_version_is_read_and_the_next_one_has_it(shop: Shop) -> None:
    change(shop.publish().file, "ALTER TABLE meta.published DROP COLUMN schema_version")
    with reader.published_copy(shop.published) as opened:
        assert customers(opened) == 2
    shop.publish()
    with reader.published_copy(shop.published) as opened:
        assert opened.execute("SELECT schema_version FROM meta.published").fetchall() == [(CURRENT,)]
