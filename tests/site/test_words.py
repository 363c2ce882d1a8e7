"""Nothing on a page is in one language only: every word of every template comes through a tag with both."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template import engines
from django.template.base import Lexer, Token, TokenType
from django.template.loader import get_template

import kaiyuan

PACKAGE = Path(kaiyuan.__file__).parent
TEMPLATES = sorted(path for path in PACKAGE.glob("**/templates/**/*") if path.suffix in {".html", ".txt"})
CHINESE = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]")
WORD = re.compile(r"[A-Za-z]{2,}")
STRING = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'"
# Tags whose strings are a pair of words: how many strings stand before the pair.
PAIRS = {"t": 0, "tag": 1, "panel": 0, "fold": 0, "banner": 1, "empty": 0, "sort_head": 1}
READ_ALOUD = {
    "alt",
    "aria-label",
    "aria-description",
    "placeholder",
    "title",
    "data-l",
    "data-print",
    "content",
}
# Each language is called by its own name in the other.
OWN_NAMES = {("English", "中文"), ("en", "zh-hans"), ("en", "zh-CN"), ("zh-CN", "en")}


def parts(path: Path) -> list[Token]:
    """Give the tokens of a template without what is shown as code."""
    source = path.read_text(encoding="utf-8")
    kept, verbatim = [], False
    for token in Lexer(source).tokenize():
        name = token.split_contents()[0] if token.token_type == TokenType.BLOCK else ""
        if name in {"verbatim", "comment"}:
            verbatim = True
        elif name in {"endverbatim", "endcomment"}:
            verbatim = False
        elif not verbatim and token.token_type != TokenType.COMMENT:
            kept.append(token)
    return kept


def pairs(path: Path) -> list[tuple[int, str, str]]:
    """Give each pair of words in a template with its line."""
    found = []
    for token in parts(path):
        if token.token_type != TokenType.BLOCK:
            continue
        name, *rest = token.split_contents()
        given = [bit for bit in rest if not re.match(r"\w+=", bit)]
        if name in PAIRS and token.contents != "empty":  # that of a loop has no words
            words = given[PAIRS[name] : PAIRS[name] + 2]
            literal = [bit[1:-1] for bit in words if re.fullmatch(STRING, bit)]
            if len(words) < 2 or literal:  # two variables are a pair from elsewhere
                found.append((token.lineno, *[*literal, "", ""][:2]))
        named = dict(re.findall(rf"(\w+)=({STRING})", token.contents))
        for key in named:
            stem = key.removesuffix("zh")
            if key.endswith("zh"):
                found.append((token.lineno, named[key][1:-1], named.get(f"{stem}en", '""')[1:-1]))
    return found


class Loose(HTMLParser):
    """Collects what a reader would see or hear that does not come through a tag."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"code", "style", "script"}:
            self._code += 1
        if tag != "meta":
            self.found += [value for name, value in attrs if name in READ_ALOUD and value]

    def handle_endtag(self, tag: str) -> None:
        if tag in {"code", "style", "script"} and self._code:
            self._code -= 1

    def handle_data(self, data: str) -> None:
        if not self._code:
            self.found.append(data)


def loose_words(path: Path) -> list[str]:
    """Give the words that stand in a template as they are."""
    text = "".join(token.contents if token.token_type == TokenType.TEXT else " " for token in parts(path))
    reader = Loose()
    reader.feed(text)
    said = (re.sub(r"\bk-[\w-]+", "", each).strip() for each in reader.found)  # a block may give a class
    return [each for each in said if CHINESE.search(each) or WORD.search(each)]


def name_of(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def test_the_templates_are_found():
    assert {"base.html", "404.html"} <= {path.name for path in TEMPLATES}
    assert sum(len(pairs(path)) for path in TEMPLATES) > 100


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_every_template_can_be_read(path):
    root = next(parent for parent in path.parents if parent.name == "templates")
    assert get_template(str(path.relative_to(root))).template.nodelist is not None


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_no_word_of_a_template_stands_outside_a_tag_with_both_languages(path):
    assert loose_words(path) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_each_pair_of_words_is_chinese_first_and_english_second(path):
    wrong = [
        (line, zh, en)
        for line, zh, en in pairs(path)
        if (zh, en) not in OWN_NAMES
        and (
            not zh.strip()
            or not en.strip()
            or CHINESE.search(en)
            or (WORD.search(en) and not CHINESE.search(zh))
        )
    ]
    assert not wrong


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_both_languages_of_a_pair_are_filled_from_the_same_values(path):
    field = re.compile(r"{(\w+)}")
    assert [pair for pair in pairs(path) if set(field.findall(pair[1])) != set(field.findall(pair[2]))] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_no_template_carries_a_script_or_a_style_of_its_own(path):
    source = path.read_text(encoding="utf-8")
    assert not re.search(
        r"\sstyle\s*=|<style[\s>]|<script(?![^>]*(\ssrc=|type=.application/json.))|\son[a-z]+\s*=|javascript:|hx-on",
        source,
    )


def test_words_that_are_missing_would_be_noticed(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        '<p title="名称">{% t "名称" "" %} Name {{ x }}</p>{% panel "甲" "A" sub_zh="乙" %}', encoding="utf-8"
    )
    assert loose_words(page) == ["名称", "Name"]
    assert [(zh, en) for _, zh, en in pairs(page)] == [("名称", ""), ("甲", "A"), ("乙", "")]


def test_words_are_escaped_where_values_fill_them():
    page = engines["django"].from_string('{% t "名：{name}" "Name: {name}" name=name %}')
    assert page.render({"name": "<b>&"}).endswith("&lt;b&gt;&amp;")
