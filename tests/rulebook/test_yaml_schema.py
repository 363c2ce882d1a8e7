"""The JSON Schemas say what the reader says: they accept every pack and refuse the same slips."""

import json
from datetime import date
from decimal import Decimal

import jsonschema
import pytest

from kaiyuan.rulebook.yaml import (
    cases_json_schema,
    facts_json_schema,
    pack_json_schema,
    rulebook_json_schema,
)
from kaiyuan.rulebook.yaml.nodes import read_source
from tests.rulebook.yaml_samples import BODY, FACTS_TEXT, HEAD

SCHEMAS = {
    "rulebook": rulebook_json_schema(),
    "cases": cases_json_schema(),
    "facts": facts_json_schema(),
    "pack": pack_json_schema(),
}


def as_json(value):
    match value:
        case dict():
            return {key: as_json(inner) for key, inner in value.items()}
        case list():
            return [as_json(inner) for inner in value]
        case Decimal():
            return float(value)
        case date():
            return value.isoformat()
    return value


def faults(kind, text):
    validator = jsonschema.Draft202012Validator(SCHEMAS[kind])
    return [error.message for error in validator.iter_errors(as_json(read_source(text).data))]


@pytest.mark.parametrize("kind", SCHEMAS)
def test_each_schema_is_a_schema_of_2020_12_and_plain_json(kind):
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[kind])
    assert SCHEMAS[kind]["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert json.loads(json.dumps(SCHEMAS[kind])) == SCHEMAS[kind]


@pytest.mark.parametrize("kind", SCHEMAS)
def test_every_key_is_described_in_chinese_and_english(kind):
    def described(part):
        for name, inner in part.get("properties", {}).items():
            text = inner.get("description", "")
            assert "· " in text and not text.isascii(), name

    described(SCHEMAS[kind])
    for part in SCHEMAS[kind].get("$defs", {}).values():
        described(part)


@pytest.mark.parametrize("kind", SCHEMAS)
def test_no_schema_offers_null(kind):
    assert '"null"' not in json.dumps(SCHEMAS[kind])


def test_every_file_of_the_packs_satisfies_its_schema(repository):
    paths = sorted((repository / "packs").rglob("*.yaml"))
    for path in paths:
        text = path.read_text(encoding="utf-8")
        kind = {"facts.yaml": "facts", "pack.yaml": "pack"}.get(path.name)
        kind = kind or ("cases" if path.name.endswith(".cases.yaml") else "rulebook")
        assert faults(kind, text) == [], path
    assert len(paths) > 4


def test_the_samples_satisfy_and_slips_do_not():
    assert faults("facts", FACTS_TEXT) == []
    assert faults("rulebook", HEAD + BODY) == []
    assert faults("rulebook", HEAD + BODY.replace("when:", "wenn:"))
    assert faults("rulebook", HEAD + BODY.replace("    clause: 第一条\n", "")) == [
        "'clause' is a required property"
    ]
    assert faults("rulebook", HEAD + BODY.replace("id: revenue, ", ""))
    assert faults("rulebook", HEAD + BODY.replace("all:", "any: []\n      all:"))
    assert faults("rulebook", HEAD + BODY.replace("kind: title", "kind: award"))
