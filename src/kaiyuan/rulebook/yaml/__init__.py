"""Rule files in strict YAML: read into the model, refused with file, line and remedy, described as JSON Schema."""

from kaiyuan.rulebook.yaml.facts_reader import facts_from_data, read_facts
from kaiyuan.rulebook.yaml.faults import RuleFileError
from kaiyuan.rulebook.yaml.jsonschema import (
    cases_json_schema,
    facts_json_schema,
    pack_json_schema,
    rulebook_json_schema,
)
from kaiyuan.rulebook.yaml.reader import read_rulebook, rulebook_from_data

__all__ = [
    "RuleFileError",
    "cases_json_schema",
    "facts_from_data",
    "facts_json_schema",
    "pack_json_schema",
    "read_facts",
    "read_rulebook",
    "rulebook_from_data",
    "rulebook_json_schema",
]
