"""Text out of bytes, piece by piece, whatever wrote them: UTF-8, or UTF-16 as PowerShell 5 does with `>`."""

import codecs
from typing import BinaryIO, Final

from review.diff.base_error import HINT, BaseError

_ZIPPED: Final = {b"\x1f\x8b": "gzip", b"PK": "zip"}


class Decoded:
    """Reads `stream`; raises `BaseError`, which names `label`, for what is compressed or no such text."""

    def __init__(self, stream: BinaryIO, label: str) -> None:
        self._stream, self._label = stream, label
        self._first = stream.read(2)
        if (form := _ZIPPED.get(self._first)) is not None:
            raise BaseError(
                f"{label}: is compressed ({form}): unpack it first, into a file or into `--base -`"
            )
        wide = self._first in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
        self._encoding = "UTF-16" if wide else "UTF-8"
        self._decoder = codecs.getincrementaldecoder("utf-16" if wide else "utf-8-sig")()
        self._passed = 0

    def read(self, size: int) -> str:
        """About as many characters; empty at the end alone."""
        while True:
            data, self._first = self._first or self._stream.read(size), b""
            held = len(self._decoder.getstate()[0])
            try:
                text = self._decoder.decode(data, final=not data)
            except UnicodeDecodeError as error:
                at = self._passed - held + error.start
                cut = "" if data else ": it ends in the middle of a character (cut off?)"
                raise BaseError(
                    f"{self._label}: neither a plan nor a preview: no {self._encoding} at byte {at}{cut}; {HINT}"
                ) from None
            self._passed += len(data)
            if text or not data:
                return text
