"""Nothing but the known terms leaves the parser, and every refusal tells where and what to do instead."""

from __future__ import annotations

import logging
import time
from collections import Counter
from dataclasses import fields, is_dataclass
from datetime import date
from fractions import Fraction
from itertools import islice

import pytest
import yaml

from kaiyuan.errors import RuleError
from kaiyuan.rulebook.expression import ParameterType, parse_expression, terms
from kaiyuan.rulebook.facts import CategoryValue, FactDefinition, FactDictionary
from kaiyuan.rulebook.units import Unit, unit
from tests.rulebook.hostile import FACTS, PARAMETERS, SCORES, VALID, hostile_texts

KNOWN_TERMS = {
    *(terms.Number, terms.Fact, terms.Parameter, terms.Lookup, terms.Add, terms.Multiply, terms.Divide),
    *(terms.Growth, terms.Since, terms.Coalesce, terms.KnownExtreme, terms.Absolute, terms.RoundHalfUp),
    *(terms.Case, terms.Compare, terms.Flag, terms.OneOf, terms.DateCompare, terms.ScoreCompare, terms.And),
    *(terms.Or, terms.Not, Unit),
}
WORDS = {"=", "<>", "<", "<=", ">", ">=", "years", "days", "least", "greatest"}


def dictionary() -> FactDictionary:
    return FactDictionary(
        FactDefinition(
            name=name,
            zh=entry["label"]["zh"],
            en=entry["label"]["en"],
            type=entry["type"],
            unit=entry.get("unit"),
            period=entry["period"],
            values=tuple(
                CategoryValue(one["zh"], one["en"], tuple(one.get("aliases", ())))
                for one in entry.get("values", ())
            ),
        )
        for name, entry in yaml.safe_load(FACTS)["facts"].items()
    )


DICTIONARY = dictionary()
TYPES = {
    "floor": ParameterType(unit("万元")),
    "ratio_floor": ParameterType(),
    "大型": ParameterType(unit("人")),
}


def read(text: str) -> terms.Condition:
    return parse_expression(text, facts=DICTIONARY, parameters=TYPES, scores=SCORES)


def assert_only_known_parts(part: object, inside: object = None) -> None:
    """Walk every field of every term; names must come from the dictionary, the parameters or the scores."""
    if is_dataclass(part):
        assert type(part) in KNOWN_TERMS, type(part)
        for field in fields(part):
            value = getattr(part, field.name)
            if isinstance(value, str) and not isinstance(part, Unit):
                names = {
                    terms.Parameter: PARAMETERS,
                    terms.ScoreCompare: (*SCORES, *WORDS),
                    terms.Compare: WORDS,
                    terms.KnownExtreme: WORDS,
                }.get(type(part), (*DICTIONARY, *WORDS))
                assert value in names, (field.name, value)
            elif not (isinstance(part, terms.OneOf) and field.name == "words"):
                assert_only_known_parts(value, part)
        if isinstance(part, terms.OneOf):
            assert part.words and all(type(word) is str for word in part.words)
            if DICTIONARY[part.name].type == "category":
                assert set(part.words) <= {value.zh for value in DICTIONARY[part.name].values}
    elif isinstance(part, tuple):
        for one in part:
            assert_only_known_parts(one, inside)
    else:
        assert part is None or type(part) in (int, Fraction, date) or isinstance(inside, Unit), (part, inside)


def outcome(text: str) -> str:
    """Read one text; give `accepted` or the refusal's message, or fail."""
    try:
        term = read(text)
    except RuleError as refusal:
        assert refusal.column is not None and 1 <= refusal.column <= len(text) + 1, (refusal.column, text)
        assert refusal.remedy and refusal.remedy.strip(), text
        assert refusal.message and refusal.text is not None, text
        return refusal.message
    except Exception as error:  # noqa: BLE001 - any other kind is the failure looked for
        pytest.fail(f"{type(error).__name__} instead of a refusal for {text!r}: {error}")
    assert_only_known_parts(term)
    hash(term)
    return "accepted"


def run(count: int, seed: int) -> Counter[str]:
    slowest = ("", 0.0)
    seen: Counter[str] = Counter()
    for text in islice(hostile_texts(seed), count):
        begun = time.perf_counter()
        seen[outcome(text)] += 1
        slowest = max(slowest, (text, time.perf_counter() - begun), key=lambda one: one[1])
    assert slowest[1] < 2, slowest
    return seen


def test_two_thousand_hostile_texts_end_in_known_terms_or_in_a_refusal_with_its_place():
    seen = run(2_000, seed=1)
    assert seen.total() == 2_000
    assert len(seen) > 20, "the generator has become monotonous"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 12))
def test_a_hundred_thousand_hostile_texts_end_in_known_terms_or_in_a_refusal_with_its_place(seed):
    assert run(10_000, seed).total() == 10_000


@pytest.mark.parametrize("text", VALID)
def test_the_texts_that_are_mutated_are_valid_themselves(text):
    assert outcome(text) == "accepted"


@pytest.mark.parametrize("text", VALID)
def test_a_text_typed_with_a_chinese_keyboard_means_the_same(text):
    wide = "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)
    # Words between quotation marks are the author's own and stay as they are.
    pieces = zip(text.split("'"), wide.split("＇"), strict=True)
    typed = "＇".join(plain if at % 2 else full for at, (plain, full) in enumerate(pieces))
    assert read(typed) == read(text)


@pytest.mark.parametrize(
    ("text", "at", "names", "remedy"),
    [
        ("营业收入 >= (SELECT 1)", "SELECT", "SELECT", "subquery"),
        ("营业收入 >= 1; DROP TABLE facts", ";", ";", "one expression"),
        ("营业收入 >= 1 -- 说明", "-- ", "--", "`zh`"),
        ("营业收入 >= 1 /* x */ AND 严重失信", "/*", "/*", "`zh`"),
        ("营业收入 >= NULL", "NULL", "NULL", "coalesce"),
        ("营业收入::int >= 1", "::", "::", "Casts"),
        ("营业收入 >= ?", "?", "?", ":name"),
        ("营业收入 >= 1500 万元", "万元", "万元", "number alone"),
        ("read_csv('/etc/passwd') > 1", "read_csv", "read_csv", "prior"),
        ("严重失信 OR pg_sleep(9) = 0", "pg_sleep", "pg_sleep", "prior"),
        ("nvl(人数, 1) > 1", "nvl", "nvl", "coalesce"),
        ("严重失信 AND sum(人数) > 1", "sum", "sum", "prior"),
        ("人数 > 1 AND row_number() OVER () > 1", "row_number", "row_number", "prior"),
        ("营业收入 >= :nobody", ":nobody", ":nobody", "floor"),
        ("人数 > 1 AND 营收 > 1", "营收", "营收", "营业收入"),
        ("行业 = '农业'", "行业", "农业", "工业"),
        ("行业 > 5", "行业", "行业 > 5", "="),
        ("营业收入 >= '五百'", "营业收入", "营业收入 >= '五百'", "without quotation marks"),
        ("人数 > 1 AND NOT 营业收入", "营业收入", "营业收入", "Compare"),
        ("人数 > 1 AND 营业收入 + 人数 > 1", "营业收入", "营业收入 + 人数", "same kind"),
        ("（人数 ＞ 1）AND 营\u200b业收入 > 1", "\u200b", "U+200B", "Delete it"),
        ("人数 > 1 AND 营业收入 > 1e5", "1e5", "1e5", "digits only"),
        ("人数 > .150.5", ".", ".150.5", "zero"),
        ("人数 > CASE WHEN score >= 5 THEN 1 ELSE 2 END", "score", "score >= 5", "of its own"),
        ("成立日期 < '2020-02-30'", "成立日期", "2020-02-30", "2026-04-01"),
        ("人数 > 1 AND (严重失信", None, None, "brackets"),
    ],
)
def test_a_refusal_names_the_place_the_words_and_the_way_out(text, at, names, remedy):
    with pytest.raises(RuleError) as caught:
        read(text)
    refusal = caught.value
    if at is not None:
        assert refusal.column == text.index(at) + 1
        assert names in f"{refusal.message} {refusal.text}"
    assert remedy in str(refusal.remedy)


def test_the_parser_says_nothing_on_the_side(caplog):
    with caplog.at_level(logging.DEBUG):
        for text in islice(hostile_texts(3), 500):
            outcome(text)
    assert not caplog.records


def test_a_quotient_of_one_dimension_is_a_pure_ratio_whatever_the_two_units():
    condition = read("研发费用 / 总资产 >= 0.03")
    assert isinstance(condition, terms.Compare)
    assert condition.right == terms.Number(Fraction(3, 100))
