"""The cluster reads landed files by the plain rules spelled out in `rfm_assets_tests/helpers/reading.py`."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from itertools import product
from pathlib import Path

import pytest

from rfm_assets.bronze.landed_files import LandedFiles
from rfm_assets.bronze.spark_lines import confirm_lines
from rfm_assets.contracts.bronze import TRANSACTIONS
from rfm_assets.errors import LandingError, RefusedFileError
from rfm_assets.warehouse.spark.engine import SparkEngine
from rfm_assets_tests.bronze.test_every_line_once import GOOD, file_of, with_field
from rfm_assets_tests.helpers.reading import TEXT_COLUMNS, Row, expected_from, landed
from rfm_assets_tests.helpers.scenario import DAY, HEADER, NEXT_DAY, land_bytes

pytestmark = pytest.mark.e2e

PIECES = [b'"', b" ", b",", b"a", b"\0", b"\r"]
FIELDS = [b"".join(field) for length in range(4) for field in product(PIECES, repeat=length)]
_MARK = b"\xef\xbb\xbf"
NOT_UTF_8 = [
    b"\xe9",
    b"\x81",
    b"\xe2\x82",
    b"\xed\xa0\x80",
    b"\xc0\xaf",
    b"\xff",
    *(bytes([n]) for n in range(128, 160)),
]
TEXT = [
    '"' * 100_000,
    "é",
    "€",
    "🎄",
    "\u2028",
    "\u0085",
    "\ufeff",
    "\t",
    "\x0b",
    "\\",
    "'",
    "#",
    "NULL",
    "\x1a",
    "a" * 100_000,
]

FILES: Mapping[str, bytes] = {
    f"{DAY}.csv": file_of(*(with_field(position, field) for position in (0, 2, 7) for field in FIELDS)),
    f"{DAY}_crlf.csv": b"\r\n".join([HEADER.encode(), GOOD, b"", b" \t", GOOD, b"too,few", GOOD + b",,", GOOD + b",x"]),
    f"{DAY}_mixed.csv": _MARK + HEADER.encode() + b"\r\n" + GOOD + b"\n" + GOOD + b"\r\n\r" + GOOD + b"\n\r\n" + GOOD,
    f"{DAY}_bytes.csv.gz": file_of(GOOD, *(with_field(2, field) for field in NOT_UTF_8)),
    f"{DAY}_texts.CSV.GZ": file_of(*(with_field(2, text.encode()) for text in TEXT)),
    f"{DAY}_header_again.csv": file_of(GOOD, HEADER.encode(), GOOD, HEADER.encode() + b"\r", _MARK + HEADER.encode()),
    f"{NEXT_DAY}_columns.csv": b"More,"
    + HEADER.encode()
    + b",\n"
    + b"".join(
        more + b"," + GOOD + rest + b"\n"
        for more, rest in product([b"", b"x", b'"y,"'], [b"", b",", b",z", b",,", b",,z"])
    ),
    f"{NEXT_DAY}_optional.csv": f"Currency,{HEADER},LineAmount,SourceRecord\nGBP,".encode()
    + GOOD
    + b',"1,000.00",\nEUR,'
    + GOOD
    + b",,orders.csv 2\n,too few\n",
    "shop [1]/Country=France/processing_date=2020-01-01/" + f"{NEXT_DAY} {{a,b}}*?%20+#'é\\.csv": file_of(GOOD),
}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    for key, content in FILES.items():
        land_bytes(tmp_path, key, content)
    return tmp_path


def test_every_line_of_any_file_is_read_exactly_once(spark: SparkEngine, shop: Path) -> None:
    files = landed(shop)
    assert {file.landed.key for file in files.files} == FILES.keys()
    with spark.connect() as connection:
        made = files.frame(connection.session)
        files.confirm(made)
        found: Counter[Row] = Counter(tuple(row) for row in made.select(*TEXT_COLUMNS).collect())
    expected = expected_from(FILES)
    assert found - expected == Counter()
    assert expected - found == Counter()


def test_days_without_a_file_have_no_lines(spark: SparkEngine) -> None:
    files = LandedFiles([], datetime(2025, 6, 26, 18, 30), {})  # noqa: DTZ001 - the warehouse keeps UTC without a zone
    with spark.connect() as connection:
        made = files.frame(connection.session)
        files.confirm(made)
        assert (made.columns, made.collect()) == (list(TRANSACTIONS.types), [])


def test_lines_that_the_cluster_did_not_read_are_missed(spark: SparkEngine, shop: Path) -> None:
    files = landed(shop)
    with spark.connect() as connection:
        short = files.frame(connection.session).where("NOT (source_file = '2025-06-26_crlf.csv' AND Quantity IS NULL)")
        with pytest.raises(RefusedFileError, match=r"the cluster read 3 lines of file:.*_crlf.csv, but 5 have landed"):
            confirm_lines(short, files.files)


def test_a_file_that_the_cluster_does_not_see_is_refused(spark: SparkEngine, shop: Path) -> None:
    files = landed(shop)
    (shop / "landing" / f"{DAY}_crlf.csv").rename(shop / "elsewhere.csv")
    with spark.connect() as connection, pytest.raises(LandingError, match="the cluster does not see a file that"):
        files.frame(connection.session)
