"""What every page is held to: well formed, self-contained, nothing run, nothing fetched, nothing unescaped."""

from __future__ import annotations

import re
from html.parser import HTMLParser

VOID = {"meta", "br", "hr", "col", "input", "link", "img"}
HOSTILE = "<script>alert(1)</script>\"'&<img src=x onerror=alert(2)>\x00{{7*7}}"


class Reader(HTMLParser):
    """Reads a page, keeps its tags, attributes and text, and complains about what does not close."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-1:]}"
        self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] not in {"style", "script"}:
            self.text.append(data)


def read(page: str) -> Reader:
    """Read a page and hold it to what every page is held to."""
    assert page.startswith("<!doctype html>")
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    names = [tag for tag, _ in reader.tags]
    assert "script" not in names and "link" not in names and "img" not in names and "iframe" not in names
    assert len(reader.ids) == len(set(reader.ids))
    for tag, attributes in reader.tags:
        assert not any(name.startswith("on") or name == "style" for name in attributes), (tag, attributes)
        assert (attributes.get("href") or "#").startswith("#")
        assert "src" not in attributes
    css = re.findall(r"<style>(.*?)</style>", page, re.S)
    assert len(css) == 1 and "url(" not in css[0] and "@import" not in css[0]
    assert "\x00" not in page
    return reader


def words_of(page: str) -> str:
    """Give the text of a page with single spaces."""
    return " ".join(" ".join(read(page).text).split())
