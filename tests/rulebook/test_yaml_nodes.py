from datetime import date
from decimal import Decimal

import pytest

from kaiyuan.errors import RuleError
from kaiyuan.rulebook.yaml.nodes import decode, read_source, source_from_data


def value(text: str) -> object:
    return read_source(f"a: {text}\n").at(("a",))


def refusal(text: str) -> str:
    with pytest.raises(RuleError) as caught:
        read_source(text, file="a.yaml")
    return str(caught.value)


@pytest.mark.parametrize("word", ["yes", "no", "on", "off", "Yes", "True", "FALSE", "y", "NO"])
def test_only_true_and_false_are_booleans(word):
    assert value(word) == word
    assert value("true") is True and value("false") is False


def test_numbers_keep_every_digit():
    assert value("0.1") == Decimal("0.1") and str(value("2026.10")) == "2026.10"
    assert value("1500") == 1500 and isinstance(value("1500"), int)
    assert value("-3") == -3 and value("+3.5") == Decimal("3.5")


@pytest.mark.parametrize(
    "word", ["007", "1_000", "1e3", ".5", "0x10", "12:30", "1,000", "１２", ".inf", ".nan", "0o7"]
)
def test_what_only_looks_like_a_number_stays_a_word(word):
    assert value(word) == word


def test_days_are_days_and_quoted_things_are_words():
    assert value("2026-04-01") == date(2026, 4, 1)
    assert value("'2026-04-01'") == "2026-04-01"
    assert value("'1500'") == "1500" and value('"true"') == "true"
    assert value("null") is None and value("~") is None and value("") is None


def test_keys_are_always_words():
    source = read_source("2026-04-01: 1\nyes: 2\n3: 4\n")
    assert source.data == {"2026-04-01": 1, "yes": 2, "3": 4}


def test_every_key_and_value_knows_its_place():
    source = read_source("a:\n  b: [1, 2]\n  c:\n    - x\n    - {d: y}\n")
    assert source.line(("a",)) == 1
    assert source.line(("a", "b", 1)) == 2
    assert source.line(("a", "c")) == 3, "a block is named by its key's line"
    assert source.line(("a", "c", 1, "d")) == 5
    assert source.key_line(("a", "c", 1, "d")) == 5
    assert source.line(("a", "c", 7)) == 3, "what is missing is named by what is around it"
    assert source.values["a", "c", 1, "d"].column == 11


def test_a_column_is_told_only_where_the_text_stands_as_it_is():
    source = read_source("a: x > 1\nb: 'x > 1'\nc: >-\n  x >\n  1\n", file="a.yaml")
    assert source.column_in(("a",), 3) == 6
    assert source.column_in(("b",), 3) == 7
    assert source.column_in(("c",), 3) is None


def test_a_key_that_stands_twice_is_refused():
    assert (
        refusal("a: 1\nb: 2\na: 3\n")
        == "a.yaml:3: this key stands twice; first in line 1: 'a'. Keep one of the two"
    )
    assert refusal("a: {b: 1, b: 1}\n").startswith("a.yaml:1: this key stands twice")


def test_anchors_aliases_tags_and_merge_keys_are_refused():
    assert refusal("a: &x 1\nb: *x\n") == (
        "a.yaml:1: anchors are not part of rule files: '&x'. Write the value out wherever it is wanted"
    )
    assert refusal("b: *x\n").startswith("a.yaml:1: aliases are not part of rule files: '*x'")
    assert refusal("a: 1\nb: !!python/object:os.system x\n").startswith(
        "a.yaml:2: type tags are not part of rule files: '!!python/object:os.system'"
    )
    assert refusal("a: 1\n<<: {b: 2}\n") == (
        "a.yaml:2: merge keys are not part of rule files: '<<'. Write the keys out"
    )


def test_a_day_that_does_not_exist_is_refused():
    assert refusal("a: 2026-02-30\n") == (
        "a.yaml:1: there is no such day: '2026-02-30'. Write a day of the calendar as 2026-04-01"
    )


def test_empty_files_and_second_documents_are_refused():
    empty = "a.yaml:1: the file is empty. Write the file's keys, or delete the file"
    assert refusal("") == empty
    assert refusal("# only a remark\n") == empty
    assert refusal("a: 1\n---\nb: 2\n") == (
        "a.yaml:2: a second document begins here: '---'. Put each document into its own file"
    )


def test_a_full_width_colon_is_named_where_it_stands():
    assert refusal("a: 1\nkind：title\nb: 2\n") == (
        "a.yaml:2:1: this cannot be read as YAML (could not find expected ':'): 'kind：title'. "
        "Write the colon after a key as a plain «: » with a space"
    )


def test_tabs_are_named():
    assert refusal("a:\n\tb: 1\n").endswith("Indent with spaces, not with tabs")


def test_broken_brackets_name_their_line():
    assert refusal("a: 1\nb: [1, 2\nc: 3\n").startswith("a.yaml:3:")


def test_a_character_that_cannot_be_seen_is_named():
    assert refusal("a: 1\nb: x\u200by\n") == (
        "a.yaml:2:5: a character that cannot be seen stands in the file: 'U+200B'. Delete it and type the place again"
    )


def test_a_byte_order_mark_does_no_harm():
    assert read_source("\ufeffa: 1\n").data == {"a": 1}


def test_what_is_not_utf8_names_its_line():
    with pytest.raises(RuleError) as caught:
        decode("a: 1\nb: 营业收入\n".encode("gb18030"), file="a.yaml")
    assert str(caught.value) == "a.yaml:2: this is not UTF-8 text. Save the file as UTF-8"


def test_a_file_nested_too_deeply_is_refused_before_anything_breaks():
    assert "nested more than 32 deep" in refusal("a: " + "[" * 40 + "]" * 40)
    assert "nested more than 32 deep" in refusal("a: " + "{x: " * 5000 + "1" + "}" * 5000)


def test_plain_values_from_a_program_are_read_the_same_way():
    source = source_from_data({"a": (1, 0.1), "b": {"c": date(2026, 1, 1)}})
    assert source.data == {"a": [1, Decimal("0.1")], "b": {"c": date(2026, 1, 1)}}
    with pytest.raises(RuleError, match="b: object"):
        source_from_data({"b": object()})
    with pytest.raises(RuleError, match="not finite"):
        source_from_data({"b": float("nan")})
