"""The encoding of a text file: declared by the profile, or detected from all of its bytes."""

import codecs
from pathlib import Path

from rfm_assets.errors import ExportError

_PIECE = 1 << 22
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEAST_KANA = 0.1  # of the non-ASCII characters: Western text read as Shift-JIS has kanji, and hardly any kana


def encoding_of(path: Path, declared: str | None, name: str) -> str:
    """The encoding of a file, by Python's name.

    Raises:
        ExportError: when the declared encoding does not fit the whole file; `name` is the name to show.
    """
    with path.open("rb") as file:
        start = file.read(4096)
    for bom, encoding in _BOMS:
        if start.startswith(bom):
            return encoding
    if declared is not None:
        if (problem := _problem(path, declared)) is not None:
            raise ExportError(f"{name} is not in {declared}: {problem}; correct `encoding` in [source.file]")
        return declared
    if start.count(b"\0") > len(start) // 4:
        return "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"
    if _problem(path, "utf-8") is None:
        return "utf-8"
    if _share_of_kana(path) >= _LEAST_KANA:
        return "shift_jis"
    return "windows-1252" if _problem(path, "windows-1252") is None else "iso-8859-1"


def as_utf8(path: Path, encoding: str, target: Path) -> Path:
    """The file in UTF-8 without a byte order mark: itself, or a copy at `target`."""
    if encoding == "utf-8":
        return path
    with path.open(encoding=encoding, newline="") as source, target.open("w", encoding="utf-8", newline="") as copy:
        while piece := source.read(_PIECE):
            copy.write(piece)
    return target


def _problem(path: Path, encoding: str) -> str | None:
    """What in a file does not fit an encoding; None if all of it does."""
    read = 0
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                decoder.decode(piece)
                read += len(piece)
        decoder.decode(b"", final=True)
    except LookupError:
        return "Python knows no such encoding"
    except UnicodeDecodeError as error:
        return f"byte {max(0, read + error.start):,} cannot be read ({error.reason})"
    return None


def _share_of_kana(path: Path) -> float:
    """The share of hiragana and katakana among non-ASCII characters, with the file read as Shift-JIS."""
    kana = beyond = 0
    try:
        with path.open(encoding="shift_jis", newline="") as file:
            while piece := file.read(_PIECE):
                foreign = [character for character in piece if character > "\x7f"]
                beyond += len(foreign)
                kana += sum("\u3041" <= character <= "\u30fe" for character in foreign)
    except UnicodeDecodeError:
        return 0.0
    return kana / beyond if beyond else 0.0
