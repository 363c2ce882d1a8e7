"""One way to write a payload, so that its hash means one thing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from kaiyuan.errors import InputError


def canonical(payload: Mapping[str, Any]) -> str:
    """Write a payload as canonical JSON: keys sorted, no spaces, no floats, text as it is (RFC 8785 for this subset).

    Dates become ISO text. Raises InputError for a value with more than one spelling, such as a float.
    """
    return json.dumps(_plain(payload, ""), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: Any, where: str) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        if not value.isascii() and any("\ud800" <= sign <= "\udfff" for sign in value):
            raise InputError(f"a payload holds half a character at {where}", remedy="Write it in UTF-8")
        return value
    if isinstance(value, int):
        if abs(value) >= 2**53:
            raise InputError(f"a payload holds a number beyond 2^53 at {where}", remedy="Write it as text")
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str) or not key.isascii():
                raise InputError(f"a payload has a key that is not ASCII at {where}", text=str(key))
        return {key: _plain(item, f"{where}.{key}") for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, f"{where}[]") for item in value]
    raise InputError(
        f"a payload holds a {type(value).__name__} at {where}", remedy="Write numbers with decimals as text"
    )
