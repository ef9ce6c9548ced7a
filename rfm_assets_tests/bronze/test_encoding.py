"""A file that is not UTF-8 is read as Windows-1252 if the setting allows it, and refused otherwise."""

from pathlib import Path

import pytest

from rfm_assets.bronze import assets, inspection
from rfm_assets.bronze.encoding import Guess
from rfm_assets.errors import RefusedFileError
from rfm_assets.settings import Settings
from rfm_assets_tests.helpers.scenario import DAY, HEADER, land_bytes, rows, run_days, sale

CAFE = f"{HEADER}\n{sale(description='CAFÉ €5 “ŽIŽKOV”')}\n{sale(description='plain')}\n"
STORED = "SELECT Description, _rescued_data FROM bronze.transactions ORDER BY ALL"


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sets RFM_ENCODING."""
    chosen = Settings(encoding="windows-1252")
    monkeypatch.setattr(assets, "settings", lambda: chosen)


@pytest.mark.parametrize(
    ("pieces", "encoding"),
    [
        ([b"plain"], "utf-8"),
        (["CAFÉ".encode()], "utf-8"),
        (["CAFÉ".encode("cp1252")], "windows-1252"),
        ([b"plain", "CAFÉ".encode("cp1252"), b"plain"], "windows-1252"),
        (["é".encode(), "CAFÉ".encode("cp1252")], "utf-8"),
        (["CAFÉ".encode("cp1252"), "é".encode()], "utf-8"),
        (["CAFÉ".encode("cp1252") + b"\n" + "é".encode()], "utf-8"),
        ([b"\xef\xbb\xbfInvoice", "CAFÉ".encode("cp1252")], "utf-8"),
        (["CAFÉ".encode("cp1252"), b"\x81"], "utf-8"),
    ],
)
def test_a_text_is_windows_1252_when_no_byte_speaks_against_it(pieces: list[bytes], encoding: str) -> None:
    guess = Guess()
    for piece in pieces:
        guess.add(piece)
    assert guess.encoding == encoding


@pytest.mark.usefixtures("windows")
@pytest.mark.parametrize("name", [".csv", ".csv.gz"])
def test_with_the_setting_a_windows_1252_file_is_loaded_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(inspection, "_PIECE", 100)
    land_bytes(tmp_path, DAY + name, CAFE.replace("Invoice,", "Größe,Invoice,").replace("\n4", "\n,4").encode("cp1252"))
    result = run_days(tmp_path, DAY, select=["bronze"])
    assert rows(tmp_path, STORED) == [("CAFÉ €5 “ŽIŽKOV”", None), ("plain", None)]
    told = result.asset_materializations_for_node("landed")[0].metadata
    assert told["read as Windows-1252"].value == DAY + name


@pytest.mark.usefixtures("windows")
def test_with_the_setting_utf_8_is_still_read_as_utf_8(tmp_path: Path) -> None:
    land_bytes(tmp_path, f"{DAY}.csv", CAFE.encode())
    result = run_days(tmp_path, DAY, select=["bronze"])
    assert rows(tmp_path, STORED) == [("CAFÉ €5 “ŽIŽKOV”", None), ("plain", None)]
    assert "read as Windows-1252" not in result.asset_materializations_for_node("landed")[0].metadata


@pytest.mark.usefixtures("windows")
def test_malformed_lines_of_a_windows_1252_file_are_kept_readable(tmp_path: Path) -> None:
    land_bytes(tmp_path, f"{DAY}.csv", f"{CAFE}half é\n".encode("cp1252"))
    run_days(tmp_path, DAY, select=["bronze"])
    assert (None, "half é") in rows(tmp_path, STORED)


def test_broken_lines_of_a_utf_8_file_stay_what_they_were(tmp_path: Path) -> None:
    land_bytes(tmp_path, f"{DAY}.csv", CAFE.encode() + sale(description="é").encode("cp1252"))
    run_days(tmp_path, DAY, select=["bronze"])
    assert rows(tmp_path, STORED)[-1] == (None, sale(description="é"))


def test_without_the_setting_the_day_is_refused_and_the_way_out_named(tmp_path: Path) -> None:
    land_bytes(tmp_path, f"{DAY}.csv", CAFE.encode("cp1252"))
    with pytest.raises(
        RefusedFileError, match="not UTF-8, but reads as Windows-1252: save it as UTF-8, or set RFM_ENC"
    ):
        run_days(tmp_path, DAY, select=["bronze"])
