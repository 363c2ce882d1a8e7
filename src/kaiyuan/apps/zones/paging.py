"""Long lists in pages, and the kinds of values that addresses and bodies of the API may hold.

A list goes on after the last row that was seen, not after a number of rows, so that rows which come in between are
neither shown twice nor left out. The cursor that says so is signed: only one that we gave is taken back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

from django.core import signing
from django.db.models import Model, Q, QuerySet
from ninja import Field, Schema
from pydantic import AfterValidator

from kaiyuan.errors import InputError

Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")

NO_NUL = r"^[^\x00]*$"
Words = Annotated[str, Field(max_length=500, pattern=NO_NUL)]
"""Text of a call: databases know no character NUL."""
Code = Annotated[str, Field(min_length=1, max_length=40, pattern=NO_NUL, examples=["91370800MA0000015H"])]
"""The code of an enterprise."""
Name = Annotated[str, Field(min_length=1, max_length=64, pattern=NO_NUL)]
"""The name of a fact, of a rulebook, of an assessment."""
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2999, 12, 31))]
"""A day in Asia/Shanghai."""
Number = Annotated[int, Field(ge=1, le=2**53 - 1)]
"""The number of a row or of an event."""


def _of_our_time(value: datetime) -> datetime:
    if value.tzinfo is None or not 1900 <= value.year <= 2999:
        raise ValueError("a moment between 1900 and 2999 with its offset is wanted")
    return value


Moment = Annotated[datetime, AfterValidator(_of_our_time)]
"""A moment with its offset from UTC."""


class Paging(Schema):
    """How a list is asked for: where to go on, and how many at most."""

    cursor: Annotated[str, Field(max_length=500, pattern=NO_NUL)] = Field(
        "", description="`next` of the page before; empty: from the beginning"
    )
    limit: int = Field(50, ge=1, le=200, description="How many items at most")


class Page(Schema, Generic[Item]):
    """One page of a list; `next` is the cursor of the page after it, null at the end."""

    items: list[Item]
    next: str | None


def page_of(
    rows: QuerySet[Row], *, order: Sequence[str], paging: Paging, name: str
) -> tuple[list[Row], str | None]:
    """Give the rows of one page and the cursor of the next.

    `order` names the fields, `-` before one that falls; together they tell every two rows apart and none is null.
    `name` says which list it is, so that a cursor of one list is no good in another. Raises InputError for a cursor
    that is not ours.
    """
    fields = [field.removeprefix("-") for field in order]
    rows = rows.order_by(*order)
    if paging.cursor:
        rows = rows.filter(_after(order, _seen(paging.cursor, name=name, fields=fields)))
    found = list(rows[: paging.limit + 1])
    if len(found) <= paging.limit:
        return found, None
    found = found[: paging.limit]
    return found, _signed([_plain(found[-1], field) for field in fields], name=name)


def slice_of(items: Sequence[Item], *, paging: Paging, name: str) -> tuple[list[Item], str | None]:
    """Give one page of what is in memory as a whole, such as the rules, and the cursor of the next; see page_of."""
    start = _seen(paging.cursor, name=name, fields=["position"])[0] if paging.cursor else 0
    end = start + paging.limit
    return list(items[start:end]), _signed([end], name=name) if end < len(items) else None


def seen_number(paging: Paging, *, name: str) -> int | None:
    """Give the number after which a list goes on, None at its beginning; for lists that page by a number already."""
    return int(_seen(paging.cursor, name=name, fields=["number"])[0]) if paging.cursor else None


def cursor_after(number: int | None, *, name: str) -> str | None:
    """Give the cursor that goes on after a number, None at the end; see seen_number."""
    return None if number is None else _signed([number], name=name)


def _after(order: Sequence[str], seen: Sequence[Any]) -> Q:
    # (a, b) > (x, y) written out: a > x or (a = x and b > y).
    after, same = Q(pk__in=[]), Q()
    for field, value in zip(order, seen, strict=True):
        name = field.removeprefix("-")
        after |= same & Q(**{f"{name}__{'lt' if field.startswith('-') else 'gt'}": value})
        same &= Q(**{name: value})
    return after


def _plain(row: Model, field: str) -> Any:
    value: Any = row
    for part in field.split("__"):
        value = getattr(value, part)
    return value if isinstance(value, int | str) else value.isoformat()


def _signed(values: list[Any], *, name: str) -> str:
    return signing.dumps(values, salt=f"cursor of {name}")


def _seen(cursor: str, *, name: str, fields: Sequence[str]) -> list[Any]:
    try:
        seen: list[Any] = signing.loads(cursor, salt=f"cursor of {name}")
    except signing.BadSignature:
        seen = []
    if len(seen) != len(fields):
        raise InputError("this cursor is not one that this list gave", remedy="Begin again without a cursor")
    return seen
