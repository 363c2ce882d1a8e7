"""The unified social credit code: what is right, and what exactly is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaiyuan.calculators.credit_code import (
    ALPHABET,
    PROVINCES,
    check_credit_code,
    check_sign,
    normal_form,
    organisation_check_sign,
)

REAL = ("914403001922038216", "9144030071526726XG", "91350200MA2YJ1XR9G", "91350200776049653A")
MADE_UP = ("91370800MA0000015H", "91441283TE5T00016N", "91610131MADEM0011G")

firsts = st.text(ALPHABET, min_size=17, max_size=17)


@pytest.mark.parametrize("code", [*REAL, *MADE_UP])
def test_a_code_with_the_right_check_sign_is_valid(code):
    result = check_credit_code(code)
    assert result.valid and result.usable and result.text == code
    assert result.organisation_check
    assert result.division_known


@pytest.mark.parametrize(
    "written",
    [
        " 91370800MA0000015H ",
        "91370800ma0000015h",
        "９１３７０８００ＭＡ０００００１５Ｈ",
        "9137 0800 MA00 0001 5H",
        "'91370800MA0000015H",
        "91370800-MA000001-5H",
        "91370800MA0000015H\u200b",
        "\u300091370800MA0000015H",
    ],
)
def test_width_case_spaces_and_invisible_signs_do_not_matter(written):
    assert check_credit_code(written).text == "91370800MA0000015H"
    assert check_credit_code(written).valid


def test_fifteen_digits_are_a_registration_number_and_told_apart():
    result = check_credit_code("370800200001234")
    assert result.kind == "registration_number"
    assert result.usable and not result.valid
    assert result.reason_zh == "这是15位工商注册号，不是18位统一社会信用代码"
    assert result.division is None and result.organisation_check is None


def test_a_wrong_check_sign_is_named_with_the_one_expected():
    result = check_credit_code("91370800MA0000015J")
    assert (result.kind, result.position, result.found, result.expected) == ("wrong_check", 18, "J", "H")
    assert result.reason_zh == "第18位校验码应为“H”，这里是“J”"
    assert result.reason_en == "check sign 18 should be 'H', it is 'J'"
    assert result.remedy_zh == "请按营业执照核对后更正"


def test_a_sign_outside_the_alphabet_is_named_with_its_place_and_never_replaced():
    result = check_credit_code("91370800MAOOOOO15H")
    assert (result.kind, result.position, result.found, result.expected) == ("wrong_sign", 11, "O", "0")
    assert result.reason_zh == "第11位“O”不是统一社会信用代码使用的字符"
    assert result.remedy_zh == "请核对营业执照：是否应为“0”"
    assert result.text == "91370800MAOOOOO15H"


def test_a_wrong_length_says_how_many_signs_there_are():
    assert check_credit_code("91370800MA000001").reason_zh == "统一社会信用代码应为18位，这里是16位"
    assert check_credit_code("MA0000015").reason_en == (
        "a credit code has 18 signs, this has 9 (9 signs make an organisation code)"
    )


def test_a_code_that_a_sheet_turned_into_a_number_gets_its_own_remedy():
    result = check_credit_code("9.15101002069505E+17")
    assert result.kind == "wrong_length"
    assert "末几位已丢失" in result.remedy_zh
    assert "lost its last digits" in result.remedy_en


def test_nothing_at_all_is_told_apart_from_something_wrong():
    assert check_credit_code("  ").kind == "empty"


def test_an_unknown_division_leaves_the_code_valid():
    first = "9199999900000000X"
    first = first[:16] + organisation_check_sign(first[8:16])
    assert check_credit_code(first + check_sign(first)).division_known is False
    assert check_credit_code(first + check_sign(first)).synthetic


def test_the_provinces_are_the_thirty_four_of_the_country_and_the_state_administration():
    assert len(PROVINCES) == 35


@given(firsts)
def test_every_seventeen_signs_have_exactly_one_check_sign(first):
    valid = [sign for sign in ALPHABET if check_credit_code(first + sign).valid]
    assert valid == [check_sign(first)]


@given(firsts, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_always_noticed(first, place, sign):
    code = first + check_sign(first)
    changed = code[:place] + sign + code[place + 1 :]
    assert check_credit_code(changed).valid == (changed == code)


@given(st.text(max_size=40))
def test_any_text_gets_an_answer_in_both_languages(text):
    result = check_credit_code(text)
    assert bool(result.reason_zh) == bool(result.reason_en) == (not result.valid)
    assert bool(result.remedy_zh) == bool(result.remedy_en)
    assert normal_form(result.text) == result.text
