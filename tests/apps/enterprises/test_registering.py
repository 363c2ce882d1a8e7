"""How enterprises come into the list, and how they are found."""

from __future__ import annotations

from datetime import date

import pytest
from tests.apps.enterprises.facts import load_facts
from tests.cast import AT, ELSEWHERE, OTHERS, OWN

from kaiyuan.apps.enterprises import actions, queries
from kaiyuan.apps.enterprises.models import Enterprise
from kaiyuan.apps.enterprises.pinyin import sound_of
from kaiyuan.apps.facts import actions as facts
from kaiyuan.apps.journal.models import Event
from kaiyuan.apps.zones.rights import Absent
from kaiyuan.errors import InputError


def found(cast, words: str, role: str = "officer") -> list[str]:
    return [firm.code for firm in queries.found(by=cast.person(role), words=words, most=20)]


def test_a_name_is_known_by_its_sound():
    sound = sound_of("重庆ＡＢＣ银行（合成）2")
    assert (sound.initials, sound.full) == ("cqabcyhhc2", "chongqingabcyinhanghecheng2")
    assert sound_of("吕梁绿能").full == "lvlianglvneng"
    assert sound_of("").initials == ""


def test_an_enterprise_carries_the_profile_that_its_facts_tell(zone):
    firm = Enterprise.objects.get(code=OWN)
    assert (firm.name, firm.industry, firm.status) == ("示例精密科技有限公司（合成）", "工业", "存续")
    assert firm.registered_on == date(2016, 3, 8)
    assert firm.name_initials == "sljmkjyxgshc"


def test_registering_again_changes_nothing_and_writes_nothing(zone):
    events, versions = Event.objects.count(), list(Enterprise.objects.values_list("version", "name"))
    done = actions.register(by=zone.person("officer"), subjects={OWN: "", OTHERS: ""}, at=AT)
    assert (done.new, done.changed) == (0, 0)
    assert Event.objects.count() == events
    assert list(Enterprise.objects.values_list("version", "name")) == versions


def test_a_newcomer_needs_facts_before_it_is_registered(zone):
    with pytest.raises(InputError, match="facts know no enterprise of this code"):
        actions.register(by=zone.person("officer"), subjects={ELSEWHERE: "无名"}, at=AT)
    load_facts(zone, {ELSEWHERE: {"staff": 3}}, label="新名单.xlsx", at=AT)
    done = actions.register(by=zone.person("officer"), subjects={ELSEWHERE: ""}, at=AT)
    assert done.new == 1
    assert Enterprise.objects.get(code=ELSEWHERE).name == ELSEWHERE, "without a name it goes by its code"


def test_a_corrected_status_reaches_the_list(zone):
    officer = zone.person("officer")
    facts.correct(
        by=officer, subject=OWN, fact="business_status", year=None, value="注销", reason="按登记机关", at=AT
    )
    assert actions.refresh_profiles(by=officer, codes=[OWN, OTHERS], at=AT) == 1
    assert Enterprise.objects.get(code=OWN).status == "注销"


def test_only_officers_register(zone):
    for role in ("agent", "supervisor", "policy_editor", "auditor", "administrator"):
        with pytest.raises(Absent):
            actions.register(by=zone.person(role), subjects={OWN: "改名"}, at=AT)


@pytest.mark.parametrize(
    "words",
    ["精密", "示例 科技", "sljm", "SLJM", "shilijingmi", OWN[:8], OWN.lower(), "ＳＬＪＭ", "精密 9137"],
)
def test_a_firm_is_found_by_name_code_and_sound(zone, words):
    assert found(zone, words) == [OWN]


def test_words_that_fit_nothing_find_nothing(zone):
    for words in ("", "   ", "精密 软件", "%", "_", "'", "zzzz", "\\"):
        assert found(zone, words) == []


def test_nobody_finds_the_firms_of_another_zone(zone, other_zone):
    assert found(other_zone, "示例") == [ELSEWHERE]
    assert ELSEWHERE not in found(zone, "示例")


def test_an_agent_finds_the_own_firm_only_and_an_administrator_none(zone):
    assert set(found(zone, "合成", "officer")) == {OWN, OTHERS}
    assert found(zone, "合成", "agent") == [OWN]
    assert found(zone, "合成", "administrator") == []
