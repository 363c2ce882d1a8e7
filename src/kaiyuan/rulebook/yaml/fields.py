"""The kinds of single values a rule file holds, each strict, exact and with its own sentence when refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal, NoReturn, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_DOTTED = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")
_FACT_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_RESERVED_FACTS = frozenset({"subject", "subject_name", "source_line", "score", "otherwise", "unknown"})


class FileModel(BaseModel):
    """A part of a rule file: unknown keys are refused, nothing is converted in silence."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, arbitrary_types_allowed=True)

    @model_validator(mode="before")
    @classmethod
    def _remember_model(cls, data: Any, info: ValidationInfo) -> Any:
        # So that a refused key can be answered with the keys this very part knows.
        if isinstance(info.context, dict):
            info.context["models"][id(data)] = cls
        return data


def refuse(message: str, remedy: str) -> NoReturn:
    """Raise a refusal that the reader turns into a sentence with file and line."""
    raise PydanticCustomError("refused", "{sentence}", {"sentence": message, "remedy": remedy})


def _text(value: object) -> str:
    if isinstance(value, str) and value.strip():
        return value.strip()
    if isinstance(value, str):
        refuse("the text is empty", "Write a text, or take the key out")
    if isinstance(value, dict | list):
        refuse(
            "a text is wanted here",
            "Write one text; put it between quotation marks when it holds , : [ ] { }",
        )
    refuse("a text is wanted here", "Put it between quotation marks if it is meant as a text")


def _matching(pattern: re.Pattern[str], what: str, remedy: str) -> Callable[[object], str]:
    def check(value: object) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value) or "__" in value:
            refuse(f"this cannot be {what}", remedy)
        return value

    return check


def _fact_name(value: object) -> str:
    if isinstance(value, str) and value in _RESERVED_FACTS:
        refuse("this name is taken by the tables themselves", "Give the fact another name")
    return _matching(
        _FACT_NAME,
        "a fact's name",
        "Use lower-case ASCII words joined by single «_», such as rd_expense; put Chinese into label",
    )(value)


def _number(value: object) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | Fraction):
        refuse(
            "a number is wanted here",
            "Write digits only, such as 1500 or 0.03, without unit, % or quotation marks",
        )
    return Fraction(value)


def _count(value: object) -> int:
    number = _number(value)
    if number.denominator != 1 or number < 0:
        refuse("a whole number is wanted here", "Write a whole number such as 2")
    return int(number)


def _day(value: object) -> date:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    if type(value) is not date:
        refuse("a day is wanted here", "Write it as 2026-04-01")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        refuse("true or false is wanted here", "Write true or false; other words are texts")
    return value


def _amount(value: object) -> Fraction | str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal | Fraction):
        refuse(
            "a number or an expression is wanted here",
            'Write a number, ":parameter" or an expression of facts',
        )
    return Fraction(value)


def _expression(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        refuse(
            "an expression is wanted here",
            "Write a condition such as 营业收入 >= 1500; in quotation marks if it begins with «:»",
        )
    return value


def _points(value: object) -> tuple[Fraction, Fraction]:
    if isinstance(value, list):
        if len(value) != 2:
            refuse("points are a number or [lowest, highest]", "Write points: 20 or points: [25, 30]")
        low, high = _number(value[0]), _number(value[1])
        if low > high:
            refuse("the lowest points are above the highest", "Write points: [lowest, highest]")
        return low, high
    return _number(value), _number(value)


def _parameter_content(value: object) -> Fraction | str | dict[str, Fraction]:
    if isinstance(value, dict):
        return {str(word): _number(content) for word, content in value.items()}
    return _amount(value)


def _version(value: object) -> str:
    # 2026.11 is a version and not a number; a Decimal keeps the zero of 2026.10.
    return str(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else _text(value)


def _scalar(value: object) -> object:
    if isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(item, dict | list) for item in value)
    ):
        refuse(
            "a fact's value is a number, word, day, true, false, unknown, or a list of years",
            "Write the value alone",
        )
    return value


def _bound(value: object) -> object:
    if isinstance(value, bool | dict | list):
        refuse("a limit is a number, a word, a day or an expression", "Write one value, or a list after in:")
    return value


def _expected_score(value: object) -> tuple[Fraction, Fraction]:
    return _points(value)


def _expected_amount(value: object) -> Fraction | Literal["unknown"]:
    return "unknown" if value == "unknown" else _number(value)


def _answer(value: object) -> str:
    if value not in ("yes", "no", "unknown") or not isinstance(value, str):
        refuse("this is not an answer", "Write yes, no or unknown")
    return value


_NUMBER_SCHEMA = {"type": "number"}
_TEXT_SCHEMA = {"type": "string", "minLength": 1}
_AMOUNT_SCHEMA = {"anyOf": [_NUMBER_SCHEMA, _TEXT_SCHEMA]}
_PAIR_SCHEMA = {
    "anyOf": [_NUMBER_SCHEMA, {"type": "array", "items": _NUMBER_SCHEMA, "minItems": 2, "maxItems": 2}]
}
_SCALAR_SCHEMA = {"type": ["string", "number", "boolean"]}
_ANSWER_SCHEMA = {"enum": ["yes", "no", "unknown"]}

Text: TypeAlias = Annotated[str, PlainValidator(_text), WithJsonSchema(_TEXT_SCHEMA)]
Identifier: TypeAlias = Annotated[
    str,
    PlainValidator(
        _matching(
            _IDENTIFIER,
            "an id",
            "Begin with a letter; use ASCII letters, digits and single «_», such as rd_ratio",
        )
    ),
    WithJsonSchema({"type": "string", "pattern": "^[A-Za-z](_?[A-Za-z0-9])*$"}),
]
DottedIdentifier: TypeAlias = Annotated[
    str,
    PlainValidator(
        _matching(
            _DOTTED,
            "a rulebook's name",
            "Use lower-case words joined by «_» and «.», such as national.cultivation",
        )
    ),
    WithJsonSchema({"type": "string", "pattern": "^[a-z][a-z0-9_]*(\\.[a-z0-9_]+)*$"}),
]
FactName: TypeAlias = Annotated[str, BeforeValidator(_fact_name)]
Number: TypeAlias = Annotated[Fraction, PlainValidator(_number), WithJsonSchema(_NUMBER_SCHEMA)]
Count: TypeAlias = Annotated[int, PlainValidator(_count), WithJsonSchema({"type": "integer", "minimum": 0})]
Day: TypeAlias = Annotated[date, PlainValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Flag: TypeAlias = Annotated[bool, PlainValidator(_flag), WithJsonSchema({"type": "boolean"})]
Amount: TypeAlias = Annotated[Fraction | str, PlainValidator(_amount), WithJsonSchema(_AMOUNT_SCHEMA)]
Expression: TypeAlias = Annotated[str, PlainValidator(_expression), WithJsonSchema(_TEXT_SCHEMA)]
Points: TypeAlias = Annotated[
    tuple[Fraction, Fraction], PlainValidator(_points), WithJsonSchema(_PAIR_SCHEMA)
]
ParameterContent: TypeAlias = Annotated[
    Fraction | str | dict[str, Fraction],
    PlainValidator(_parameter_content),
    WithJsonSchema(
        {"anyOf": [_NUMBER_SCHEMA, _TEXT_SCHEMA, {"type": "object", "additionalProperties": _NUMBER_SCHEMA}]}
    ),
]
Version: TypeAlias = Annotated[
    str, PlainValidator(_version), WithJsonSchema({"anyOf": [_TEXT_SCHEMA, _NUMBER_SCHEMA]})
]
Bound: TypeAlias = Annotated[object, PlainValidator(_bound), WithJsonSchema({"type": ["string", "number"]})]
FactValue: TypeAlias = Annotated[
    object,
    PlainValidator(_scalar),
    WithJsonSchema({"anyOf": [_SCALAR_SCHEMA, {"type": "array", "items": _SCALAR_SCHEMA, "minItems": 1}]}),
]
ExpectedScore: TypeAlias = Annotated[
    tuple[Fraction, Fraction], PlainValidator(_expected_score), WithJsonSchema(_PAIR_SCHEMA)
]
ExpectedAmount: TypeAlias = Annotated[
    Fraction | Literal["unknown"],
    PlainValidator(_expected_amount),
    WithJsonSchema({"anyOf": [_NUMBER_SCHEMA, {"const": "unknown"}]}),
]
Answer: TypeAlias = Annotated[
    Literal["yes", "no", "unknown"], PlainValidator(_answer), WithJsonSchema(_ANSWER_SCHEMA)
]


def written(value: object) -> str:
    """Give a number, word or day as an author writes it: fractions as decimals where they end."""
    if isinstance(value, Fraction):
        if value.denominator == 1:
            return str(value.numerator)
        digits = next((n for n in range(1, 19) if (value * 10**n).denominator == 1), None)
        if digits is None:
            return f"{value.numerator}/{value.denominator}"
        sign, whole = ("-" if value < 0 else ""), str(abs(value.numerator) * 10**digits // value.denominator)
        whole = whole.rjust(digits + 1, "0")
        return f"{sign}{whole[:-digits]}.{whole[-digits:]}"
    return str(value)
