"""Rule files broken at random: a refusal with file and remedy, or a rulebook that compiles and evaluates."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
import yaml

from kaiyuan.errors import KaiyuanError
from kaiyuan.rulebook import RuleSet, compile_plan, evaluate
from kaiyuan.rulebook.yaml import facts_from_data, read_facts, read_rulebook, rulebook_from_data
from tests.rulebook.generate import Pair, sample_pairs
from tests.rulebook.generate_facts import DICTIONARY_TEXT
from tests.rulebook.judging import dictionary

pytestmark = pytest.mark.filterwarnings("error")

WORDS = (
    *("true", "false", "yes", "no", "null", "~", "[]", "{}", "[[[[", "}", "- ", "? x", "|", ">", "&a", "*a"),
    *("!!int", "!x", "<<: x", "0", "-1", "1e400", ".inf", ".nan", "0x10", "0o17", "1_000", "12:30:45"),
    *("9" * 400, "0.1", "2026-04-01", "2026-02-30", "2026-04-01T00:00:00Z", "0000-00-00", "99999-01-01"),
    *('""', "''", '"\\u0000"', "：", "，", "\t", "#", "%YAML 1.1", "---", "...", "\u200b", "\ufeff", "\x85"),
    *("enabled: false", "when: 1 > 0", "all: []", "otherwise: true", "n: 0", "n: 99999999999", "points: -3"),
    *("points: [9, 1]", "max: 0", "min: x", "cap: -5", "rate: :nobody", "to: 1999-01-01", "unit: 人"),
    *("unit: 万元/人", "unit: ///", "by: 所属行业", "value: :floor", "value: :half", "weight: 0"),
    *("benchmark: 0", "is: [1]", "in: []", "confidence: C"),
)


def mutated(random: Random, text: str) -> str:
    """Break a file in one to three places, by lines or by words."""
    lines = text.splitlines()
    for _ in range(random.choice((1, 1, 2, 3))):
        at = random.randrange(len(lines))
        way = random.randrange(9)
        line = lines[at]
        indent = line[: len(line) - len(line.lstrip())]
        key, colon, value = line.partition(": ")
        if way == 0:
            del lines[at]
        elif way == 1:
            lines.insert(at, lines[random.randrange(len(lines))])
        elif way == 2:
            lines[at] = (" " * random.choice((1, 2, 4)) + line) if random.random() < 0.5 else line[2:]
        elif way == 3 and colon:
            lines[at] = f"{key}: {random.choice(WORDS)}"
        elif way == 4:
            lines.insert(at, indent + random.choice(WORDS))
        elif way == 5 and colon:
            other = random.choice(lines).partition(": ")[2]
            lines[at] = f"{key}: {other}"
        elif way == 6 and colon:
            lines[at] = f"{random.choice(lines).partition(':')[0]}: {value}"
        elif way == 7:
            place = random.randrange(len(line) + 1)
            lines[at] = line[:place] + random.choice(WORDS) + line[place:]
        else:
            start, end = sorted((at, random.randrange(len(lines))))
            lines[start:end] = lines[start:end][:12] * random.choice((0, 2))
        if not lines:
            break
    return "\n".join(lines) + "\n"


def outcome(pair: Pair, text: str) -> str:
    """Read a broken rulebook; what is accepted must compile and evaluate, what is refused must say how."""
    try:
        book = read_rulebook(text, facts=dictionary(), file="broken.yaml")
    except KaiyuanError as refusal:
        check(refusal)
        return refusal.message
    try:
        plan = compile_plan(RuleSet(dictionary(), (book,)), on=pair.on)
    except KaiyuanError as refusal:
        check(refusal, placed=False)
        return f"compiling: {refusal.message}"
    decisions = evaluate(plan=plan, batch=pair.batch, leaves=True)
    assert decisions.num_rows == pair.batch.num_rows
    decisions.validate(full=True)
    return "accepted"


def check(refusal: KaiyuanError, *, placed: bool = True) -> None:
    assert refusal.message and refusal.remedy, str(refusal)
    if placed:
        assert refusal.file == "broken.yaml", str(refusal)
        assert refusal.line is not None and refusal.line >= 1, str(refusal)


def break_many(pairs: int, times: int, seed: int) -> Counter[str]:
    seen: Counter[str] = Counter()
    for number, pair in enumerate(sample_pairs(pairs, seed=seed, rows=5)):
        random = Random(f"{seed}:{number}")
        for _ in range(times):
            text = mutated(random, pair.texts[0])
            try:
                seen[outcome(pair, text)] += 1
            except Exception as error:
                error.add_note(text)
                raise
    return seen


def test_a_broken_rule_file_is_refused_or_works():
    seen = break_many(20, 10, seed=1)
    assert seen["accepted"] > 5
    assert len(seen) > 20


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 6))
def test_many_broken_rule_files_are_refused_or_work(seed):
    break_many(100, 25, seed=seed)


def test_a_broken_dictionary_is_refused_or_works():
    random = Random(1)
    for _ in range(300):
        text = mutated(random, DICTIONARY_TEXT)
        try:
            read_facts(text, file="broken.yaml")
        except KaiyuanError as refusal:
            check(refusal)


def test_a_file_that_swells_or_nests_is_refused_at_once():
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    for text in (
        bomb,
        "[" * 5000,
        "{a: " * 5000,
        "- " * 5000,
        "? " * 3000,
        "a:\n" + " x: [" * 2000,
        "'" * 99_999,
    ):
        with pytest.raises(KaiyuanError) as caught:
            read_rulebook(text, facts=dictionary(), file="broken.yaml")
        check(caught.value)


def test_plain_data_of_the_wrong_kind_is_refused_too():
    random = Random(2)
    good = yaml.safe_load(next(sample_pairs(1, seed=1)).texts[0])
    wrong = (
        None,
        1,
        1.5,
        float("nan"),
        float("inf"),
        "x",
        [],
        {},
        [None],
        {"a": None},
        True,
        object(),
        10**30,
        b"x",
        {1: 2},
    )
    for _ in range(60):
        data = yaml.safe_load(yaml.safe_dump(good))
        target: object = data
        for _ in range(random.choice((0, 1, 2, 4, 6))):
            inner = list(target.values()) if isinstance(target, dict) else list(target)
            deeper = [one for one in inner if isinstance(one, dict | list) and one]
            if not deeper:
                break
            target = random.choice(deeper)
        key = random.choice(list(target)) if isinstance(target, dict) else random.randrange(len(target))
        target[key] = random.choice(wrong)
        for read in (rulebook_from_data, facts_from_data):
            try:
                read(data, **({"facts": dictionary()} if read is rulebook_from_data else {}))
            except KaiyuanError as refusal:
                assert refusal.remedy
