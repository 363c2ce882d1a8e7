"""Documents say what is true: links resolve, commands exist, translations keep step, nothing is stale."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(
    path
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "packs").rglob("*.md")]
    if path.is_file()
)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)


def generator():
    """Give docs/generate.py as a module; it stands outside the package on purpose."""
    spec = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["docs_generate"] = module
    spec.loader.exec_module(module)
    return module


def prose(path: Path) -> str:
    """Give a page without its code blocks."""
    return FENCE.sub("", path.read_text(encoding="utf-8"))


def blocks(path: Path) -> list[tuple[str, str]]:
    """Give the code blocks of a page: language and text."""
    return FENCE.findall(path.read_text(encoding="utf-8"))


def anchors(path: Path) -> set[str]:
    """Give the anchors that a page's headings make."""
    headings = re.findall(r"^#+ +(.+)$", prose(path), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def words_of_make() -> set[str]:
    """Give the targets of the Makefile that a person may call."""
    return set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_inside_the_repository_resolves(page):
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)) + re.findall(
        r'(?:src|href)="([^"]+)"', prose(page)
    ):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        goal = (page.parent / file).resolve() if file else page
        if not goal.exists() or (anchor and goal.suffix == ".md" and anchor not in anchors(goal)):
            broken.append(target)
    assert not broken


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_make_word_in_a_document_exists(page):
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"`make ([a-z][a-z-]*)`", text)) | {
        word for _, block in blocks(page) for word in re.findall(r"^\$? ?make ([a-z][a-z-]*)", block, re.M)
    }
    assert named - words_of_make() == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_kaiyuan_command_in_a_document_exists(page):
    known = generator().command_paths()
    shown = re.findall(r"`kaiyuan ([^`\n]+)`", page.read_text(encoding="utf-8"))
    shown += [line for _, block in blocks(page) for line in re.findall(r"^\$? ?kaiyuan (.+)$", block, re.M)]
    if not known:  # the command line is not part of this checkout
        return
    unknown = [line for line in shown if not any(line.split()[: len(path)] == list(path) for path in known)]
    assert not unknown


def test_the_makefile_explains_every_word():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = set(re.search(r"^\.PHONY: (.+)$", makefile, re.M)[1].split())
    assert phony == words_of_make()
    assert {"demo", "test", "test-all", "lint", "types", "bench", "docs", "clean"} <= phony


def test_ci_calls_the_words_of_the_makefile():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    called = set(re.findall(r"\bmake ([a-z-]+)", script))
    assert (
        {"test", "lint", "types", "architecture", "docs-check", "demo", "test-slow"}
        <= called
        <= words_of_make()
    )


def test_the_two_readmes_keep_step():
    english, chinese = ROOT / "README.md", ROOT / "README.zh-CN.md"

    def outline(page: Path) -> list[int]:
        return [len(marks) for marks in re.findall(r"^(#+) ", prose(page), re.M)]

    def commands(page: Path) -> list[str]:
        return [block for language, block in blocks(page) if language in {"", "sh", "yaml", "console"}]

    def inline(page: Path) -> set[str]:
        return set(re.findall(r"`((?:make|kaiyuan) [^`\n]+)`", prose(page)))

    def pictures(page: Path) -> list[str]:
        return re.findall(r"!\[[^\]]*\]\(([^)]+)\)", prose(page))

    def table_rows(page: Path) -> int:
        return len(re.findall(r"^\|", prose(page), re.M))

    for aspect in (outline, commands, inline, pictures, table_rows):
        assert aspect(english) == aspect(chinese), aspect.__name__


@pytest.mark.parametrize("folder", ["decisions", "algorithms"])
def test_every_page_of_a_collection_is_in_its_index(folder):
    index = (ROOT / "docs" / folder / "README.md").read_text(encoding="utf-8")
    pages = {path.name for path in (ROOT / "docs" / folder).glob("*.md")} - {"README.md"}
    assert {page for page in pages if page not in index} == set()


def test_every_decision_has_the_four_headings():
    for path in sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md")):
        headings = re.findall(r"^## (.+)$", path.read_text(encoding="utf-8"), re.M)
        assert headings == ["What was asked", "What we do", "What else was weighed", "What follows"], (
            path.name
        )


def test_generated_documents_are_up_to_date():
    # The tour runs its commands, in processes of their own: that takes longer, and CI does it by `make docs-check`.
    stale = generator().stale(without={"docs/tour.md"})
    assert not stale, f"run `make docs`: {stale}"
