"""The national pack answers as its documents say, on every day, in two languages, and says how sure it is."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest

from kaiyuan.packs import check_pack, find_packs, load_packs, read_pack
from kaiyuan.packs.checking import facts_batch
from kaiyuan.rulebook import compile_plan, evaluate
from kaiyuan.rulebook.model import ConditionNode

LAST_DAY_2022, FIRST_DAY_2026 = date(2026, 3, 31), date(2026, 4, 1)
ASSESSMENTS = {
    "sme_size", "sme", "above_scale", "tech_sme", "hnte", "innovative_sme", "zjtx_sme", "zjtx_recheck",
    "little_giant", "little_giant_recheck", "per_mu_grade",
}  # fmt: skip
ANSWERS = {True: "yes", False: "no", None: "unknown"}
MOST_LINES = 400


@pytest.fixture(scope="module")
def rules():
    return load_packs(["national"])


@pytest.fixture(scope="module")
def versions(rules):
    return [assessment for book in rules.rulebooks for assessment in book.assessments]


@pytest.fixture(scope="module")
def cases(rules):
    return [case for book in rules.rulebooks for case in book.cases]


@pytest.fixture(scope="module")
def folder():
    return find_packs()["national"]


def leaves(node):
    """Give the conditions under a node."""
    if isinstance(node, ConditionNode):
        yield node
    elif node is not None:
        for child in node.children:
            yield from leaves(child)


def nodes(node):
    """Give a node and all under it."""
    if node is not None:
        yield node
        for child in getattr(node, "children", ()):
            yield from nodes(child)


def trees(assessment):
    return [assessment.requires, *(tier.requires for tier in assessment.tiers)]


def conditions(assessment):
    return [leaf for tree in trees(assessment) for leaf in leaves(tree)]


def two_languages(words):
    """Tell whether a text stands in Chinese and in English, and neither in the other's place."""
    return bool(re.search("[一-鿿]", words.zh)) and bool(words.en) and not re.search("[一-鿿]", words.en)


# ---- the cases


def test_every_case_comes_out_as_its_author_worked_it_out():
    report = check_pack("national")
    assert report.passed, str(report)
    assert report.cases >= 130
    assert report.untried == ()


def test_the_pack_answers_the_questions_it_promises(versions):
    assert {one.id for one in versions} == ASSESSMENTS


def test_every_version_of_every_assessment_has_cases_while_it_is_in_force(versions, cases):
    for one in versions:
        tried = [case for case in cases if one.id in case.expect and one.window.holds(case.on)]
        assert len(tried) >= 20, one.version


def test_every_condition_of_every_version_passes_fails_and_is_unknown_in_some_case(rules, versions, cases):
    seen = defaultdict(set)
    for day in sorted({case.on for case in cases}):
        batch = facts_batch([case for case in cases if case.on == day], facts=rules.facts)
        plan = compile_plan(rules, on=day)
        answers = evaluate(plan=plan, batch=batch, leaves=True)
        version = {one.id: one.source.version for one in plan.assessments}
        for name in answers.schema.names:
            assessment, slash, condition = name.partition("/")
            if slash:
                seen[version[assessment], condition] |= {
                    ANSWERS[value] for value in answers.column(name).to_pylist()
                }
    missing = {
        f"{one.version}/{leaf.id}": {"yes", "no", "unknown"} - seen[one.version, leaf.id]
        for one in versions
        for leaf in conditions(one)
        if seen[one.version, leaf.id] != {"yes", "no", "unknown"}
    }
    assert missing == {}


def test_the_author_states_a_pass_a_fail_and_an_unknown_for_every_required_condition(versions, cases):
    missing = {}
    for one in versions:
        stated = defaultdict(set)
        for case in cases:
            if one.id in case.expect and one.window.holds(case.on):
                for condition, answer in case.expect[one.id].conditions.items():
                    stated[condition].add(answer)
        for leaf in leaves(one.requires):
            if stated[leaf.id] != {"yes", "no", "unknown"}:
                missing[f"{one.version}/{leaf.id}"] = {"yes", "no", "unknown"} - stated[leaf.id]
    assert missing == {}


def test_every_tier_is_reached_by_some_case_and_left_open_by_another(versions, cases):
    for one in versions:
        if one.tiers:
            reached = {case.expect[one.id].tier for case in cases if one.id in case.expect}
            assert reached >= {tier.id for tier in one.tiers} | {"unknown"}, one.version


def test_a_scoring_table_has_at_least_as_many_stated_scores_as_bands(versions, cases):
    for one in versions:
        if one.score is None:
            continue
        bands = sum(
            len({(band.low, band.high) for table in indicator.tables for band in table.bands})
            for indicator in one.score.indicators
        )
        scored = [
            case
            for case in cases
            if one.id in case.expect and one.window.holds(case.on) and case.expect[one.id].score is not None
        ]
        assert len(scored) >= bands, one.version


def test_no_two_cases_about_one_assessment_bear_the_same_name(rules):
    for book in rules.rulebooks:
        names = Counter((case.name, *case.expect) for case in book.cases)
        assert [name for name, times in names.items() if times > 1] == [], book.id


# ---- the law in force on a day


def test_the_two_ladders_meet_on_the_first_of_april_2026_without_a_gap(versions):
    for name in ("zjtx_sme", "little_giant"):
        before, after = sorted((one for one in versions if one.id == name), key=lambda one: one.window.start)
        assert before.window.end == LAST_DAY_2022
        assert after.window.start == before.window.end + timedelta(days=1) == FIRST_DAY_2026
        assert before.document.number == "工信部企业〔2022〕63号"
        assert after.document.number == "工信部企业〔2026〕2号"


def test_a_little_giant_is_checked_again_by_the_old_standard_until_the_end_of_2026(rules):
    def document(day):
        plan = compile_plan(rules, on=day, assessments=["little_giant_recheck"])
        return plan.assessments[0].source.document.number

    assert document(date(2026, 9, 1)) == document(date(2026, 12, 31)) == "工信部企业〔2022〕63号"
    assert document(date(2027, 1, 1)) == "工信部企业〔2026〕2号"


@pytest.mark.parametrize("name", ["zjtx_sme", "little_giant"])
def test_the_same_firms_are_judged_differently_on_either_side_of_the_change(rules, name):
    ladder = [
        case
        for book in rules.rulebooks
        for case in book.cases
        if case.place.file.endswith("ladder.cases.yaml") and name in case.expect
    ]
    answers = {
        day: evaluate(
            plan=compile_plan(rules, on=day, assessments=[name]),
            batch=facts_batch([case for case in ladder if case.on == FIRST_DAY_2026], facts=rules.facts),
        )
        .column(name)
        .to_pylist()
        for day in (LAST_DAY_2022, FIRST_DAY_2026)
    }
    pairs = list(zip(answers[LAST_DAY_2022], answers[FIRST_DAY_2026], strict=True))
    assert pairs.count((True, False)) >= 5
    assert pairs.count((False, True)) >= 1
    assert (True, True) in pairs


def test_before_a_document_nothing_is_answered_from_it(rules):
    names = {one.id for one in compile_plan(rules, on=date(2015, 12, 31)).assessments}
    assert names == {"sme_size", "sme"}


def test_the_change_of_a_threshold_lets_the_firms_between_pass(rules, cases):
    between = [case for case in cases if "上年营收1200万元" in case.name and case.on == FIRST_DAY_2026]
    batch = facts_batch(between, facts=rules.facts)
    strict = compile_plan(rules, on=FIRST_DAY_2026, assessments=["zjtx_sme"])
    mild = compile_plan(rules, on=FIRST_DAY_2026, assessments=["zjtx_sme"], parameters={"zjtx_revenue": 1200})
    assert evaluate(plan=strict, batch=batch).column("zjtx_sme").to_pylist() == [False]
    assert evaluate(plan=mild, batch=batch).column("zjtx_sme").to_pylist() == [True]


# ---- said in two languages, with a citation


def test_everything_that_people_read_stands_in_chinese_and_in_english(rules, versions):
    for book in rules.rulebooks:
        assert two_languages(book.title), book.id
        for parameter in book.parameters:
            assert two_languages(parameter.words), f"{book.id}:{parameter.name}"
    for one in versions:
        texts = [one.title, *(tier.words for tier in one.tiers)]
        texts += [words for words in (one.reading, one.note) if words]
        texts += [leaf.words for leaf in (*conditions(one), *one.disabled_conditions)]
        texts += [node.words for tree in trees(one) for node in nodes(tree) if node.words]
        if one.score:
            texts += [part.words for part in (*one.score.groups, *one.score.indicators)]
        for words in texts:
            assert two_languages(words), f"{one.version}: {words}"


def test_every_rulebook_names_its_document_and_every_condition_its_clause(rules, versions):
    for book in rules.rulebooks:
        assert book.document.title and book.document.number and book.document.issuer, book.id
        assert book.source and book.window.start, book.id
    for one in versions:
        assert one.clause, one.version
        assert all(leaf.clause for leaf in (*conditions(one), *one.disabled_conditions)), one.version


def test_where_a_text_leaves_room_the_reading_is_given(versions):
    without = {one.id for one in versions if not one.reading}
    assert without == {"sme"}


def test_every_fact_has_two_labels_a_unit_where_it_needs_one_and_a_class(rules):
    for fact in rules.facts.values():
        assert re.search("[一-鿿]", fact.zh) and fact.en, fact.name
        assert not re.search("[一-鿿]", fact.en + fact.note_en), fact.name
        assert bool(fact.note_zh) == bool(fact.note_en), fact.name
        assert (fact.unit is not None) == (fact.type in ("money", "number", "integer")), fact.name
        assert fact.privacy in ("public", "internal", "confidential", "personal"), fact.name
        assert bool(fact.values) == (fact.type == "category"), fact.name
    personal = {fact.name for fact in rules.facts.values() if fact.privacy == "personal"}
    assert personal == {"legal_representative", "contact_phone"}
    assert all(fact.privacy == "confidential" for fact in rules.facts.values() if fact.type == "money" and
               fact.period == "year" and fact.name != "technology_contracts")  # fmt: skip


# ---- how sure it is


def test_what_is_of_confidence_c_is_off_or_marked_as_a_demonstration(rules, versions):
    for one in versions:
        assert one.confidence != "C" or not one.enabled or one.demo, one.version
        assert all(leaf.confidence != "C" for leaf in conditions(one)), one.version
    assert [book.id for book in rules.rulebooks if book.demo] == ["national.per_mu_template"]


def test_the_unverified_limits_stand_in_the_rules_but_are_off(versions):
    off = {(one.rulebook, one.id, leaf.id) for one in versions for leaf in one.disabled_conditions}
    assert off == {
        ("national.cultivation_2026", "zjtx_sme", "tech_sme_listed"),
        ("national.cultivation_2026", "little_giant", "champion"),
        ("national.cultivation_2026", "little_giant", "linked_firm"),
        ("national.cultivation_2026", "little_giant_recheck", "champion"),
        ("national.cultivation_2026", "little_giant_recheck", "linked_firm"),
    }
    assert all(leaf.confidence == "C" for one in versions for leaf in one.disabled_conditions)


def test_the_per_mu_template_says_that_its_grade_limits_are_placeholders(rules):
    book = next(book for book in rules.rulebooks if book.id == "national.per_mu_template")
    assert "占位" in book.title.zh and "placeholder" in book.title.en
    for parameter in book.parameters:
        if "grade" in parameter.name:
            assert "占位" in parameter.words.zh and "placeholder" in parameter.words.en


# ---- tables without holes


def test_every_industry_of_the_size_standard_has_its_limits(rules):
    book = next(book for book in rules.rulebooks if book.id == "national.sme_size")
    tables = {one.name: dict(one.values[0].value) for one in book.parameters}
    industries = {value.zh for value in rules.facts["size_industry"].values} - {"不在划型范围"}
    assert len(industries) == 16
    for measure in ("staff", "revenue", "assets"):
        large, medium, small = (tables[f"{measure}_{size}"] for size in ("large", "medium", "small"))
        assert large.keys() == medium.keys() == small.keys()
        assert all(large[industry] > medium[industry] > small[industry] for industry in large)
    assert set().union(*tables.values()) == industries


def test_a_threshold_has_one_name_except_where_the_ladder_keeps_it(rules):
    homes = defaultdict(set)
    for book in rules.rulebooks:
        for parameter in book.parameters:
            homes[parameter.name].add(book.id)
    shared = {name for name, books in homes.items() if len(books) > 1}
    assert all(homes[name] == {"national.cultivation_2022", "national.cultivation_2026"} for name in shared)


# ---- kept in order


def test_the_pack_says_who_answers_for_it():
    pack = read_pack("national")
    assert not pack.demo and pack.requires == ()
    assert "非官方" in pack.authority.zh and "not an official" in pack.authority.en


def test_the_readme_names_every_rulebook_and_assessment(rules, folder):
    page = (folder / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`(national\.\w+)`", page)) == {book.id for book in rules.rulebooks}
    for name in ASSESSMENTS:
        assert f"`{name}`" in page, name


def test_no_file_of_the_pack_is_too_long(folder):
    for path in folder.rglob("*.yaml"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES, path.name
