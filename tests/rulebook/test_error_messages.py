"""A file that is not acceptable is refused with file, line, the offending text and the remedy.

Every case takes a good pack on disk, breaks one thing as an author might, and looks at the sentence that comes
back. The line is found by looking for a mark in the broken file, not by counting.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from kaiyuan.errors import KaiyuanError, RuleError
from kaiyuan.packs import load_packs
from kaiyuan.rulebook import RuleSet

PACK = """\
pack: sample
title: {zh: 样例, en: Sample}
version: 2026.11
licence: Apache-2.0
authority: {zh: 样例区, en: Sample zone}
"""
FACTS = """\
facts:
  revenue: {label: {zh: 营业收入, en: Revenue}, type: money, unit: 万元, period: year, class: public}
  rd: {label: {zh: 研发费用, en: Research}, type: money, unit: 万元, period: year, class: public}
  staff: {label: {zh: 从业人数, en: Staff}, type: integer, unit: 人, period: year, class: public}
  dishonest: {label: {zh: 严重失信, en: Dishonest}, type: boolean, period: moment, class: public}
  founded: {label: {zh: 成立日期, en: Founded}, type: date, period: moment, class: public}
  trade:
    label: {zh: 所属行业, en: Trade}
    type: category
    period: moment
    class: public
    values: [{zh: 工业, en: Industry}, {zh: 建筑业, en: Construction}]
"""
RULES = """\
rulebook: sample.rules
title: {zh: 样例规则, en: Sample rules}
subject: enterprise
document: {title: 样例办法, number: 样发〔2026〕1号}
effective: {from: 2026-04-01}
confidence: A
parameters:
  floor: [{from: 2026-04-01, value: 1500, unit: 万元}]
  twice: [{from: 2026-04-01, value: ":floor * 2", unit: 万元}]
assessments:
  sme:
    title: {zh: 样例称号, en: Sample title}
    kind: title
    clause: 第三条
    requires:
      all:
        - {id: income, zh: 营收达标, en: Income, when: "营业收入 >= :floor"}
        - {id: honest, zh: 未失信, en: Honest, when: NOT 严重失信}
        - at_least:
            n: 1
            of:
              - {id: old, zh: 成立满三年, en: Old, when: years_since(成立日期) >= 3}
              - {id: kind, zh: 工业, en: Industry, when: 所属行业 = '工业'}
    award: {amount: 30, unit: 万元}
"""
INCOME = "营业收入 >= :floor"
DOCUMENT = "document: {title: 样例办法, number: 样发〔2026〕1号}\n"
FROM = "effective: {from: 2026-04-01}"
ENDED = "effective: {from: 2026-04-01, to: 2026-03-01}"
VALUE = "1500, unit: 万元}"
EARLIER = "1500, unit: 万元}, {from: 2025-01-01, value: 1, unit: 万元}"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """Give the folder of a good pack."""
    folder = tmp_path / "sample"
    (folder / "rulebooks").mkdir(parents=True)
    (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
    (folder / "facts.yaml").write_text(FACTS, encoding="utf-8")
    (folder / "rulebooks" / "rules.yaml").write_text(RULES, encoding="utf-8")
    return folder


def broken(pack: Path, old: str, new: str, file: str = "rulebooks/rules.yaml") -> Path:
    path = pack / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def refusal(pack: Path) -> KaiyuanError:
    with pytest.raises(KaiyuanError) as caught:
        load_packs([pack])
    return caught.value


def assert_names(error: KaiyuanError, path: Path, mark: str, text: str, remedy: str) -> None:
    """The refusal names the file, the line of `mark`, the offending text and the remedy, in its one sentence."""
    lines = path.read_text(encoding="utf-8").splitlines()
    wanted = [number for number, line in enumerate(lines, start=1) if mark in line]
    said = str(error)
    assert error.file is not None and error.file.endswith(path.name), said
    assert error.line in wanted, f"line {error.line}, wanted {wanted}: {said}"
    assert text in f"{error.message} {error.text}", said
    assert error.remedy is not None and remedy in error.remedy, said
    assert said.startswith(f"{error.file}:{error.line}") and error.remedy in said


def test_the_pack_that_is_broken_here_is_good(pack):
    rules = load_packs([pack])
    assert isinstance(rules, RuleSet)
    assert [one.id for one in rules.rulebooks] == ["sample.rules"]


CASES: dict[str, tuple[str, str, str, str, str]] = {
    # what is wrong: (good text, broken text, mark of the line, offending text, remedy)
    "an unknown key": ("    kind: title", "    kind: title\n    klause: 第四条", "klause", "klause", "`clause`"),
    "an unknown key of a condition": ("id: honest,", "id: honest, wen: x,", "wen: x", "wen", "`when`"),
    "an unknown fact": (INCOME, "营业额 >= :floor", "营业额", "营业额", "营业收入"),
    "a string compared with a number": (INCOME, "营业收入 >= '五百'", "五百", "'五百'", "without quotation"),
    "a category compared with a number": (INCOME, "所属行业 > 5", "> 5", "所属行业 > 5", "="),
    "an amount negated": (INCOME, "NOT 营业收入", "NOT 营业收入", "营业收入", "Compare"),
    "a word that is no value": ("所属行业 = '工业'", "所属行业 = '农业'", "农业", "农业", "工业、建筑业"),
    "a subquery": (INCOME, "营业收入 >= (SELECT 1)", "SELECT", "SELECT", "without a subquery"),
    "a file reader": (INCOME, "read_csv('x.csv') > 1", "read_csv", "read_csv", "prior"),
    "several statements": (INCOME, "营业收入 >= 1; DROP TABLE x", "DROP", ";", "one expression"),
    "a comment": (INCOME, "营业收入 >= 1 -- 大", "-- 大", "-- 大", "`zh`"),
    "a bracket that is not closed": (INCOME, "（营业收入 >= 1", "（", "", "brackets"),
    "an unseen character": (INCOME, "营业\u200b收入 >= 1", "\u200b", "U+200B", "Delete it"),
    "a unit behind a number": (INCOME, "营业收入 >= 1500万元", "1500万元", "万元", "number alone"),
    "money compared with people": (INCOME, "营业收入 >= 从业人数", ">= 从业人数", "人", "same kind"),
    "money added to people": (INCOME, "营业收入 + 从业人数 > 1", "+ 从业人数", "人", "same kind"),
    "an unknown parameter": (INCOME, "营业收入 >= :flor", ":flor", ":flor", "floor"),
    "a parameter of another unit": ("value: 1500, unit: 万元", "value: 1500, unit: 人", "twice:", "人", "Check which facts"),
    "an award in no money": ("amount: 30, unit: 万元", "amount: 30, unit: 人", "award:", "人", "万元"),
    "a cyclic parameter": ('":floor * 2"', '":twice * 2"', "twice:", "twice → twice", "number"),
    "a missing citation": ("    clause: 第三条\n", "", "sme:", "`clause`", "clause: "),
    "a missing document": (DOCUMENT, "", "rulebook:", "`document`", "document: "),
    "a missing document number": (", number: 样发〔2026〕1号", "", "document:", "`number`", "number: "),
    "a missing date": (FROM + "\n", "", "rulebook:", "`effective`", "effective: "),
    "a duplicate key": ("    kind: title", "    kind: title\n    kind: size", "kind: size", "kind", "Keep one"),
    "a duplicate condition": ("id: honest", "id: income", "zh: 未失信", "income", "id of its own"),
    "an impossible day": (FROM, "effective: {from: 2026-02-30}", "2026-02-30", "2026-02-30", "2026-04-01"),
    "a day that is none": (FROM, "effective: {from: 四月}", "四月", "四月", "2026-04-01"),
    "the end before the beginning": (FROM, ENDED, "to: 2026", "2026-03-01", "earlier"),
    "values that are not sorted": (VALUE, EARLIER, "2025-01-01", "2025-01-01", "earliest"),
    "a kind that is none": ("kind: title", "kind: badge", "kind: badge", "badge", "title"),
    "a percentage": ("amount: 30", "amount: 30%", "30%", "%", "fraction"),
    "nothing behind a colon": ("    clause: 第三条", "    clause:", "clause:", "clause", "value"),
    "more than there are": ("            n: 1", "            n: 3", "n: 3", "3", "from 1 to 2"),
    "two forms at once": ("id: honest, zh", "id: honest, all: [], zh", "all: []", "when and all", "exactly one"),
    "no condition and no group": (", when: NOT 严重失信", "", "id: honest", "", "exactly one of when"),
    "unproven and switched on": ("confidence: A", "confidence: C", "sme:", "C", "enabled: false"),
    "an alias of YAML": ("kind: title", "kind: &k title", "&k", "&k", "Write the value out"),
    "a tag of YAML": ("kind: title", "kind: !!python/name:os.system title", "!!python", "python", "Delete the tag"),
    "a tab": ("    kind: title", "\tkind: title", "\tkind", "", "spaces"),
    "a full-width colon": ("    kind: title", "    kind：title", "kind：", "", "colon"),
    "a second document": ("assessments:", "---\nassessments:", "---", "---", "own file"),
}  # fmt: skip


@pytest.mark.parametrize("what", CASES)
def test_a_broken_rule_file_is_refused_with_its_place_and_the_remedy(pack, what):
    old, new, mark, text, remedy = CASES[what]
    path = broken(pack, old, new)
    assert_names(refusal(pack), path, mark, text, remedy)


def test_a_full_width_bracket_means_the_plain_one(pack):
    plain = load_packs([pack]).rulebooks[0].assessments[0].requires
    broken(pack, '"营业收入 >= :floor"', '"（营业收入） ＞＝ ：floor"')
    wide = load_packs([pack]).rulebooks[0].assessments[0].requires
    assert [child.expression for child in wide.children[:2]] == [
        child.expression for child in plain.children[:2]
    ]


@pytest.mark.parametrize("to", ["", ", to: 2026-12-31"])
def test_two_overlapping_versions_are_refused(pack, to):
    second = RULES.replace("{from: 2026-04-01}\nconf", f"{{from: 2026-06-01{to}}}\nconf")
    path = pack / "rulebooks" / "second.yaml"
    path.write_text(second, encoding="utf-8")
    assert_names(refusal(pack), path, "rulebook:", "sample.rules", "effective")


def test_a_citation_of_an_assessment_that_does_not_exist_is_refused(pack):
    path = pack / "rulebooks" / "rules.yaml"
    path.write_text(
        RULES
        + "stacking:\n  - {id: once, zh: 就高, en: Once, clause: 第九条, rule: highest_only, of: [sme, smee]}\n",
        encoding="utf-8",
    )
    error = refusal(pack)
    assert "smee" in str(error) and error.line == len(RULES.splitlines()) + 2


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "empty"),
        (b"\n# only a comment\n", "empty"),
        ("规则: 一".encode("gb18030"), "UTF-8"),
        (b"\xff\xfe\x00\x01", ""),
        (b"[1, 2, 3]", ""),
        (b"just words", ""),
        (b"rulebook: {", ""),
        (b"\x00", ""),
    ],
)
def test_a_file_that_is_no_rulebook_at_all_is_refused(pack, content, text):
    path = pack / "rulebooks" / "rules.yaml"
    path.write_bytes(content)
    error = refusal(pack)
    assert isinstance(error, RuleError)
    assert error.file is not None and error.file.endswith("rules.yaml")
    assert text in str(error) and error.remedy


@pytest.mark.parametrize(
    ("old", "new", "mark", "text", "remedy"),
    [
        (
            "unit: 万元, period: year, class: public}\n  rd",
            "period: year, class: public}\n  rd",
            "revenue:",
            "",
            "元",
        ),
        ("type: integer", "type: int", "type: int", "int", "integer"),
        ("{zh: 研发费用, en: Research}", "{zh: 营业收入, en: Research}", "rd:", "营业收入", "of its own"),
        ("  dishonest:", "  Dishonest:", "Dishonest:", "Dishonest", "lower-case"),
        ("  rd:", "  revenue:", "研发费用", "revenue", "Keep one"),
        ("class: public}\n  rd", "class: secret}\n  rd", "secret", "secret", "confidential"),
    ],
)
def test_a_broken_dictionary_is_refused_with_its_place_and_the_remedy(pack, old, new, mark, text, remedy):
    path = broken(pack, old, new, file="facts.yaml")
    assert_names(refusal(pack), path, mark, text, remedy)


def test_all_faults_of_a_file_are_told_at_once(pack):
    broken(pack, "kind: title", "kind: badge")
    broken(pack, "amount: 30", "amont: 30")
    said = str(refusal(pack))
    assert "badge" in said and "1 more in this file" in said
