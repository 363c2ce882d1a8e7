"""Tell what a file is by its first bytes, whatever its name says."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, cast

from kaiyuan.errors import InputError
from kaiyuan.sheets.wording import Wording

Kind = Literal["text", "xlsx", "parquet", "arrow_file", "arrow_stream"]

SAMPLE_BYTES = 1 << 20
# A workbook that unpacks to more than this is refused before it fills the memory.
LARGEST_WORKBOOK = 8 << 30

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EXPECTED_SUFFIXES: dict[str, tuple[str, ...]] = {
    "text": (".csv", ".tsv", ".txt", ".tab"),
    "xlsx": (".xlsx", ".xlsm"),
    "parquet": (".parquet", ".pq"),
    "arrow_file": (".arrow", ".feather", ".ipc"),
    "arrow_stream": (".arrows", ".arrow", ".ipc", ".stream"),
}
_SHOWN: dict[str, str] = {
    "text": "text table",
    "xlsx": "Excel workbook",
    "parquet": "Parquet",
    "arrow_file": "Arrow file",
    "arrow_stream": "Arrow stream",
}
SUPPORTED = "CSV, TSV (also .gz), XLSX, Parquet and Arrow files can be read"


@dataclass(frozen=True)
class FileFormat:
    """What a file is: its kind, and whether it is packed with gzip."""

    kind: Kind
    gzipped: bool = False

    @property
    def shown(self) -> str:
        """Give the format in words."""
        return _SHOWN[self.kind] + (" (gzip)" if self.gzipped else "")

    def note(self, path: Path) -> Wording | None:
        """Give a remark when the name of the file says something else than its content, else None."""
        suffixes = [suffix.lower() for suffix in path.suffixes]
        last = suffixes[-2:-1] if self.gzipped and suffixes[-1:] == [".gz"] else suffixes[-1:]
        if not last or last[0] in _EXPECTED_SUFFIXES[self.kind]:
            return None
        return Wording(
            f"文件名以{last[0]}结尾，内容其实是{self.shown}，已按内容读取",
            f"the name ends in {last[0]}, the content is {self.shown}; it was read as what it is",
        )


def detect_format(path: Path) -> FileFormat:
    """Give the format of the file, judged by its content.

    Raises InputError for a file that is missing, empty, protected by a password, or of a kind not supported.
    """
    if path.is_dir():
        raise InputError("this is a folder, not a file", file=str(path), remedy="Name the files in it")
    try:
        with path.open("rb") as stream:
            head = stream.read(4096)
    except FileNotFoundError:
        raise InputError("there is no such file", file=str(path), remedy="Check the path") from None
    except OSError as error:
        raise InputError(
            f"the file cannot be opened ({error.strerror})", file=str(path), remedy="Check the permissions"
        ) from error
    if not head:
        raise _empty(path)
    if head.startswith(b"\x1f\x8b"):
        head = _unpacked_head(path)
        if not head:
            raise _empty(path)
        kind = _kind(path, head)
        if kind != "text":
            raise InputError(
                f"the gzip file holds {_SHOWN[kind]}", file=str(path), remedy="Unpack it first (gunzip)"
            )
        return FileFormat("text", gzipped=True)
    return FileFormat(_kind(path, head))


def open_bytes(path: Path, *, gzipped: bool) -> IO[bytes]:
    """Open the file for reading its unpacked bytes."""
    return cast("IO[bytes]", gzip.open(path, "rb") if gzipped else path.open("rb"))


def _kind(path: Path, head: bytes) -> Kind:
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _zip_kind(path)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PARE"):
        raise InputError(
            "the Parquet file is encrypted", file=str(path), remedy="Give a file without encryption"
        )
    if head.startswith(b"ARROW1"):
        return "arrow_file"
    if head.startswith(b"\xff\xff\xff\xff"):
        return "arrow_stream"
    if head.startswith(_OLE2):
        raise _old_office(path)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if head.startswith(b"%PDF"):
        raise _unsupported(path, "a PDF", "Ask for the table itself, as XLSX or CSV")
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<?xml", b"<head", b"<meta")):
        raise _unsupported(path, "a web page or XML", "Open it in a sheet program and save it as .xlsx")
    if start.startswith((b'{"', b"[{", b"{\n", b"{\r")):
        raise _unsupported(path, "JSON", SUPPORTED)
    if head.count(b"\0") * 10 > len(head) and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _unsupported(path, "neither text nor a known table format", SUPPORTED)
    return "text"


def _zip_kind(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            size = sum(info.file_size for info in archive.infolist())
    except (zipfile.BadZipFile, RuntimeError, OSError):
        raise InputError(
            "the workbook is damaged or cut short", file=str(path), remedy="Copy or export it once more"
        ) from None
    if "xl/workbook.xml" in names or any(name.startswith("xl/") for name in names):
        if "xl/workbook.bin" in names:
            raise _unsupported(path, "a binary workbook (.xlsb)", "Save it as .xlsx")
        if size > LARGEST_WORKBOOK:
            raise InputError(
                f"the workbook unpacks to {size >> 30} GB", file=str(path), remedy="Save the sheet as CSV"
            )
        return "xlsx"
    if any(name.endswith(".ods") for name in names) or "content.xml" in names:
        raise _unsupported(path, "an OpenDocument sheet", "Save it as .xlsx")
    raise _unsupported(path, "a zip archive", "Unpack it and give the file inside")


def _old_office(path: Path) -> InputError:
    with path.open("rb") as stream:
        content = stream.read(8 << 20)
    if "EncryptedPackage".encode("utf-16-le") in content:
        return InputError(
            "the workbook is protected by a password",
            file=str(path),
            remedy="Open it, remove the password (File · Info · Protect), save it and try again",
        )
    return InputError(
        "this is a workbook of the old .xls kind",
        file=str(path),
        remedy="Open it in a sheet program and save it as .xlsx",
    )


def _unpacked_head(path: Path) -> bytes:
    try:
        with gzip.open(path, "rb") as stream:
            return stream.read(4096)
    except (EOFError, OSError, zlib.error):
        raise InputError(
            "the gzip file is damaged or cut short", file=str(path), remedy="Copy or pack it once more"
        ) from None


def _empty(path: Path) -> InputError:
    return InputError("the file is empty", file=str(path), remedy="Export the table again")


def _unsupported(path: Path, what: str, remedy: str) -> InputError:
    return InputError(f"this is {what}, not a table that can be read", file=str(path), remedy=remedy)
