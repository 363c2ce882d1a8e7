"""Text of any of the encodings officers' files come in, as one stream of UTF-8 bytes."""

from __future__ import annotations

import codecs
import gzip
import io
import os
import zlib
from pathlib import Path
from typing import IO, cast

from kaiyuan.errors import InputError
from kaiyuan.sheets.formats import SAMPLE_BYTES, open_bytes

_CHUNK = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SHOWN = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 (BOM)",
    "utf-16": "UTF-16",
    "gb18030": "GB18030",
    "ascii": "ASCII",
}


def detect_encoding(path: Path, *, gzipped: bool) -> str:
    """Give the encoding: utf-8, utf-8-sig, utf-16, gb18030, or ascii when no other sign occurs.

    A file is read up to its first sign outside ASCII and a megabyte beyond, so that a late 企业 still counts.
    """
    with open_bytes(path, gzipped=gzipped) as stream:
        sample = _read(stream, path, SAMPLE_BYTES)
        for mark, name in _MARKS:
            if sample.startswith(mark):
                return name
        while sample.isascii():
            sample = _read(stream, path, SAMPLE_BYTES)
            if not sample:
                return "ascii"
        sample += _read(stream, path, SAMPLE_BYTES)
    faults = {name: _faults(sample, name) for name in ("utf-8", "gb18030")}
    return min(faults, key=lambda name: faults[name])


def _faults(sample: bytes, encoding: str) -> int:
    # A sign cut in two at either end of the sample is no fault.
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    return decoder.decode(sample).strip("\ufffd").count("\ufffd")


class Utf8Stream(io.RawIOBase):
    """The text of a file as UTF-8 bytes, whatever its encoding, without its mark.

    Bytes that are no text become U+FFFD and are counted in `faults`. `quotes` counts quotation marks, `wrapped`
    cells such as ="001", and `packed_position` is how far the file itself has been read, for a progress bar.
    """

    def __init__(self, path: Path, *, gzipped: bool, encoding: str) -> None:
        super().__init__()
        self._path = path
        self._file = path.open("rb")
        self._size = os.fstat(self._file.fileno()).st_size
        self._bytes = cast("IO[bytes]", gzip.GzipFile(fileobj=self._file) if gzipped else self._file)
        name = "utf-8" if encoding == "ascii" else encoding
        self._decoder = codecs.getincrementaldecoder(name)("replace")
        self._rest = b""
        self._ended = False
        self.faults = 0
        self.quotes = 0
        self.wrapped = 0

    @property
    def packed_position(self) -> int:
        """Give how many bytes of the file on disk have been read."""
        return self._size if self._file.closed else self._file.tell()

    @property
    def packed_size(self) -> int:
        """Give the size of the file on disk."""
        return self._size

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        pieces, held = [self._rest], len(self._rest)
        while not self._ended and (size < 0 or held < size):
            pieces.append(self._next())
            held += len(pieces[-1])
        data = b"".join(pieces)
        cut = held if size < 0 else size
        self._rest = data[cut:]
        return data[:cut]

    def readline(self, size: int | None = -1) -> bytes:
        """Give the next line with its end: LF, CR or CR LF."""
        while True:
            end = _line_end(self._rest, self._ended)
            if end or self._ended:
                line, self._rest = self._rest[: end or None], self._rest[end:] if end else b""
                return line
            self._rest += self._next()

    def close(self) -> None:
        if not self._file.closed:
            self._file.close()
        super().close()

    def _next(self) -> bytes:
        chunk = _read(self._bytes, self._path, _CHUNK)
        text = self._decoder.decode(chunk, final=not chunk)
        if not chunk:
            self._ended = True
        if "\ufffd" in text:
            self.faults += text.count("\ufffd")
        fresh = text.encode("utf-8")
        self.quotes += fresh.count(b'"')
        self.wrapped += fresh.count(b'="')
        return fresh


def _line_end(text: bytes, ended: bool) -> int:
    feed, carriage = text.find(b"\n"), text.find(b"\r")
    if carriage >= 0 and (feed < 0 or carriage < feed):
        if carriage + 1 == len(text) and not ended:
            return 0  # LF may follow in the next chunk
        return carriage + 2 if feed == carriage + 1 else carriage + 1
    return feed + 1


def _read(stream: IO[bytes], path: Path, size: int) -> bytes:
    try:
        return stream.read(size)
    except (EOFError, zlib.error, OSError):
        raise InputError(
            "the gzip file is damaged or cut short", file=str(path), remedy="Copy or pack it once more"
        ) from None
