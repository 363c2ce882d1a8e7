"""A file that does not hold together is refused, with file, line, the text and the remedy."""

import re

import pytest

from kaiyuan.errors import RuleError
from kaiyuan.rulebook.yaml import read_rulebook
from tests.rulebook.yaml_samples import BODY, FACTS, HEAD, refusal


@pytest.mark.parametrize(
    ("head", "body", "sentence"),
    [
        (
            HEAD.replace("confidence: A", "confidense: A"),
            BODY,
            "a.yaml:6: this key is not known here: 'confidense'. Did you mean `confidence`? Known keys are rulebook, "
            "title, subject, document, effective, confidence, source, demo, parameters, assessments, stacking, "
            "budgets, fixtures, cases",
        ),
        (
            HEAD,
            BODY.replace("    clause: 第一条\n", ""),
            "a.yaml:8: assessments.one has no `clause`. Add clause: 第八条",
        ),
        (
            "\n".join(line for line in HEAD.splitlines() if not line.startswith("document")) + "\n",
            BODY,
            "a.yaml:1: `document` is missing. "
            "Add document: {title: 优质中小企业梯度培育管理办法, number: 工信部企业〔2026〕2号}",
        ),
        (
            HEAD,
            BODY.replace("第一条", ""),
            "a.yaml:11: the value is empty: 'clause'. Write a value, or take the key out",
        ),
        (
            HEAD,
            BODY.replace("第一条", "8"),
            "a.yaml:11: a text is wanted here: '8'. Put it between quotation marks if it is meant as a text",
        ),
        (
            HEAD,
            BODY.replace("title: {zh: 甲, en: One}", "title: 甲"),
            "a.yaml:9: keys and values are wanted here: '甲'. Write title: {zh: …, en: …}",
        ),
        (
            HEAD,
            BODY.replace("kind: title", "kind: award"),
            "a.yaml:10: this is not one of the words allowed here: 'award'. "
            "Use one of title, size, threshold, grade, entitlement",
        ),
        (
            HEAD,
            BODY.replace("  one:", "  1-one:"),
            "a.yaml:8: this cannot be an id: '1-one'. "
            "Begin with a letter; use ASCII letters, digits and single «_», such as rd_ratio",
        ),
        (
            HEAD,
            BODY.replace("id: revenue, ", ""),
            "a.yaml:14: the condition has no `id`: '营业收入 >= 1500'. Add id: rd_ratio",
        ),
        (
            HEAD,
            BODY.replace("when: 营业收入 >= 1500", "when: 营业收入 >= 1500, any: []"),
            "a.yaml:14: when and any stand side by side: 'revenue'. "
            "Write exactly one of when, all, any, at_least, none",
        ),
        (
            HEAD,
            BODY.replace("when: 营业收入 >= 1500", "clause: 一"),
            "a.yaml:14: this is neither a condition nor a group: 'revenue'. "
            "Write exactly one of when, all, any, at_least, none",
        ),
        (
            HEAD,
            BODY.replace("营业收入 >= 1500", "coalesce(营业收入, 1) > 0"),
            "a.yaml:14: the value is empty: '1) > 0'. "
            "Put the text before it, which holds a comma, between quotation marks",
        ),
        (
            HEAD,
            BODY.replace("营业收入 >= 1500", "营业额 >= 1500"),
            "a.yaml:14:41: no fact has this name: '营业额'. Did you mean 营业收入? "
            "Add it to the pack's facts.yaml, or correct the name",
        ),
        (
            HEAD.replace("confidence: A", "confidence: C"),
            BODY,
            "a.yaml:8: an assessment of confidence C ships switched off: 'one'. "
            "Add enabled: false, or raise the confidence once the official text has been seen",
        ),
        (
            HEAD,
            BODY.replace("zh: 营收达标", "zh: 营收达标, confidence: C"),
            "a.yaml:14: a condition of confidence C ships switched off: 'revenue'. "
            "Add enabled: false, or raise the confidence once the official text has been seen",
        ),
        (
            HEAD,
            BODY.replace("zh: 营收达标", "zh: 营收达标, enabled: false"),
            "a.yaml:12: every condition of this assessment is switched off: 'one'. "
            "Switch the assessment itself off with enabled: false, or keep a condition",
        ),
        (
            HEAD,
            BODY[: BODY.index("    requires")],
            "a.yaml:8: this assessment decides nothing: 'one'. Add requires, score or tiers; an award needs conditions",
        ),
        (
            HEAD.replace("{from: 2026-01-01}", "{from: 2026-01-01, to: 2025-01-01}"),
            BODY,
            "a.yaml:5: the last day is before the first: '2025-01-01'. Write from: the earlier and to: the later day",
        ),
        (
            HEAD.replace("{from: 2026-01-01}", "{to: 2026-01-01}"),
            BODY,
            "a.yaml:5: a rulebook's `effective` has no `from`. Add from: and the day it came into force",
        ),
        (
            HEAD.replace("2026-01-01", "2026年1月1日"),
            BODY,
            "a.yaml:5: a day is wanted here: '2026年1月1日'. Write it as 2026-04-01",
        ),
    ],
)
def test_a_file_that_does_not_hold_together_is_refused(head, body, sentence):
    assert refusal(head=head, body=body) == sentence


def test_the_first_fault_is_raised_and_the_others_are_counted():
    text = refusal(
        "        - {id: b, zh: 乙, when: 营业额 > 1}\n        - {id: c, zh: 丙, when: 从业人员 > '多'}\n",
        body=BODY.replace("第一条", "第一条\n    note: {zh: 说明}"),
    )
    assert text.startswith("a.yaml:16:")
    assert text.endswith("\n1 more in this file (lines 17)")


WHOLE = (
    HEAD
    + "parameters:\n  floor: [{from: 2026-01-01, value: 1500, unit: 万元}]\n"
    + BODY
    + "    score:\n      indicators:\n"
    + "        - {id: x, zh: 人数, value: 从业人员, bands: [{min: 10, points: 5}, {otherwise: true, points: 1}]}\n"
    + "    award: {rate: 0.1, base: 研发费用, cap: 50, unit: 万元}\n"
    + "cases:\n  - {name: 甲, on: 2026-06-01, facts: {营业收入: 9}, expect: {one: {verdict: no}}}\n"
)
SLIPS = [
    "",
    "~",
    "{}",
    "[]",
    "{a: 1}",
    "true",
    "-1",
    "1.5",
    "2026-02-30",
    "'x'",
    "unknown",
    "&a",
    "!!str x",
    "：",
    "\t",
    "[",
    "#",
]


def test_whatever_slips_into_a_file_is_read_or_refused_with_line_and_remedy():
    lines = WHOLE.splitlines()
    texts = ["\n".join(lines[:index] + lines[index + 1 :]) for index in range(len(lines))]
    for found in re.finditer(r": ?([^,\n{}\[\]]+)", WHOLE):
        texts += [WHOLE[: found.start(1)] + slip + WHOLE[found.end(1) :] for slip in SLIPS]
    refused = 0
    for text in texts:
        try:
            read_rulebook(text, facts=FACTS, file="a.yaml")
        except RuleError as error:
            assert error.line and error.remedy and error.file == "a.yaml", text
            refused += 1
    assert len(texts) * 0.8 < refused < len(texts)
