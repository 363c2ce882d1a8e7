"""Packs are found, loaded with what they require, and do not contradict each other."""

from datetime import date

import pytest

from kaiyuan.errors import KaiyuanError, PackError
from kaiyuan.packs import find_packs, load_packs, read_pack
from tests.rulebook.yaml_samples import BODY, FACTS_TEXT, HEAD

PACK = (
    "pack: {name}\ntitle: {{zh: 甲包}}\nversion: 2026.10\nlicence: CC0-1.0\n"
    "authority: {{zh: 某局}}\nrequires: [{requires}]\n"
)


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Write packs into a folder in which the commands run."""
    monkeypatch.chdir(tmp_path)

    def pack(name, files=None, *, requires="", head=None):
        folder = tmp_path / name
        (folder / "rulebooks").mkdir(parents=True)
        text = PACK.format(name=name, requires=requires) if head is None else head
        (folder / "pack.yaml").write_text(text, encoding="utf-8")
        for path, content in (files or {}).items():
            (folder / path).write_text(content, encoding="utf-8")
        return folder

    return pack


def refusal(*packs):
    with pytest.raises(KaiyuanError) as caught:
        load_packs(packs)
    return str(caught.value)


WHOLE = {"facts.yaml": FACTS_TEXT, "rulebooks/one.yaml": HEAD + BODY}


def test_the_packs_of_the_checkout_are_found_by_name():
    assert find_packs()["national"].name == "national"
    assert read_pack("national").licence == "CC0-1.0"


def test_a_pack_may_be_a_folder(write):
    rules = load_packs([write("mine", WHOLE)])
    assert [book.id for book in rules.rulebooks] == ["test.one"]
    assert rules.facts["revenue"].pack == "mine"
    assert rules.rulebooks[0].place.file == "mine/rulebooks/one.yaml", (
        "places are told from where the command runs"
    )


def test_a_version_keeps_its_last_zero(write):
    assert read_pack(write("mine")).version == "2026.10"


def test_what_a_pack_requires_comes_first_and_is_found_beside_it(write):
    write("base", WHOLE)
    head = HEAD.replace("test.one", "test.two")
    local = write("local", {"rulebooks/two.yaml": head + BODY.replace("  one:", "  two:")}, requires="base")
    rules = load_packs([local])
    assert [book.id for book in rules.rulebooks] == ["test.one", "test.two"]
    assert load_packs([local, local]).rulebooks == rules.rulebooks, "a pack named twice is loaded once"


def test_a_pack_that_is_not_there_is_refused(write):
    assert refusal("nationl").startswith(
        "no pack has this name, and no folder has this path: 'nationl'. Did you mean national? Known packs: "
    )
    local = write("local", WHOLE, requires="base")
    assert refusal(local).startswith(
        "local/pack.yaml:6: pack local requires a pack that is not here: 'base'. Put it beside local, or correct the name"
    )


def test_a_folder_without_pack_yaml_is_refused(write, tmp_path):
    (tmp_path / "empty").mkdir()
    assert refusal(tmp_path / "empty") == (
        "empty: the folder has no pack.yaml. Add pack.yaml with pack, title, version, licence and authority"
    )


def test_packs_that_require_each_other_are_refused(write):
    a = write("a", requires="b")
    write("b", requires="c")
    write("c", requires="a")
    assert refusal(a) == (
        "a/pack.yaml: packs require each other in a circle: 'a → b → c → a'. Take one of them out of `requires`"
    )


def test_a_pack_has_the_name_of_its_folder(write):
    folder = write("a", head=PACK.format(name="b", requires=""))
    assert refusal(folder) == (
        "a/pack.yaml:1: the pack and its folder a have different names: 'b'. Give both one name"
    )


def test_no_pack_at_all_is_refused():
    with pytest.raises(PackError, match="no pack is named"):
        load_packs([])


def test_a_fact_of_two_packs_is_refused_where_it_stands(write):
    write("base", WHOLE)
    twice = (
        "facts:\n  income: {label: {zh: 收入}, type: money, unit: 元, class: public, aliases: [营业收入]}\n"
    )
    local = write("local", {"facts.yaml": twice}, requires="base")
    assert refusal(local) == (
        "local/facts.yaml:2: the label belongs to two facts, revenue and income: '营业收入'. "
        "Give each fact a label and aliases of its own"
    )


def version(start, end="", *, book="test.one", assessment="one"):
    window = f"{{from: {start}{f', to: {end}' if end else ''}}}"
    head = HEAD.replace("test.one", book).replace("{from: 2026-01-01}", window)
    return head + BODY.replace("  one:", f"  {assessment}:")


def test_dated_versions_live_side_by_side(write):
    files = {
        "facts.yaml": FACTS_TEXT,
        "rulebooks/a2022.yaml": version("2022-01-01", "2026-03-31"),
        "rulebooks/a2026.yaml": version("2026-04-01"),
    }
    first, second = load_packs([write("mine", files)]).rulebooks
    assert first.window.end == date(2026, 3, 31) and second.window.start == date(2026, 4, 1)


def test_two_versions_of_a_rulebook_on_one_day_are_refused(write):
    files = {
        "facts.yaml": FACTS_TEXT,
        "rulebooks/a2022.yaml": version("2022-01-01", "2026-04-01"),
        "rulebooks/a2026.yaml": version("2026-04-01", assessment="two"),
    }
    assert refusal(write("mine", files)) == (
        "mine/rulebooks/a2026.yaml:1: two versions of one rulebook are in force on the same days; "
        "the other stands in mine/rulebooks/a2022.yaml:1: 'test.one'. "
        "Let the `effective` of the older end before the newer begins"
    )


def test_two_versions_of_an_assessment_on_one_day_are_refused(write):
    files = {
        "facts.yaml": FACTS_TEXT,
        "rulebooks/a.yaml": version("2022-01-01"),
        "rulebooks/b.yaml": version("2026-04-01", book="test.two"),
    }
    assert refusal(write("mine", files)) == (
        "mine/rulebooks/b.yaml:8: two versions of one assessment are in force on the same days; "
        "the other stands in mine/rulebooks/a.yaml:8: 'one'. "
        "Let the `effective` of the older end before the newer begins"
    )


def test_stacking_and_budgets_name_assessments_that_exist_in_any_pack(write):
    write("base", WHOLE)
    stacking = "stacking:\n  - {id: s, zh: 就高, clause: 一, rule: highest_only, of: [one, %s]}\n"
    body = BODY.replace("  one:", "  two:")
    head = HEAD.replace("test.one", "test.two")
    good = write("good", {"rulebooks/two.yaml": head + body + stacking % "two"}, requires="base")
    assert load_packs([good]).rulebooks[1].stacking[0].of == ("one", "two")
    bad = write("bad", {"rulebooks/two.yaml": head + body + stacking % "tow"}, requires="base")
    assert refusal(bad) == (
        "bad/rulebooks/two.yaml:16: no assessment has this id: 'tow'. Did you mean two? "
        "Name an assessment of a loaded pack"
    )


CASES = "cases_for: test.one\ncases:\n  - {name: 甲, on: 2026-06-01, expect: {one: {verdict: unknown}}}\n"


def test_cases_stand_beside_their_rulebook_in_any_number_of_files(write):
    more = CASES.replace("甲", "乙")
    folder = write(
        "mine", {**WHOLE, "rulebooks/one.cases.yaml": CASES, "rulebooks/one_more.cases.yaml": more}
    )
    assert [case.name for case in load_packs([folder]).rulebooks[0].cases] == ["甲", "乙"]


def test_cases_that_belong_to_no_rulebook_are_refused(write):
    stray = {**WHOLE, "rulebooks/two.cases.yaml": CASES.replace("test.one", "test.on")}
    assert refusal(write("mine", stray)) == (
        "mine/rulebooks/two.cases.yaml:1: these cases belong to no rulebook of this pack: 'test.on'. "
        "Did you mean test.one? Write cases_for: and the name of a rulebook"
    )


def test_a_file_that_would_not_be_read_is_refused(write):
    assert refusal(write("mine", {**WHOLE, "rulebooks/two.yml": ""})) == (
        "mine/rulebooks/two.yml: a file in rulebooks/ that is not read. "
        "Rename it so that it ends in .yaml, or move it away"
    )


def test_a_fictional_pack_holds_fictional_rulebooks(write):
    head = PACK.format(name="demo2", requires="") + "demo: true\n"
    assert refusal(write("demo2", WHOLE, head=head)) == (
        "demo2/rulebooks/one.yaml:1: a rulebook of a fictional pack does not say so: 'test.one'. Add demo: true"
    )
