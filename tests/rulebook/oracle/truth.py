"""Three-valued truth, as Kleene wrote it down: True, False, and None for unknown."""

from __future__ import annotations

from collections.abc import Iterable

Truth = bool | None


def negation(value: Truth) -> Truth:
    """Turn true into false and false into true; unknown stays unknown."""
    return None if value is None else not value


def conjunction(values: Iterable[Truth]) -> Truth:
    """Give false if one is false, else unknown if one is unknown, else true (so: true of nothing)."""
    seen = list(values)
    if any(value is False for value in seen):
        return False
    if any(value is None for value in seen):
        return None
    return True


def disjunction(values: Iterable[Truth]) -> Truth:
    """Give true if one is true, else unknown if one is unknown, else false (so: false of nothing)."""
    seen = list(values)
    if any(value is True for value in seen):
        return True
    if any(value is None for value in seen):
        return None
    return False


def at_least(n: int, values: Iterable[Truth]) -> Truth:
    """Give true if n are true, false if n cannot be reached even with every unknown, else unknown."""
    seen = list(values)
    true = sum(1 for value in seen if value is True)
    possible = sum(1 for value in seen if value is not False)
    if true >= n:
        return True
    if possible < n:
        return False
    return None
