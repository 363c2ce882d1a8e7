"""A rulebook, from YAML to the model: shape first, then every name, type, unit, date and citation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath

from kaiyuan.rulebook.facts import FactDictionary
from kaiyuan.rulebook.model import Assessment, Document, Rulebook, Words
from kaiyuan.rulebook.yaml.assessments import read_assessment, read_window
from kaiyuan.rulebook.yaml.awards import read_budgets, read_stacking
from kaiyuan.rulebook.yaml.cases import CasesPart, read_cases, refuse_unknown_expectations
from kaiyuan.rulebook.yaml.context import Context, words
from kaiyuan.rulebook.yaml.facts_reader import open_source
from kaiyuan.rulebook.yaml.faults import Faults, validated
from kaiyuan.rulebook.yaml.nodes import Source, source_from_data
from kaiyuan.rulebook.yaml.parameters import read_parameters
from kaiyuan.rulebook.yaml.schema import RulebookModel
from kaiyuan.rulebook.yaml.schema_cases import CasesFileModel


@dataclass(frozen=True)
class Reference:
    """A place that names an assessment, which may stand in another rulebook."""

    assessment: str
    file: str | None
    line: int | None


@dataclass(frozen=True)
class ReadRulebook:
    """A rulebook with what can only be judged when everything is loaded."""

    rulebook: Rulebook
    references: tuple[Reference, ...]
    parts: tuple[CasesPart, ...]

    def settle_expectations(self, *, versions: Mapping[str, Sequence[Assessment]], own: bool) -> None:
        """Raise `RuleError` when a case expects something of an assessment or condition that does not exist."""
        for part in self.parts:
            refuse_unknown_expectations(part, versions=versions, own=own)
            part.faults.settle()


def read_rulebook(
    text_or_path: FilePath | str,
    *,
    facts: FactDictionary,
    file: str | None = None,
    cases_files: Iterable[FilePath] = (),
) -> Rulebook:
    """Read a rulebook and its cases; raise `RuleError` with file, line, text and remedy when it is not acceptable.

    A `Path` is opened, a string is the YAML text itself; `file` is the name that messages show.
    """
    sources = [open_source(path) for path in cases_files]
    return _alone(
        read_source_rulebook(open_source(text_or_path, file=file), facts=facts, cases_sources=sources)
    )


def rulebook_from_data(
    data: Mapping[str, object], *, facts: FactDictionary, file: str | None = None
) -> Rulebook:
    """Read a rulebook from plain values of the same shape as the file, with the same checks and without lines."""
    return _alone(read_source_rulebook(source_from_data(data, file=file), facts=facts))


def _alone(read: ReadRulebook) -> Rulebook:
    versions = {assessment.id: [assessment] for assessment in read.rulebook.assessments}
    read.settle_expectations(versions=versions, own=True)
    return read.rulebook


def read_source_rulebook(
    source: Source, *, facts: FactDictionary, cases_sources: Sequence[Source] = ()
) -> ReadRulebook:
    """Read a rulebook of which some names may stand in other rulebooks."""
    model = validated(RulebookModel, source)
    faults = Faults(source)
    context = Context(source, faults, facts)
    window = read_window(context, model.effective, ("effective",))
    if model.effective.from_ is None:
        faults.add(
            "a rulebook's `effective` has no `from`",
            ("effective",),
            remedy="Add from: and the day it came into force",
        )
    parameters = read_parameters(context, model.parameters, rulebook=model.rulebook)
    document = Document(
        model.document.title, model.document.number, model.document.issuer or "", model.document.url or ""
    )
    assessments = tuple(
        read_assessment(context, name, part, rulebook=model, document=document, window=window)
        for name, part in model.assessments.items()
    )
    if not assessments:
        faults.add("the rulebook has no assessments", ("assessments",), remedy="Add one, or delete the file")
    stacking, budgets = read_stacking(context, model.stacking), read_budgets(context, model.budgets)
    parts = (
        CasesPart(source, model.fixtures, model.cases, faults),
        *_cases_parts(cases_sources, model.rulebook),
    )
    cases = read_cases(parts, facts=facts)
    for part in parts:
        part.faults.settle()
    rulebook = Rulebook(
        id=model.rulebook,
        title=words(model.title) or Words(document.title),
        subject=model.subject,
        document=document,
        window=window,
        confidence=model.confidence,
        source=tuple(model.source),
        demo=model.demo,
        parameters=parameters,
        assessments=assessments,
        stacking=stacking,
        budgets=budgets,
        cases=cases,
        place=context.place(("rulebook",)),
    )
    return ReadRulebook(rulebook, tuple(_references(source, model)), parts)


def _references(source: Source, model: RulebookModel) -> Iterable[Reference]:
    named = [("stacking", index, stacking.of) for index, stacking in enumerate(model.stacking)]
    named += [("budgets", index, budget.of) for index, budget in enumerate(model.budgets)]
    for part, index, names in named:
        for number, name in enumerate(names):
            yield Reference(name, source.file, source.line((part, index, "of", number)))


def _cases_parts(sources: Sequence[Source], rulebook: str) -> list[CasesPart]:
    parts: list[CasesPart] = []
    for source in sources:
        model = validated(CasesFileModel, source)
        faults = Faults(source)
        if model.cases_for != rulebook:
            faults.add(
                f"these cases are read beside the rulebook {rulebook}",
                ("cases_for",),
                text=model.cases_for,
                remedy=f"Write cases_for: {rulebook}, or rename the file after its rulebook's file",
            )
        parts.append(CasesPart(source, model.fixtures, model.cases, faults))
    return parts
