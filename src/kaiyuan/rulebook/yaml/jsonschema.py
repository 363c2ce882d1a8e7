"""JSON Schemas (2020-12) for editors, generated from the same models that the reader uses."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from kaiyuan.rulebook.yaml.schema import RulebookModel
from kaiyuan.rulebook.yaml.schema_cases import CasesFileModel, FactsFileModel, PackModel

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def rulebook_json_schema() -> dict[str, Any]:
    """Give the JSON Schema of a rulebook file."""
    return _schema(RulebookModel, "Kaiyuan rulebook · 开园规则册")


def cases_json_schema() -> dict[str, Any]:
    """Give the JSON Schema of a file of cases beside a rulebook."""
    return _schema(CasesFileModel, "Kaiyuan cases · 开园用例")


def facts_json_schema() -> dict[str, Any]:
    """Give the JSON Schema of a fact dictionary."""
    return _schema(FactsFileModel, "Kaiyuan fact dictionary · 开园事实字典")


def pack_json_schema() -> dict[str, Any]:
    """Give the JSON Schema of a pack.yaml."""
    return _schema(PackModel, "Kaiyuan pack · 开园规则包")


def _schema(model: type[BaseModel], title: str) -> dict[str, Any]:
    schema = _without_nulls(model.model_json_schema(by_alias=True))
    assert isinstance(schema, dict)
    return {"$schema": DIALECT, **schema, "title": title}


def _without_nulls(value: Any) -> Any:
    """Take the null branches out: in a rule file an absent key is left out, never written as null."""
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    if not isinstance(value, dict):
        return value
    result = {
        key: _without_nulls(inner) for key, inner in value.items() if not (key == "default" and inner is None)
    }
    choices = result.get("anyOf")
    if isinstance(choices, list):
        kept = [choice for choice in choices if choice != {"type": "null"}]
        if len(kept) == 1 and len(kept) < len(choices):
            del result["anyOf"]
            result = {**kept[0], **result}
        else:
            result["anyOf"] = kept
    return result
