"""The demonstration pack is plainly fictional, complete in its cases, and fair in what it looks at."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from fractions import Fraction

import pytest

from kaiyuan.packs import check_pack, find_packs, load_packs, read_pack
from kaiyuan.rulebook.expression import terms as t
from kaiyuan.rulebook.model import ConditionNode, GroupNode
from kaiyuan.rulebook.plan import compile_plan

NUMBER = re.compile(r"示高管演〔20\d\d〕\d+号")
MOST_LINES = 400
UNPUBLISHED = {"demo_culture_article_10", *(f"demo_relief_{number:02}" for number in (7, 8, 9, 10))}
# A benefit that hangs on taxes, on the place of registration or on who the firm is fails a fair-competition review.
UNFAIR = {
    "tax_paid", "taxed_in_zone", "registered_in_zone", "province", "city", "address", "name", "credit_code",
    "enterprise_kind", "legal_representative",
}  # fmt: skip


@pytest.fixture(scope="module")
def rules():
    return load_packs(["demo"])


@pytest.fixture(scope="module")
def books(rules):
    return [book for book in rules.rulebooks if book.id.startswith("demo.")]


@pytest.fixture(scope="module")
def report():
    return check_pack("demo")


@pytest.fixture(scope="module")
def folder():
    return find_packs()["demo"]


def leaves(node):
    """Give the conditions under a node."""
    if isinstance(node, ConditionNode):
        yield node
    elif node is not None:
        for child in node.children:
            yield from leaves(child)


def groups(node):
    """Give the groups under a node, itself included."""
    if isinstance(node, GroupNode):
        yield node
        for child in node.children:
            yield from groups(child)


def assessments(books):
    return [assessment for book in books for assessment in book.assessments]


def cases(books):
    return [case for book in books for case in book.cases]


# ---- fictional, everywhere


def test_the_pack_says_that_it_is_fictional():
    pack = read_pack("demo")
    assert pack.demo
    for words in (pack.title, pack.authority):
        assert "演示" in words.zh and "虚构" in words.zh
        assert "fictional" in words.en


def test_every_document_says_that_it_is_a_demonstration(books):
    for book in books:
        assert book.demo, book.id
        assert "演示" in book.document.title, book.id
        assert "演示" in book.document.issuer, book.id
        assert NUMBER.fullmatch(book.document.number), book.document.number
        assert "演示" in book.title.zh and "demonstration" in book.title.en, book.id
        assert book.confidence == "C", book.id
        assert book.source and all("演示" in source for source in book.source), book.id


def test_no_two_documents_share_a_number(books):
    numbers = [book.document.number for book in books]
    assert len(set(numbers)) == len(numbers) >= 14


def test_every_title_and_note_says_that_it_is_a_demonstration_in_both_languages(books):
    for assessment in assessments(books):
        assert "演示" in assessment.title.zh and "demonstration" in assessment.title.en, assessment.id
        assert "演示" in assessment.note.zh, assessment.id
        assert re.search("[Ff]ictional|Demonstration", assessment.note.en), assessment.id
        assert assessment.demo


def test_every_condition_is_written_in_chinese_and_english_with_its_clause(books):
    for assessment in assessments(books):
        for tree in (assessment.requires, *(tier.requires for tier in assessment.tiers)):
            for leaf in leaves(tree):
                where = f"{assessment.id}/{leaf.id}"
                assert leaf.words.zh and leaf.words.en, where
                assert re.search("[一-鿿]", leaf.words.zh), where
                assert not re.search("[一-鿿]", leaf.words.en), where
                assert leaf.clause, where


# ---- complete


def test_every_case_comes_out_as_its_author_worked_it_out(report):
    assert report.passed, str(report)
    assert report.cases >= 80


def test_every_assessment_is_tried_and_every_condition_comes_out_all_three_ways(report):
    assert report.untried == ()
    assert report.gaps == ()


def test_the_author_states_a_pass_a_fail_and_an_unknown_for_every_condition(books):
    stated = defaultdict(set)
    for case in cases(books):
        for name, expected in case.expect.items():
            for condition, answer in expected.conditions.items():
                stated[name, condition].add(answer)
    missing = {}
    for assessment in assessments(books):
        for leaf in leaves(assessment.requires):
            left = {"yes", "no", "unknown"} - stated[assessment.id, leaf.id]
            if left:
                missing[f"{assessment.id}/{leaf.id}"] = left
    assert missing == {}


def test_every_capped_award_has_a_case_at_its_cap_and_one_below(books):
    for book in books:
        for assessment in book.assessments:
            if assessment.award is None or assessment.award.cap is None:
                continue
            tried = [
                (case.on, case.expect[assessment.id].amount)
                for case in book.cases
                if assessment.id in case.expect and isinstance(case.expect[assessment.id].amount, Fraction)
            ]
            cap = assessment.award.cap.name
            assert any(amount == in_wan(book, cap, on) for on, amount in tried), assessment.id
            assert any(0 < amount < in_wan(book, cap, on) for on, amount in tried), assessment.id


def in_wan(book, name, on):
    """Give a parameter's value on a day in 万元, worked out from its text: a number, or another one times a number."""
    value = next(one for one in book.parameters if one.name == name).on(on)
    if isinstance(value.value, Fraction):
        return value.value * value.unit.factor / 10_000
    origin, factor = re.fullmatch(r":(\w+) \* ([\d.]+)", value.text).groups()
    return in_wan(book, origin, on) * Fraction(factor)


def test_every_award_that_deducts_payments_has_a_case_with_some_already_paid(books):
    for book in books:
        for assessment in book.assessments:
            if assessment.award is None or assessment.award.already_paid is None:
                continue
            paid = assessment.award.already_paid.name
            assert any(
                case.facts.get(paid) and case.expect[assessment.id].amount is not None
                for case in book.cases
                if assessment.id in case.expect
            ), assessment.id


def test_every_measure_whose_text_is_not_published_is_off_and_empty(books):
    off = {one.id: one for one in assessments(books) if not one.enabled}
    assert set(off) == UNPUBLISHED
    for assessment in off.values():
        assert assessment.requires is None and assessment.award is None and assessment.score is None
        assert "正文未公布" in assessment.note.zh and "不得猜测" in assessment.note.zh
        assert "must be entered, not guessed" in assessment.note.en


def test_what_is_off_is_named_as_off_and_never_answered(rules):
    plan = compile_plan(rules, on=date(2026, 9, 1))
    assert {one.id for one in plan.disabled} >= UNPUBLISHED
    assert not UNPUBLISHED & {one.id for one in plan.assessments}


# ---- every feature of the format, once at least


def test_awards_use_every_part_of_the_formula(books):
    awards = [one.award for one in assessments(books) if one.award]
    assert {award.rounding for award in awards} == {"half_up", "down", "up"}
    for part in ("rate", "cap", "floor", "already_paid"):
        assert any(getattr(award, part) is not None for award in awards), part
    assert any(award.rate is None for award in awards)


def test_parameters_come_as_numbers_tables_values_in_time_and_derivations(books):
    definitions = [definition for book in books for definition in book.parameters]
    values = [value for definition in definitions for value in definition.values]
    assert any(definition.by and len(definition.values) == 2 for definition in definitions)
    assert any(definition.by is None and len(definition.values) == 2 for definition in definitions)
    assert any(isinstance(value.value, Fraction) for value in values)
    assert any(value.text.startswith(":") for value in values)


def test_trees_use_every_kind_of_group_and_one_condition_is_off(books):
    kinds = {group.kind for one in assessments(books) for group in groups(one.requires)}
    assert kinds == {"all", "any", "at_least", "none"}
    assert [leaf.id for one in assessments(books) for leaf in one.disabled_conditions] == ["linked"]


def test_scores_use_every_kind_of_indicator_and_points_that_experts_give(books):
    indicators = [i for one in assessments(books) if one.score for i in one.score.indicators]
    assert any(len(i.tables) == 1 for i in indicators)
    assert any(len(i.tables) > 1 for i in indicators)
    assert any(i.each for i in indicators)
    assert any(i.proportional for i in indicators)
    assert any(band.low < band.high for i in indicators for table in i.tables for band in table.bands)
    assert any(one.tiers and one.score for one in assessments(books))


def test_stacking_and_budgets_use_every_rule(books):
    assert {rule.rule for book in books for rule in book.stacking} == {
        "highest_only",
        "cap_per_firm",
        "exclude_if_funded",
    }
    budgets = [budget for book in books for budget in book.budgets]
    assert {budget.when_short for budget in budgets} == {"pro_rata", "ranked", "first_come", "queue"}
    assert any(isinstance(budget.rank_by, tuple) for budget in budgets)
    assert any(budget.rank_by is not None and not isinstance(budget.rank_by, tuple) for budget in budgets)
    culture = next(budget for budget in budgets if budget.id == "culture_pool")
    assert culture.amount == t.Number(Fraction(20_000_000))


def test_one_article_is_in_force_for_a_shorter_time_than_its_document(rules, books):
    book = next(book for book in books if book.id == "demo.above_scale")
    assert book.window.holds(date(2025, 6, 1))
    before = {one.id for one in compile_plan(rules, on=date(2025, 6, 1)).assessments}
    during = {one.id for one in compile_plan(rules, on=date(2026, 6, 1)).assessments}
    after = {one.id for one in compile_plan(rules, on=date(2027, 6, 1)).assessments}
    assert "demo_as_monthly" in during
    assert "demo_as_monthly" not in before | after
    assert "demo_as_first" in before & during & after


# ---- fair


def test_no_rule_looks_at_taxes_registration_or_who_the_firm_is(rules):
    own = [
        one.id for one in compile_plan(rules, on=date(2026, 9, 1)).assessments if one.id.startswith("demo_")
    ]
    plan = compile_plan(rules, on=date(2026, 9, 1), assessments=own)
    read = {column.partition("__")[0] for column in plan.columns()} - {
        "subject",
        "subject_name",
        "source_line",
    }
    assert read & UNFAIR == set()


def test_every_local_fact_is_asked_for_by_some_rule(rules):
    own = {name for name, fact in rules.facts.items() if fact.pack == "demo"}
    books = [book for book in rules.rulebooks if book.id.startswith("demo.")]
    read = {column.partition("__")[0] for column in compile_plan(rules, on=date(2026, 9, 1)).columns()}
    read |= {
        name
        for assessment in assessments(books)
        for leaf in assessment.disabled_conditions
        for name, _ in t.facts_used(leaf.expression)
    }
    assert own - read == set()


# ---- kept in order


def test_the_readme_names_every_rulebook(books, folder):
    page = (folder / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`(demo\.\w+)`", page)) == {book.id for book in books}
    for book in books:
        assert book.document.title.removeprefix("示范高新区").removesuffix("（演示）") in page, book.id


def test_no_file_of_the_pack_is_too_long(folder):
    for path in folder.rglob("*.yaml"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES, path.name
