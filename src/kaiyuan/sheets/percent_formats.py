"""Which cells of a workbook are shown as percentages: their number 0.03 reads 3 % on the screen."""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

from kaiyuan.sheets.wording import letter

_BUILT_IN = {9, 10}
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*)>")
_REFERENCE = re.compile(rb'\br="([A-Z]+)(\d+)"')
_STYLE = re.compile(rb'\bs="(\d+)"')
_CHUNK = 1 << 22
_CARRIED = 4096


def percent_cells(path: Path, *, sheet: str, positions: Iterable[int]) -> set[tuple[int, int]]:
    """Give the cells (row from 0, position) of these columns whose number format shows a percent sign.

    A workbook whose inner files are not where they should be gives none.
    """
    letters = {letter(position).encode(): position for position in positions}
    if not letters:
        return set()
    try:
        with zipfile.ZipFile(path) as archive:
            styles = _percent_styles(archive.read("xl/styles.xml"))
            inner = _sheet_path(archive, sheet)
            return set(_marked(archive, inner, letters, styles)) if styles and inner else set()
    except (KeyError, ValueError, RuntimeError, ElementTree.ParseError, zipfile.BadZipFile, zlib.error):
        return set()


def _percent_styles(xml: bytes) -> set[int]:
    root = _parsed(xml)
    shown = {
        int(node.get("numFmtId", "0"))
        for node in root.iter()
        if _tag(node) == "numFmt" and "%" in _QUOTED.sub("", node.get("formatCode", ""))
    } | _BUILT_IN
    for node in root:
        if _tag(node) == "cellXfs":
            return {number for number, style in enumerate(node) if int(style.get("numFmtId", "0")) in shown}
    return set()


def _sheet_path(archive: zipfile.ZipFile, sheet: str) -> str | None:
    book = _parsed(archive.read("xl/workbook.xml"))
    relation = next(
        (
            value
            for node in book.iter()
            if _tag(node) == "sheet" and node.get("name") == sheet
            for key, value in node.attrib.items()
            if key.endswith("}id")
        ),
        None,
    )
    for node in _parsed(archive.read("xl/_rels/workbook.xml.rels")):
        if node.get("Id") == relation:
            return (
                posixpath.normpath(posixpath.join("xl", node.get("Target", "")))
                .lstrip("/")
                .replace("xl/xl/", "xl/")
            )
    return None


def _marked(
    archive: zipfile.ZipFile, inner: str, letters: dict[bytes, int], styles: set[int]
) -> Iterable[tuple[int, int]]:
    tail = b""
    with archive.open(inner) as stream:
        while chunk := stream.read(_CHUNK):
            text = tail + chunk
            end = 0
            for cell in _CELL.finditer(text):
                end = cell.end()
                style, reference = _STYLE.search(cell[1]), _REFERENCE.search(cell[1])
                if style and reference and int(style[1]) in styles and reference[1] in letters:
                    yield int(reference[2]) - 1, letters[reference[1]]
            tail = text[max(end, len(text) - _CARRIED) :]


def _parsed(xml: bytes) -> ElementTree.Element:
    # Entities could be blown up without limit; a workbook needs none.
    if b"<!DOCTYPE" in xml[:4096] or b"<!ENTITY" in xml:
        raise ElementTree.ParseError("a document type is not expected here")
    return ElementTree.fromstring(xml)


def _tag(node: ElementTree.Element) -> str:
    return node.tag.rsplit("}", 1)[-1]
