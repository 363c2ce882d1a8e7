"""Look at an upload before any parser does: its name, its size, and what it would become in memory.

Parsers of workbooks trust what a file says of itself: two cells in opposite corners become seventeen thousand million.
So a file is counted first, in pieces, never unpacked whole; what is larger than honest sheets are is refused.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from kaiyuan.apps.intake.refusals import Refused, refused
from kaiyuan.errors import InputError
from kaiyuan.sheets.encodings import Utf8Stream, detect_encoding
from kaiyuan.sheets.formats import detect_format
from kaiyuan.sheets.wording import Wording

LARGEST = 64 << 20
_UNPACKED = 256 << 20
_STRINGS = 96 << 20
_PARTS = 2_000
_CELLS = 5_000_000
_MERGED = 20_000
_COLUMNS = 1_000
_LINE = 256 << 10
_TOP_LINES = 400
_LONGEST_NAME = 150
_CHUNK = 1 << 20
_TAIL = 8192

_KINDS = {".csv": "text", ".tsv": "text", ".txt": "text", ".xlsx": "xlsx"}
_MAY_BE = Wording("请上传 .xlsx 或 .csv 文件", "Upload an .xlsx or .csv file")
_AS_CSV = Wording("请只保留需要的列，或另存为 CSV", "Keep the columns that are needed, or save it as CSV")
_PLAIN = Wording("请只粘贴数值、另存为 .xlsx 后上传", "Paste values only, save it as .xlsx and upload that")
_AGAIN = Wording("请重新导出或另存一次，再上传", "Export or save it once more, and upload that")

_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})\d')
_ROW = re.compile(rb'\br="[A-Z]{0,3}(\d{1,10})"')
_CELL = re.compile(rb"<(?:\w+:)?c[\s>/]")
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s")
_FORMULA = re.compile(rb"<(?:\w+:)?f(?:\s[^>]*)?>([^<]{0,8192})</(?:\w+:)?f>")
_NO_RESULT = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f(?:\s[^>]*)?/>)\s*(?:<(?:\w+:)?v\s*/>\s*)?</(?:\w+:)?c>"
)
_REACHING_OUT = re.compile(
    rb"\||\[\d+\]|!A0|\b(?:HYPERLINK|WEBSERVICE|IMPORTDATA|IMPORTXML|CALL|REGISTER|EXEC|DDE|RTD|cmd)\b",
    re.IGNORECASE,
)
_TEXT_FORMULA = re.compile(rb"<(?:\w+:)?t(?:\s[^>]*)?>\s*(?:=|[@+\-]\s*[A-Za-z_.]+\s*[(|!])")
# In a text table: a cell that a sheet program would run. ="001" is how some programs keep a code from being a number.
_LINE_FORMULA = re.compile(
    rb'(?m)(?:^|[,;\t|])[ "]*(?:=(?!"[^"=(|]*"(?:[,;\t|\r\n]|$))|[@+\-]\s*[A-Za-z_.]+\s*[(|!])'
)
_ACTIVE = (
    "vbaproject",
    "activex",
    "oleobject",
    "embeddings",
    "externallink",
    "macrosheets",
    "customui",
    "webextension",
)


def examine(path: Path, *, name: str) -> None:
    """Look at an upload; `name` is what it was called. Raises Refused with the reason and what to do."""
    kind = _named_kind(name)
    if path.stat().st_size > LARGEST:
        raise too_large()
    try:
        found = detect_format(path)
    except InputError as error:
        raise refused(error) from None
    if found.gzipped:
        raise Refused(
            Wording("这是压缩文件", "this is a packed file"), Wording("请解压后上传", "Unpack it first")
        )
    if found.kind != kind:
        raise Refused(
            Wording("文件名后缀与内容不符", "the ending of its name and its content differ"),
            Wording(
                "请用表格软件打开，另存为 .xlsx 或 .csv",
                "Open it in a sheet program and save it as .xlsx or .csv",
            ),
        )
    if kind == "xlsx":
        _examine_workbook(path)
    else:
        _examine_text(path)


def too_large() -> Refused:
    """Give the refusal of a file beyond the largest that is taken."""
    return Refused(
        Wording(f"文件超过 {LARGEST >> 20} MB", f"the file is larger than {LARGEST >> 20} MB"),
        Wording("请分成几个文件上传", "Split it and upload the parts"),
    )


def _named_kind(name: str) -> str:
    strange = any(unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co"} for sign in name)
    if strange or len(name) > _LONGEST_NAME or "/" in name or "\\" in name:
        raise Refused(
            Wording(
                "文件名含有不可见字符、路径或过长",
                "the file's name has invisible signs, a path, or is too long",
            ),
            Wording("请改名后上传", "Give it a plain name and upload it again"),
        )
    kind = _KINDS.get(Path(name).suffix.lower())
    if kind is None:
        raise Refused(
            Wording(f"不接受“{Path(name).suffix or name}”文件", f"files of this kind are not taken: {name}"),
            _MAY_BE,
        )
    return kind


def _examine_workbook(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            _examine_parts(parts)
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels", ".vml")):
                    _examine_part(archive, part)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError, ValueError):
        raise Refused(
            Wording("工作簿已损坏或不完整", "the workbook is damaged or cut short"), _AGAIN
        ) from None


def _examine_parts(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename.lower() for part in parts]
    if any(part.flag_bits & 1 for part in parts):
        raise Refused(
            Wording("工作簿有密码保护", "the workbook is protected by a password"),
            Wording("请去掉密码、保存后再上传", "Remove the password, save it and upload it again"),
        )
    if len(parts) > _PARTS or len(set(names)) < len(names):
        raise Refused(Wording("工作簿结构异常", "the workbook is not built as workbooks are"), _AGAIN)
    if any(name.startswith("/") or ".." in name.replace("\\", "/").split("/") for name in names):
        raise Refused(Wording("工作簿内含越界路径", "the workbook holds paths that lead outside"), _AGAIN)
    active = next((word for name in names for word in _ACTIVE if word in name), None)
    if active:
        raise Refused(
            Wording(
                "工作簿含有宏、嵌入对象或外部链接",
                "the workbook holds macros, embedded objects or links outside",
            ),
            _PLAIN,
        )
    if sum(part.file_size for part in parts) > _UNPACKED or any(
        part.file_size > _STRINGS and "sharedstrings" in part.filename.lower() for part in parts
    ):
        raise Refused(Wording("工作簿解压后过大", "the workbook unpacks to too much"), _AS_CSV)


def _examine_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    sheet = "/worksheets/" in f"/{part.filename.lower()}"
    cells = merged = rows = columns = 0
    for first, piece in _pieces(archive, part):
        if first and (piece.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in piece[:64]):
            raise Refused(Wording("工作簿内的编码异常", "the workbook's inner encoding is not UTF-8"), _AGAIN)
        if _DOCTYPE.search(piece):
            raise Refused(
                Wording("工作簿内含有实体定义（DOCTYPE）", "the workbook defines entities (DOCTYPE)"), _AGAIN
            )
        if _TEXT_FORMULA.search(piece):
            raise _formula()
        if not sheet:
            continue
        _examine_formulas(piece)
        cells += len(_CELL.findall(piece))
        merged += len(_MERGE.findall(piece))
        rows = max([rows, *(int(number) for number in set(_ROW.findall(piece)))])
        columns = max([columns, *(_position(letters) for letters in set(_PLACE.findall(piece)))])
        if cells > _CELLS or merged > _MERGED or rows * max(columns, 1) > _CELLS:
            raise Refused(
                Wording(
                    f"工作表占用的单元格超过 {_CELLS // 10_000} 万个",
                    f"a sheet spans more than {_CELLS:,} cells",
                ),
                _AS_CSV,
            )


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[tuple[bool, bytes]]:
    """Give the part in pieces that end between two tags, so that no tag is cut; and count what really comes."""
    total, rest, first = 0, b"", True
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            total += len(chunk)
            if total > part.file_size:
                raise zipfile.BadZipFile("more comes than was said")
            piece = rest + chunk
            cut = piece.rfind(b"<c", max(0, len(piece) - _TAIL))
            cut = cut if cut > 0 else len(piece)
            yield first, piece[:cut]
            rest, first = piece[cut:], False
    if rest:
        yield first, rest


def _examine_formulas(piece: bytes) -> None:
    if any(_REACHING_OUT.search(formula) for formula in _FORMULA.findall(piece)):
        raise _formula()
    if _NO_RESULT.search(piece):
        raise Refused(Wording("有公式没有保存计算结果", "it holds formulas without their results"), _PLAIN)


def _formula() -> Refused:
    return Refused(
        Wording(
            "含有会被执行的公式（以 = + - @ 开头）",
            "it holds a formula that a sheet program would run (= + - @)",
        ),
        _PLAIN,
    )


def _position(letters: bytes) -> int:
    position = 0
    for letter in letters:
        position = position * 26 + letter - 64
    return position


def _examine_text(path: Path) -> None:
    encoding = detect_encoding(path, gzipped=False)
    lines = longest = 0
    rest = b""
    with Utf8Stream(path, gzipped=False, encoding=encoding) as stream:
        while chunk := stream.read(_CHUNK):
            if b"\0" in chunk:
                raise Refused(
                    Wording("文本中有空字符，不是表格", "the text holds NUL signs; it is no table"), _AGAIN
                )
            piece = (rest + chunk).replace(b"\r", b"\n")
            *whole, rest = piece.split(b"\n")
            longest = max([longest, len(rest), *map(len, whole)])
            if longest > _LINE:
                raise Refused(
                    Wording("有一行过长，不是表格", "a line is far too long; it is no table"), _AGAIN
                )
            for line in [*whole, rest][: max(0, _TOP_LINES - lines)]:
                if max(line.count(sign) for sign in (b",", b"\t", b";", b"|")) >= _COLUMNS:
                    raise Refused(
                        Wording(f"超过 {_COLUMNS} 列", f"there are more than {_COLUMNS:,} columns"), _AS_CSV
                    )
            lines += len(whole)
            if _LINE_FORMULA.search(piece):
                raise _formula()
        faults = stream.faults
    if faults > max(20, path.stat().st_size // 100):
        raise Refused(
            Wording("字符编码无法识别", "its encoding is not known"),
            Wording("请另存为 UTF-8 编码的 CSV 或 .xlsx", "Save it as CSV in UTF-8, or as .xlsx"),
        )
