"""Packs read into one set of rules: what they require first, one dictionary, no two versions on one day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from kaiyuan.errors import PackError, RuleError
from kaiyuan.packs.finding import PACK_FILE, Pack, find_packs, read_pack, shown
from kaiyuan.rulebook.facts import FactDictionary
from kaiyuan.rulebook.model import Assessment, Place, Rulebook, RuleSet, Window
from kaiyuan.rulebook.yaml.sources import (
    ReadRulebook,
    Source,
    facts_of,
    line_of_word,
    open_source,
    read_source_rulebook,
)

FACTS_FILE = "facts.yaml"
RULEBOOKS = "rulebooks"
CASES_ENDING = ".cases.yaml"


@dataclass(frozen=True)
class LoadedPacks:
    """The rules of some packs, and which rulebooks came from which."""

    rules: RuleSet
    packs: tuple[Pack, ...]
    rulebooks: Mapping[str, tuple[Rulebook, ...]]


def load_packs(names_or_paths: Iterable[str | Path]) -> RuleSet:
    """Read packs, called by name or folder, with all they require, into one set of rules.

    Raises `PackError` when a pack cannot be found or its requirements run in a circle, and `RuleError`, with
    file and line, when a file is not acceptable or two files do not agree.
    """
    return load(names_or_paths).rules


def load(names_or_paths: Iterable[str | Path]) -> LoadedPacks:
    """Read packs with all they require, remembering which rulebook came from which."""
    packs = _in_order(names_or_paths)
    facts = FactDictionary()
    for pack in packs:
        facts = _with_facts_of(pack, facts)
    read = {pack.name: _rulebooks(pack, facts) for pack in packs}
    everything = [one for part in read.values() for one in part]
    _refuse_disagreement(everything)
    rules = RuleSet(facts, tuple(one.rulebook for one in everything))
    return LoadedPacks(
        rules, packs, {name: tuple(one.rulebook for one in part) for name, part in read.items()}
    )


def _in_order(names_or_paths: Iterable[str | Path]) -> tuple[Pack, ...]:
    done: dict[str, Pack] = {}

    def visit(
        wanted: str | Path, chain: tuple[str, ...], beside: tuple[Path, ...], asker: Pack | None
    ) -> None:
        if asker is not None:
            _refuse_missing_requirement(str(wanted), beside, asker)
        pack = read_pack(wanted, beside=beside)
        if pack.name in chain:
            circle = " → ".join([*chain[chain.index(pack.name) :], pack.name])
            raise PackError(
                "packs require each other in a circle",
                file=shown(pack.path / PACK_FILE),
                text=circle,
                remedy="Take one of them out of `requires`",
            )
        if pack.name in done:
            if done[pack.name].path.resolve() != pack.path.resolve():
                raise PackError(
                    f"two packs have this name, in {done[pack.name].path} and {pack.path}",
                    text=pack.name,
                    remedy="Load one of them, or rename the other",
                )
            return
        # A pack kept outside the checkout finds its neighbours beside it.
        around = (*beside, pack.path.resolve().parent)
        for required in pack.requires:
            visit(required, (*chain, pack.name), around, pack)
        done[pack.name] = pack

    for wanted in names_or_paths:
        visit(wanted, (), (), None)
    if not done:
        raise PackError("no pack is named", remedy=f"Known packs: {', '.join(find_packs()) or 'none'}")
    return tuple(done.values())


def _refuse_missing_requirement(name: str, beside: Iterable[Path], asker: Pack) -> None:
    found = find_packs(beside=beside)
    if name not in found:
        path = asker.path / PACK_FILE
        source = open_source(path, file=shown(path))
        raise PackError(
            f"pack {asker.name} requires a pack that is not here",
            file=source.file,
            line=source.line(("requires",)),
            text=name,
            remedy=f"Put it beside {asker.path.name}, or correct the name; known packs: {', '.join(found)}",
        )


def _with_facts_of(pack: Pack, facts: FactDictionary) -> FactDictionary:
    path = pack.path / FACTS_FILE
    if not path.is_file():
        return facts
    source = open_source(path, file=shown(path))
    own = facts_of(source, pack=pack.name)
    try:
        return facts.merged(own)
    except RuleError as error:
        raise error.at(file=source.file, line=line_of_word(source, str(error.text))) from None


def _rulebooks(pack: Pack, facts: FactDictionary) -> list[ReadRulebook]:
    folder = pack.path / RULEBOOKS
    paths = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
    for path in paths:
        if path.suffix != ".yaml" and not path.name.startswith("."):
            raise PackError(
                f"a file in {RULEBOOKS}/ that is not read",
                file=shown(path),
                remedy="Rename it so that it ends in .yaml, or move it away",
            )
    sources = {path: open_source(path, file=shown(path)) for path in paths if path.suffix == ".yaml"}
    books = {path: source for path, source in sources.items() if not path.name.endswith(CASES_ENDING)}
    cases = _cases_by_rulebook({path: source for path, source in sources.items() if path not in books}, books)
    read: list[ReadRulebook] = []
    for path, source in books.items():
        one = read_source_rulebook(source, facts=facts, cases_sources=cases.get(path, ()))
        if pack.demo and not one.rulebook.demo:
            raise RuleError(
                "a rulebook of a fictional pack does not say so",
                file=source.file,
                line=1,
                text=one.rulebook.id,
                remedy="Add demo: true",
            )
        read.append(one)
    return read


def _cases_by_rulebook(
    cases: Mapping[Path, Source], books: Mapping[Path, Source]
) -> dict[Path, list[Source]]:
    """Give the files of cases of each rulebook's file: that of the same name, else the first with that id."""
    result: dict[Path, list[Source]] = {}
    for path, source in cases.items():
        wanted = source.at(("cases_for",))
        namesake = path.with_name(path.name.removesuffix(CASES_ENDING) + ".yaml")
        owners = [book for book, other in books.items() if other.at(("rulebook",)) == wanted]
        if namesake in books:
            owners.insert(0, namesake)
        if not owners:
            known = [str(book.at(("rulebook",))) for book in books.values()]
            close = get_close_matches(str(wanted), known, n=1)
            hint = f"Did you mean {close[0]}? " if close else ""
            raise RuleError(
                "these cases belong to no rulebook of this pack",
                file=source.file,
                line=source.line(("cases_for",)),
                text=None if wanted is None else str(wanted),
                remedy=f"{hint}Write cases_for: and the name of a rulebook",
            )
        result.setdefault(owners[0], []).append(source)
    return result


def _refuse_disagreement(read: Sequence[ReadRulebook]) -> None:
    books: dict[str, list[tuple[Window, Place]]] = {}
    versions: dict[str, list[Assessment]] = {}
    for one in read:
        book = one.rulebook
        _refuse_overlap("rulebook", book.id, book.window, book.place, books)
        for assessment in book.assessments:
            versions.setdefault(assessment.id, []).append(assessment)
    windows: dict[str, list[tuple[Window, Place]]] = {}
    for name, found in versions.items():
        for assessment in found:
            _refuse_overlap("assessment", name, assessment.window, assessment.place, windows)
    for one in read:
        for reference in one.references:
            if reference.assessment not in versions:
                close = get_close_matches(reference.assessment, versions, n=1, cutoff=0.5)
                hint = f"Did you mean {close[0]}? " if close else ""
                raise RuleError(
                    "no assessment has this id",
                    file=reference.file,
                    line=reference.line,
                    text=reference.assessment,
                    remedy=f"{hint}Name an assessment of a loaded pack",
                )
        one.settle_expectations(versions=versions, own=False)


def _refuse_overlap(
    what: str, name: str, window: Window, place: Place, seen: dict[str, list[tuple[Window, Place]]]
) -> None:
    for other, where in seen.setdefault(name, []):
        if window.overlaps(other):
            raise RuleError(
                f"two versions of one {what} are in force on the same days; "
                f"the other stands in {where.file}:{where.line}",
                file=place.file,
                line=place.line,
                text=name,
                remedy="Let the `effective` of the older end before the newer begins",
            )
    seen[name].append((window, place))
