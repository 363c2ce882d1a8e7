"""Run the cases of packs through the evaluator and say, in an author's words, what came out differently."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

import pyarrow as pa

from kaiyuan.packs.loading import LoadedPacks, load
from kaiyuan.rulebook.evaluate import evaluate
from kaiyuan.rulebook.facts import FactDictionary
from kaiyuan.rulebook.model import Assessment, ExpectedAnswer, RuleCase
from kaiyuan.rulebook.plan import compile_plan
from kaiyuan.rulebook.units import FEN_PER_YUAN
from kaiyuan.rulebook.yaml.fields import written

# Points are written with two decimals at most, while proportional points are not round.
SCORE_TOLERANCE = 0.005

_TYPES = {
    "money": pa.int64(),
    "number": pa.float64(),
    "ratio": pa.float64(),
    "integer": pa.int64(),
    "boolean": pa.bool_(),
    "category": pa.string(),
    "text": pa.string(),
    "date": pa.date32(),
}
_ANSWERS = {True: "yes", False: "no", None: "unknown"}


@dataclass(frozen=True)
class Difference:
    """One answer that is not the expected one, and what decided it."""

    assessment: str
    what: str
    expected: str
    got: str
    why: str = ""

    def __str__(self) -> str:
        head = f"{self.assessment} {self.what}: expected {self.expected}, got {self.got}"
        return f"{head} ({self.why})" if self.why else head


@dataclass(frozen=True)
class CaseFailure:
    """A case that did not come out as its author expects."""

    case: RuleCase
    differences: tuple[Difference, ...]

    def __str__(self) -> str:
        head = f"{self.case.place.file}:{self.case.place.line}: {self.case.name} (on {self.case.on})"
        return "\n".join([head, *(f"    {difference}" for difference in self.differences)])


@dataclass(frozen=True)
class CoverageGap:
    """A condition that no case of the pack ever sees come out one of the three ways."""

    assessment: str
    condition: str
    never: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.assessment}/{self.condition}: no case where it is {' or '.join(self.never)}"


@dataclass(frozen=True)
class CheckReport:
    """How a pack's cases came out."""

    pack: str
    cases: int
    answers: int
    failures: tuple[CaseFailure, ...]
    gaps: tuple[CoverageGap, ...]
    untried: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Tell whether every case came out as expected."""
        return not self.failures

    def __str__(self) -> str:
        head = f"{self.pack}: {self.cases} cases, {self.cases - len(self.failures)} passed, {len(self.failures)} failed"
        return "\n".join([head, *map(str, self.failures)])


def check_packs(names_or_paths: Iterable[str | Path]) -> tuple[CheckReport, ...]:
    """Load packs together, with all they require, and run the cases of those that were named."""
    wanted = list(names_or_paths)
    loaded = load(wanted)
    named = {str(one) for one in wanted} | {Path(str(one)).resolve().name for one in wanted}
    return tuple(_check(loaded, pack.name) for pack in loaded.packs if pack.name in named)


def check_pack(name_or_path: str | Path) -> CheckReport:
    """Load a pack with all it requires and run its cases; those of the packs it requires are not run again."""
    loaded = load([name_or_path])
    return _check(loaded, loaded.packs[-1].name)


def _check(loaded: LoadedPacks, pack: str) -> CheckReport:
    books = loaded.rulebooks[pack]
    by_day: dict[date, list[RuleCase]] = {}
    for book in books:
        for case in book.cases:
            by_day.setdefault(case.on, []).append(case)
    failures: dict[int, CaseFailure] = {}
    seen: dict[tuple[str, str], set[str]] = {}
    for day, cases in sorted(by_day.items()):
        for case, differences in _run(loaded, day, cases, seen):
            if differences:
                failures[id(case)] = CaseFailure(case, tuple(differences))
    ordered = [case for book in books for case in book.cases]
    own = [assessment for book in books for assessment in book.assessments if assessment.enabled]
    tried = {name for case in ordered for name in case.expect}
    return CheckReport(
        pack=pack,
        cases=len(ordered),
        answers=sum(len(case.expect) for case in ordered),
        failures=tuple(failures[id(case)] for case in ordered if id(case) in failures),
        gaps=tuple(
            CoverageGap(
                name, condition, tuple(word for word in ("yes", "no", "unknown") if word not in found)
            )
            for (name, condition), found in seen.items()
            if name in {assessment.id for assessment in own} and len(found) < 3
        ),
        untried=tuple(dict.fromkeys(one.id for one in own if one.id not in tried)),
    )


def _run(
    loaded: LoadedPacks, day: date, cases: Sequence[RuleCase], seen: dict[tuple[str, str], set[str]]
) -> Iterable[tuple[RuleCase, list[Difference]]]:
    plan = compile_plan(loaded.rules, on=day)
    current = {assessment.id: assessment.source for assessment in plan.assessments}
    off = {assessment.id for assessment in plan.disabled}
    answers = evaluate(plan=plan, batch=facts_batch(cases, facts=loaded.rules.facts), leaves=True)
    columns = {name: answers.column(index) for index, name in enumerate(answers.schema.names)}
    leaves: dict[str, list[str]] = {}
    for name in columns:
        assessment, slash, condition = name.partition("/")
        if slash:
            leaves.setdefault(assessment, []).append(condition)
    for row, case in enumerate(cases):
        found: list[Difference] = []
        for name, expected in case.expect.items():
            if name not in current:
                state = "switched off" if name in off else f"not in force on {day}"
                found.append(Difference(name, "verdict", expected.verdict or "an answer", state))
                continue
            values = {
                column.removeprefix(name): array[row].as_py()
                for column, array in columns.items()
                if column == name or column.startswith((f"{name}.", f"{name}/"))
            }
            for condition in leaves.get(name, ()):
                seen.setdefault((name, condition), set()).add(_ANSWERS[values[f"/{condition}"]])
            found.extend(_differences(current[name], expected, values))
        yield case, found


def facts_batch(cases: Sequence[RuleCase], *, facts: FactDictionary) -> pa.RecordBatch:
    """Give the facts of some cases as one canonical batch, a row for each case, in their order."""
    names = dict.fromkeys(name for case in cases for name in case.facts)
    arrays = [pa.array([str(index) for index in range(len(cases))], pa.string())]
    arrays.append(pa.array([case.name for case in cases], pa.string()))
    for name in names:
        kind = facts[name.partition("__")[0]].type
        arrays.append(pa.array([case.facts.get(name) for case in cases], _TYPES[kind]))
    return pa.RecordBatch.from_arrays(arrays, ["subject", "subject_name", *names])


def _differences(
    assessment: Assessment, expected: ExpectedAnswer, values: Mapping[str, object]
) -> Iterable[Difference]:
    name = assessment.id
    verdict = _ANSWERS[_boolean(values[""])]
    if expected.verdict is not None and expected.verdict != verdict:
        yield Difference(name, "verdict", expected.verdict, verdict, _decisive(values))
    for condition, answer in expected.conditions.items():
        got = _ANSWERS[_boolean(values.get(f"/{condition}"))] if f"/{condition}" in values else "not in force"
        if got != answer:
            yield Difference(name, f"condition {condition}", answer, got)
    if expected.distance is not None and expected.distance != values.get(".distance"):
        got = _word(values.get(".distance"))
        yield Difference(name, "distance", str(expected.distance), got, _decisive(values))
    if expected.tier is not None:
        tier = values.get(".tier") or "unknown"
        if tier != expected.tier:
            yield Difference(name, "tier", expected.tier, str(tier))
    if expected.score is not None:
        low, high = values.get(".score_low"), values.get(".score_high")
        if not (_near(low, expected.score[0]) and _near(high, expected.score[1])):
            yield Difference(name, "score", _range(*expected.score), _range(low, high))
    if expected.amount is not None:
        yield from _amount_difference(assessment, expected.amount, values, verdict)


def _amount_difference(
    assessment: Assessment, expected: Fraction | str, values: Mapping[str, object], verdict: str
) -> Iterable[Difference]:
    if assessment.award is None:
        yield Difference(assessment.id, "amount", written(expected), "no award in this version")
        return
    unit, fen = assessment.award.unit, values.get(".amount")
    wanted = None if isinstance(expected, str) else expected * unit.factor * FEN_PER_YUAN
    if fen == wanted:
        return
    got = "unknown" if fen is None else f"{written(Fraction(str(fen)) / FEN_PER_YUAN / unit.factor)} {unit}"
    shown = written(expected) if isinstance(expected, str) else f"{written(expected)} {unit}"
    why = f"the verdict is {verdict}" if verdict != "yes" else assessment.award.text
    yield Difference(assessment.id, "amount", shown, got, why)


def _decisive(values: Mapping[str, object]) -> str:
    parts = []
    for word, answer in (("no", False), ("unknown", None)):
        conditions = [name[1:] for name, value in values.items() if name.startswith("/") and value is answer]
        if conditions:
            parts.append(f"{word}: {', '.join(conditions)}")
    return "; ".join(parts)


def _boolean(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _word(value: object) -> str:
    return "unknown" if value is None else str(value)


def _near(got: object, expected: Fraction) -> bool:
    return isinstance(got, int | float) and abs(float(got) - float(expected)) < SCORE_TOLERANCE


def _range(low: object, high: object) -> str:
    if isinstance(low, Fraction) and isinstance(high, Fraction):
        return written(low) if low == high else f"[{written(low)}, {written(high)}]"
    if isinstance(low, int | float) and isinstance(high, int | float):
        return f"{low:g}" if low == high else f"[{low:g}, {high:g}]"
    return "no score"
