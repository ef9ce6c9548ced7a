"""Detects a file's encoding: UTF-8, possibly with broken lines, or Windows-1252 throughout."""

from pathlib import Path
from typing import BinaryIO, Literal

Encoding = Literal["utf-8", "windows-1252"]

_UNDEFINED = bytes([0x81, 0x8D, 0x8F, 0x90, 0x9D])
_PIECE = 1 << 20


class Guess:
    """Guesses the encoding of a file from its bytes, given in pieces of whole lines."""

    def __init__(self) -> None:
        self.is_utf8 = self._reads_as_windows = True
        self._has_utf8 = False

    def add(self, piece: bytes) -> None:
        """Takes the next piece; plain ASCII, which tells nothing, is skipped cheaply."""
        if piece.isascii():
            return
        try:
            piece.decode("utf-8")
            self._has_utf8 = True
        except UnicodeDecodeError:
            self.is_utf8 = False
            self._has_utf8 = self._has_utf8 or not piece.decode("utf-8", errors="ignore").isascii()
        self._reads_as_windows = self._reads_as_windows and not any(byte in piece for byte in _UNDEFINED)

    @property
    def encoding(self) -> Encoding:
        """Text with no line of non-ASCII UTF-8 is Windows-1252, if every byte is a character there."""
        is_windows = not self.is_utf8 and not self._has_utf8 and self._reads_as_windows
        return "windows-1252" if is_windows else "utf-8"


def copy_as_utf8(source: BinaryIO, target: Path) -> None:
    """Writes the text of a Windows-1252 file in UTF-8; raises UnicodeDecodeError if it is not Windows-1252."""
    with target.open("wb") as copy:
        while piece := source.read(_PIECE):
            copy.write(piece.decode("cp1252").encode())
