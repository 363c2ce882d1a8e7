"""Forms of rules beside the SQL they become in every dialect: read, rendered, written anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from kaiyuan.rulebook import Plan, RuleSet, compile_plan
from kaiyuan.rulebook.evaluate import Answers
from kaiyuan.rulebook.sql import DIALECTS, Dialect, compile_query
from kaiyuan.rulebook.yaml import read_rulebook
from tests.rulebook.judging import dictionary

FOLDER = Path(__file__).parent / "sql_forms"
ON = date(2026, 6, 1)
START = date(2020, 1, 1)
WORDS = {"zh": "试", "en": "Trial"}
PARAMETERS = {
    "floor": [{"from": START, "value": 1500, "unit": "万元"}],
    "later": [{"from": date(2027, 1, 1), "value": 2000, "unit": "万元"}],
    "by_trade": {
        "by": "所属行业",
        "values": [{"from": START, "value": {"工业": 2000, "软件业": 0.5}, "unit": "万元"}],
    },
    "rates": {"by": "所属行业", "values": [{"from": START, "value": {"工业": 0.15, "软件业": 0.2}}]},
}


class Plain(yaml.SafeDumper):
    """Writes every value out, without anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


@dataclass
class Form:
    """One form of rule, as its assessment `a`."""

    title: str
    data: Mapping[str, Any]

    @cached_property
    def plan(self) -> Plan:
        """Compile the form for the day of these tests."""
        return book_of({"a": _data(self.data)})

    def columns(self, dialect: Dialect) -> Iterator[tuple[str, str]]:
        """Give the columns that are computed on the way to the answer, and the answer's, with their SQL."""
        select = compile_query(self.plan, dialect=dialect, answers=Answers(leaves=False)).select
        tables = [table.this for table in select.args["with_"].expressions]
        for at, one in enumerate([*tables, select]):
            if at == 0 and not self.data.get("read"):
                continue
            for alias in one.selects:
                if alias.alias and alias.this.sql() != f'"{alias.alias}"':
                    alias.comments = None
                    yield alias.alias, alias.this.sql(dialect=dialect.name)


def book_of(assessments: Mapping[str, Mapping[str, Any]]) -> Plan:
    """Compile assessments written in short: conditions as texts, words left out."""
    book = {
        "rulebook": "test.forms",
        "title": WORDS,
        "subject": "enterprise",
        "document": {"title": "试", "number": "试〔2026〕1号"},
        "effective": {"from": START},
        "confidence": "A",
        "source": ["written for a test"],
        "parameters": PARAMETERS,
        "assessments": {name: _written_out(data) for name, data in assessments.items()},
    }
    text = yaml.dump(book, Dumper=Plain, allow_unicode=True, sort_keys=False, width=1000)
    facts = dictionary()
    return compile_plan(RuleSet(facts, (read_rulebook(text, facts=facts, file="forms.yaml"),)), on=ON)


def _data(form: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = form.get("assessment") or {
        "requires": form.get("tree") or {"all": [form.get("when")]}
    }
    return found


def _written_out(short: Mapping[str, Any]) -> dict[str, Any]:
    data = {"title": WORDS, "kind": "title", "clause": "一", **short}
    count = iter(range(1, 1000))

    def node(part: Any) -> Any:
        if isinstance(part, str):
            return {"id": f"c{next(count)}", **WORDS, "when": part}
        word, inner = next(iter(part.items()))
        if word == "at_least":
            return {word: {"n": inner["n"], "of": [node(one) for one in inner["of"]]}}
        return {word: [node(one) for one in inner]}

    if "requires" in data:
        data["requires"] = node(data["requires"])
    if "tiers" in data:
        data["tiers"] = [
            {**tier, **WORDS, **({"requires": node(tier["requires"])} if "requires" in tier else {})}
            for tier in data["tiers"]
        ]
    if "score" in data:
        indicators = [{**one, **WORDS} for one in data["score"]["indicators"]]
        data["score"] = {**data["score"], "indicators": indicators}
    return data


@cache
def forms() -> list[Form]:
    """Give the forms, in the order of their file."""
    data = yaml.safe_load((FOLDER / "forms.yaml").read_text(encoding="utf-8"))
    return [Form(one["title"], one) for one in data]


def rendered(dialect: Dialect) -> str:
    """Give the outputs of all forms in one dialect, as its file holds them."""
    blocks = []
    for form in forms():
        lines = [f"# {form.title}"]
        if "when" in form.data:
            lines.append(f"# {form.data['when']}")
        lines += [f"{name} = {sql}" for name, sql in form.columns(dialect)]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def expected(dialect: Dialect) -> str:
    """Give what the file of a dialect says."""
    return (FOLDER / f"{dialect.name}.txt").read_text(encoding="utf-8")


if __name__ == "__main__":
    for each in DIALECTS.values():
        (FOLDER / f"{each.name}.txt").write_text(rendered(each), encoding="utf-8")
