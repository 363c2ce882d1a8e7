"""Holds any engine's columns against the oracle's answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from kaiyuan.rulebook import FactDictionary, Plan, RuleSet, compile_plan
from kaiyuan.rulebook.yaml import read_facts, read_rulebook
from tests.rulebook.generate import Pair
from tests.rulebook.generate_facts import DICTIONARY_TEXT
from tests.rulebook.oracle import Answer
from tests.rulebook.oracle.scores import UNBOUNDED

TOLERANCE = 1e-9  # for scores, which proportional points make fractions


@cache
def dictionary() -> FactDictionary:
    """Give the dictionary of all generated pairs."""
    return read_facts(DICTIONARY_TEXT)


def plan_of(pair: Pair, *, assessments: Sequence[str] | None = None) -> Plan:
    """Read and compile a pair's rulebooks for its day, all assessments or some."""
    facts = dictionary()
    books = tuple(
        read_rulebook(text, facts=facts, file=f"generated-{at}.yaml") for at, text in enumerate(pair.texts)
    )
    return compile_plan(RuleSet(facts, books), on=pair.on, parameters=pair.changes, assessments=assessments)


@dataclass(frozen=True)
class Judgement:
    """How many answers were compared, how many left out as doubtful, and what differed."""

    compared: int
    doubtful: int
    differences: tuple[str, ...]


def judged(
    pair: Pair, columns: Mapping[str, Sequence[Any]], *, answers: Sequence[Mapping[str, Answer]] | None = None
) -> Judgement:
    """Compare an engine's columns, named as the evaluator names them, with the oracle.

    The verdict of every assessment must be there; of `.distance`, `.score_low`, `.score_high`, `.tier`,
    `.amount` and `/condition` whatever the engine gives is compared.
    """
    found: list[str] = []
    compared = doubtful = 0
    for row, by_id in enumerate(pair.answers() if answers is None else answers):
        for name, answer in by_id.items():
            if answer.doubtful:
                doubtful += 1
                continue
            compared += 1
            for column, wanted in expected(name, answer).items():
                if column not in columns:
                    if column == name:
                        found.append(f"{column} is missing")
                    continue
                given = columns[column][row]
                if not _same(given, wanted):
                    found.append(f"row {row} {column}: given {given!r}, wanted {wanted!r}")
    known = {name for by_id in pair.answers()[:1] for name in by_id}
    strange = {column.replace("/", ".").partition(".")[0] for column in columns} - known
    found += [f"{name} is not in force" for name in strange - {"subject", "subject_name", "source_line"}]
    return Judgement(compared, doubtful, tuple(found))


def expected(name: str, answer: Answer) -> dict[str, Any]:
    """Give the values an engine should have for one answer, by column name."""
    values: dict[str, Any] = {
        name: answer.verdict,
        f"{name}.tier": answer.tier,
        f"{name}.amount": answer.amount,
    }
    if answer.distance is not None:
        values[f"{name}.distance"] = answer.distance
    if answer.low is not None:
        values |= {f"{name}.score_low": answer.low, f"{name}.score_high": answer.high}
    return values | {f"{name}/{condition}": truth for condition, truth in answer.conditions.items()}


def _same(given: Any, wanted: Any) -> bool:
    if isinstance(wanted, Fraction):
        if wanted >= UNBOUNDED:
            return given == float("inf")
        return given is not None and abs(float(given) - float(wanted)) <= TOLERANCE * max(
            1.0, abs(float(wanted))
        )
    return bool(given == wanted) and (given is None) == (wanted is None)
