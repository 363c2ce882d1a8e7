"""What every operation of the API has in common, put into its description: keys, versions, tags, problems."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from kaiyuan.site.problems import MEDIA_TYPE, PROBLEMS

Description = TypeVar("Description", bound=dict[str, Any])
DESCRIPTION = """\
Everything a page can do. Amounts are whole fen, days are ISO 8601 in Asia/Shanghai, null is unknown.

* **Who calls**: `Authorization: Bearer ky_…`, or the session of a browser. What you may not see answers 404, like what
  is not there.
* **Writes** need an `Idempotency-Key`; a retry with the same key and body gets the same answer and does nothing twice.
* **Two people editing**: send the `ETag` that you read as `If-Match`; if somebody was first you get 412 with `changes`.
* **Lists** give `items` and `next`; send `next` back as `cursor`.
* **Refusals** are `application/problem+json` (RFC 9457) in the language of `Accept-Language`.
"""
WRITES = frozenset({"post", "put", "patch", "delete"})
VERSIONED = {"x-versioned": True}
"""What an endpoint gives as `openapi_extra` when its act takes the version that was seen."""

PROBLEM: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "A refusal (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "enum": [problem.type for problem in PROBLEMS]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail", "remedy"],
                "properties": {
                    "pointer": {"type": "string"},
                    "detail": {"type": "string"},
                    "remedy": {"type": "string"},
                },
                "additionalProperties": False,
            },
        },
        "changes": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "label", "now", "by", "at"],
                "properties": {
                    "name": {"type": "string"},
                    "label": {"type": "string"},
                    "now": {"type": "string"},
                    "by": {"type": "string"},
                    "at": {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]},
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "A fresh random word for each act; the same one again for a retry of the same act.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 80, "pattern": "^[!-~]+$"},
}
_SEEN = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag that you read.",
    "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
}
_HELD = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of the answer that you hold; 304 if it is still the answer.",
    "schema": {"type": "string", "pattern": '^"[0-9a-f]{1,32}"$'},
}
_TAG = {"ETag": {"description": "The version of what was answered.", "schema": {"type": "string"}}}


def completed(description: Description) -> Description:
    """Give the description with what all operations have in common."""
    for operations in description["paths"].values():
        for method, operation in operations.items():
            _complete(method, operation)
    components = description["components"]
    components["schemas"]["Problem"] = PROBLEM
    components["parameters"] = {"IdempotencyKey": _KEY, "IfMatch": _SEEN, "IfNoneMatch": _HELD}
    components["responses"] = {
        "NotModified": {"description": "You hold it already", "headers": _TAG},
        **{_name(problem.status): _refusal(problem.status) for problem in PROBLEMS},
    }
    return description


def _complete(method: str, operation: dict[str, Any]) -> None:
    writes, versioned = method in WRITES, operation.pop("x-versioned", False)
    statuses = {401, 403, 404, 422}
    if writes:
        operation["parameters"].append({"$ref": "#/components/parameters/IdempotencyKey"})
        statuses |= {400, 409, 413}
    else:
        operation["parameters"].append({"$ref": "#/components/parameters/IfNoneMatch"})
        operation["responses"][304] = {"$ref": "#/components/responses/NotModified"}
    if versioned:
        operation["parameters"].append({"$ref": "#/components/parameters/IfMatch"})
        statuses |= {412, 428}
    for status in sorted(statuses):
        operation["responses"][status] = {"$ref": f"#/components/responses/{_name(status)}"}
    if 200 in operation["responses"]:
        operation["responses"][200]["headers"] = _TAG


def _name(status: int) -> str:
    return f"Problem{status}"


def _refusal(status: int) -> dict[str, Any]:
    return {
        "description": " / ".join(problem.title.en for problem in PROBLEMS if problem.status == status),
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


@dataclass(frozen=True)
class Shown:
    """One operation as the page of the API shows it."""

    method: str
    path: str
    summary: str
    description: str
    inputs: tuple[tuple[str, str, bool], ...]
    statuses: tuple[str, ...]


def operations_of(description: dict[str, Any]) -> dict[str, list[Shown]]:
    """Give the operations by their tag, for reading: inputs as (name, where, required), statuses as text."""
    groups: dict[str, list[Shown]] = {}
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            asked = [_resolved(description, each) for each in operation["parameters"]]
            inputs = [(each["name"], each["in"], each["required"]) for each in asked]
            for content in operation.get("requestBody", {}).get("content", {}).values():
                schema = _resolved(description, content["schema"])
                required = schema.get("required", ())
                inputs += [(name, "body", name in required) for name in schema.get("properties", {})]
            shown = Shown(
                method.upper(),
                path,
                operation["summary"],
                operation.get("description", ""),
                tuple(inputs),
                tuple(str(status) for status in operation["responses"]),
            )
            groups.setdefault(operation.get("tags", [""])[0], []).append(shown)
    return groups


def _resolved(description: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref")
    found: dict[str, Any] = schema
    if reference is not None:
        found = description
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
    return found
