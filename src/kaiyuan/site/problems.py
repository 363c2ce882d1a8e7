"""How the API refuses: one list of problems (RFC 9457), each with its status, its words and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kaiyuan.apps.journal.actions import KeyReused
from kaiyuan.apps.journal.writes import Conflict, KeyMissing, Stale, VersionMissing
from kaiyuan.apps.zones.api_access import ScopeMissing, TokenMissing, language
from kaiyuan.apps.zones.api_forms import Unfit
from kaiyuan.apps.zones.rights import Absent, NotLoggedIn
from kaiyuan.errors import KaiyuanError
from kaiyuan.sheets.wording import Wording

MEDIA_TYPE = "application/problem+json"
ADDRESS = "/api/v1/docs/"


@dataclass(frozen=True)
class Problem:
    """One kind of refusal."""

    name: str
    status: int
    title: Wording
    remedy: Wording

    @property
    def type(self) -> str:
        """Give the address that tells of it."""
        return f"{ADDRESS}#{self.name}"


def _problem(name: str, status: int, *words: str) -> Problem:
    zh, en, remedy_zh, remedy_en = words
    return Problem(name, status, Wording(zh, en), Wording(remedy_zh, remedy_en))


UNREADABLE = _problem(
    "unreadable", 400, "请求无法读取", "The request cannot be read",
    "正文应为 UTF-8 编码的 JSON", "Send JSON in UTF-8",
)  # fmt: skip
KEY_MISSING = _problem(
    "key-missing", 400, "写操作缺少幂等键", "A write came without an idempotency key",
    "在 Idempotency-Key 头中放一个新的随机词，重试时放同一个",
    "Put a fresh random word into the header Idempotency-Key, and the same one when you retry",
)  # fmt: skip
NOT_LOGGED_IN = _problem(
    "not-logged-in", 401, "未登录", "Nobody is logged in",
    "带上有效的接口密钥，或先登录", "Send a key that is valid, or log in",
)  # fmt: skip
SCOPE_MISSING = _problem(
    "scope-missing", 403, "密钥没有这项权限", "The key has not this scope",
    "换用有相应权限的密钥", "Use a key that has it",
)  # fmt: skip
TOKEN_MISSING = _problem(
    "token-missing", 403, "缺少表单令牌", "The token of the form is missing",
    "浏览器会话的写操作需带 X-CSRFToken 头", "A write by the session of a browser needs the header X-CSRFToken",
)  # fmt: skip
ABSENT = _problem(
    "absent", 404, "没有找到", "Not found",
    "核对地址；不可见的与不存在的回答相同", "Check the address; what you may not see answers like what is not there",
)  # fmt: skip
CONFLICT = _problem(
    "conflict", 409, "现在的状态下不能这样做", "This cannot be done as things stand",
    "重新读取后再决定", "Read again and decide",
)  # fmt: skip
STALE = _problem(
    "stale", 412, "他人已先修改", "Somebody else changed it first",
    "重新读取，看 changes，再带上新的 ETag 提交", "Read it again, look at `changes`, and send the new ETag",
)  # fmt: skip
TOO_LARGE = _problem(
    "too-large", 413, "请求过大", "The request is too large",
    "JSON 正文不超过 2 MB", "A JSON body holds at most 2 MB",
)  # fmt: skip
INVALID = _problem(
    "invalid", 422, "内容不能使用", "What was sent cannot be used",
    "逐条看 errors：pointer 指出位置，remedy 说怎么改", "See `errors`: `pointer` says where, `remedy` what to do",
)  # fmt: skip
KEY_REUSED = _problem(
    "key-reused", 422, "幂等键已用于另一个请求", "The idempotency key came with another request before",
    "新的请求用新的键", "Use a new key for a new request",
)  # fmt: skip
VERSION_MISSING = _problem(
    "version-missing", 428, "缺少版本", "The version is missing",
    "把读取时的 ETag 放入 If-Match 头", "Put the ETag that you read into the header If-Match",
)  # fmt: skip
BROKEN = _problem(
    "broken", 500, "系统出错", "The fault is ours",
    "稍后用同一个幂等键重试；把 X-Request-Id 告诉管理员",
    "Retry later with the same idempotency key; tell the administrator the X-Request-Id",
)  # fmt: skip

PROBLEMS = (
    UNREADABLE, KEY_MISSING, NOT_LOGGED_IN, SCOPE_MISSING, TOKEN_MISSING, ABSENT, CONFLICT, STALE, TOO_LARGE,
    INVALID, KEY_REUSED, VERSION_MISSING, BROKEN,
)  # fmt: skip
OF_ERROR: dict[type[KaiyuanError], Problem] = {
    NotLoggedIn: NOT_LOGGED_IN,
    ScopeMissing: SCOPE_MISSING,
    TokenMissing: TOKEN_MISSING,
    Absent: ABSENT,
    Stale: STALE,
    Conflict: CONFLICT,
    KeyMissing: KEY_MISSING,
    KeyReused: KEY_REUSED,
    VersionMissing: VERSION_MISSING,
    KaiyuanError: INVALID,
}
"""Which refusal of the code is which problem; the nearest class counts."""


def body_of(problem: Problem, *, detail: str = "", errors: Sequence[dict[str, str]] = ()) -> dict[str, Any]:
    """Give a problem as its JSON object in the caller's language."""
    lang = language()
    body: dict[str, Any] = {
        "type": problem.type,
        "title": problem.title.text(lang=lang),
        "status": problem.status,
        "detail": detail or problem.remedy.text(lang=lang),
    }
    if errors:
        body["errors"] = list(errors)
    return body


def problem_of(error: KaiyuanError) -> Problem:
    """Give the problem that a refusal of the code is."""
    return next(OF_ERROR[kind] for kind in type(error).__mro__ if kind in OF_ERROR)


def refusal(error: KaiyuanError) -> dict[str, Any]:
    """Give a refusal of the code as a problem; one of absence tells nothing more, whatever the code knew."""
    problem = problem_of(error)
    if problem in (ABSENT, NOT_LOGGED_IN, SCOPE_MISSING, TOKEN_MISSING):
        return body_of(problem)
    said: Wording | None = getattr(error, "said", None)
    detail = said.text(lang=language()) if said is not None else error.message
    if problem is INVALID:
        return body_of(problem, errors=_findings(error, detail))
    body = body_of(problem, detail=detail)
    if isinstance(error, Conflict):
        body["changes"] = [
            {
                "name": change.name,
                "label": change.label.text(lang=language()),
                "now": change.now,
                "by": change.by,
                "at": change.at.isoformat() if change.at else None,
            }
            for change in error.changes
        ]
    return body


def _findings(error: KaiyuanError, detail: str) -> list[dict[str, str]]:
    if isinstance(error, Unfit):
        return [
            {"pointer": f"/body/{name}", "detail": words, "remedy": INVALID.remedy.text(lang=language())}
            for name, words in error.findings
        ]
    name = getattr(error, "field", None)
    words = detail if error.text is None else f"{detail}: {error.text!r}"
    return [
        {
            "pointer": "" if name is None else f"/body/{name}",
            "detail": words,
            "remedy": error.remedy or INVALID.remedy.text(lang=language()),
        }
    ]


_WORDS = {
    "missing": ("缺少这一项", "it is missing", "补上", "Add it"),
    "string_too_short": ("至少 {min_length} 个字", "at least {min_length} characters", "写长些", "Write more"),
    "string_too_long": ("最多 {max_length} 个字", "at most {max_length} characters", "写短些", "Write less"),
    "string_type": ("应为文字", "text is wanted", "放进引号", "Put it into quotes"),
    "string_unicode": ("不是有效的文字", "this is not text", "用 UTF-8 编码", "Use UTF-8"),
    "string_pattern_mismatch": ("写法不对", "it is not written as it should be", "符合 {pattern}", "Match {pattern}"),
    "greater_than_equal": ("不小于 {ge}", "{ge} or more", "改大", "Write a greater one"),
    "less_than_equal": ("不大于 {le}", "{le} or less", "改小", "Write a smaller one"),
    "int_parsing": ("应为整数", "a whole number is wanted", "只写数字", "Write digits only"),
    "int_type": ("应为整数", "a whole number is wanted", "只写数字", "Write digits only"),
    "bool_parsing": ("应为 true 或 false", "true or false is wanted", "写 true 或 false", "Write true or false"),
    "literal_error": ("没有这个选项", "there is no such choice", "选 {expected}", "Write one of {expected}"),
    "extra_forbidden": ("没有这一项", "there is no such field", "去掉", "Leave it out"),
    "date_from_datetime_parsing": ("应为日期", "a date is wanted", "写成 2026-11-20", "Write 2026-11-20"),
    "model_attributes_type": ("应为对象", "an object is wanted", "写成 {{…}}", "Write {{…}}"),
}  # fmt: skip


def field_error(found: dict[str, Any]) -> dict[str, str]:
    """Word one finding of the schema: `/body/note` or `/query/limit`, what is wrong, what to do."""
    where = [str(part) for part in found["loc"]]
    # The body comes under the name of the endpoint's parameter, which callers know nothing of.
    where = (
        ["body", *where[2 if where[0] == "body" else 1 :]] if where[0] in {"body", "form", "file"} else where
    )
    given = _WORDS.get(found["type"])
    values = found.get("ctx", {})
    if given is None:
        words, remedy = found["msg"], INVALID.remedy.text(lang=language())
    else:
        zh = language() == "zh"
        words, remedy = given[0 if zh else 1].format(**values), given[2 if zh else 3].format(**values)
    return {"pointer": "/" + "/".join(where), "detail": words, "remedy": remedy}
