"""Which encoding a file is in: UTF-8, maybe with broken lines, or Windows-1252 throughout."""

from pathlib import Path
from typing import BinaryIO, Literal

Encoding = Literal["utf-8", "windows-1252"]

_UNDEFINED = bytes([0x81, 0x8D, 0x8F, 0x90, 0x9D])
_PIECE = 1 << 20


class Guess:
    """What the bytes of a file say, given in pieces of whole lines."""

    def __init__(self) -> None:
        self.is_utf8 = self._reads_as_windows = True
        self._has_utf8 = False

    def add(self, piece: bytes) -> None:
        """Looks at the next piece; plain ASCII, which says nothing, costs next to nothing."""
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
        """Text that is not UTF-8 anywhere is Windows-1252, if each of its bytes has a meaning there."""
        is_windows = not self.is_utf8 and not self._has_utf8 and self._reads_as_windows
        return "windows-1252" if is_windows else "utf-8"


def copy_as_utf8(source: BinaryIO, target: Path) -> None:
    """Writes the text of a Windows-1252 file in UTF-8; raises UnicodeDecodeError where it is none."""
    with target.open("wb") as copy:
        while piece := source.read(_PIECE):
            copy.write(piece.decode("cp1252").encode())
