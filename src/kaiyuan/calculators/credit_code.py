"""The unified social credit code (GB 32100-2015): read it, check it, and say exactly what is wrong with it.

A code has 18 signs: registering office (1), class (2), division of first registration (3–8), organisation code
with its own check sign (9–17), check sign (18). Older papers carry a registration number of 15 digits, which is
something else and is told apart. Nothing is corrected: a wrong sign is named, never replaced.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS: tuple[int, ...] = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
LENGTH = 18
REGISTRATION_NUMBER_LENGTH = 15
ORGANISATION_CODE_LENGTH = 9

# Made-up codes carry this division, which GB/T 2260 does not know and never will.
SYNTHETIC_DIVISION = "999999"

_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_VALUES = {sign: value for value, sign in enumerate(ALPHABET)}

# The first two digits of GB/T 2260: provinces, autonomous regions, municipalities, special regions. 10 is the
# State Administration for Market Regulation itself, which registers central enterprises.
_PROVINCES = (
    "10 11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82"
)
PROVINCES: frozenset[str] = frozenset(_PROVINCES.split())

# Signs the alphabet leaves out because they are taken for another one.
_TAKEN_FOR = {"I": "1", "O": "0", "S": "5", "Z": "2", "V": "U"}

CodeKind = Literal["valid", "registration_number", "empty", "wrong_length", "wrong_sign", "wrong_check"]


@dataclass(frozen=True)
class CreditCode:
    """What one cell of a code column holds."""

    written: str
    text: str
    kind: CodeKind
    position: int | None = None
    found: str | None = None
    expected: str | None = None

    @property
    def valid(self) -> bool:
        """Tell whether this is a code of 18 signs whose check sign is right."""
        return self.kind == "valid"

    @property
    def usable(self) -> bool:
        """Tell whether this can stand for an enterprise: a valid code, or a registration number of 15 digits."""
        return self.kind in ("valid", "registration_number")

    @property
    def division(self) -> str | None:
        """Give the six digits of the division of first registration (not the place of today), or None."""
        return self.text[2:8] if self.valid else None

    @property
    def division_known(self) -> bool | None:
        """Tell whether the division begins with a province code; zones have divisions of their own, so a
        doubt warns and never rejects. None when there is no valid code.
        """
        division = self.division
        return None if division is None else division[:2] in PROVINCES and division.isdigit()

    @property
    def synthetic(self) -> bool:
        """Tell whether this is a made-up code of demonstration data."""
        return self.division == SYNTHETIC_DIVISION

    @property
    def organisation_check(self) -> bool | None:
        """Tell whether the organisation code inside (GB 11714) carries its right check sign, or None."""
        if not self.valid:
            return None
        return organisation_check_sign(self.text[8:16]) == self.text[16]

    @property
    def reason_zh(self) -> str:
        """Give what is wrong in Chinese; empty for a valid code."""
        match self.kind:
            case "valid":
                return ""
            case "empty":
                return "没有填写统一社会信用代码"
            case "registration_number":
                return "这是15位工商注册号，不是18位统一社会信用代码"
            case "wrong_length":
                extra = "（9位是组织机构代码）" if len(self.text) == ORGANISATION_CODE_LENGTH else ""
                return f"统一社会信用代码应为18位，这里是{len(self.text)}位{extra}"
            case "wrong_sign":
                return f"第{self.position}位“{self.found}”不是统一社会信用代码使用的字符"
            case "wrong_check":
                return f"第18位校验码应为“{self.expected}”，这里是“{self.found}”"

    @property
    def reason_en(self) -> str:
        """Give what is wrong in English; empty for a valid code."""
        match self.kind:
            case "valid":
                return ""
            case "empty":
                return "no credit code is given"
            case "registration_number":
                return "this is a 15-digit registration number, not an 18-sign credit code"
            case "wrong_length":
                extra = (
                    " (9 signs make an organisation code)"
                    if len(self.text) == ORGANISATION_CODE_LENGTH
                    else ""
                )
                return f"a credit code has 18 signs, this has {len(self.text)}{extra}"
            case "wrong_sign":
                return f"sign {self.position}, {self.found!r}, is not used in credit codes"
            case "wrong_check":
                return f"check sign 18 should be {self.expected!r}, it is {self.found!r}"

    @property
    def remedy_zh(self) -> str:
        """Give what to do about it in Chinese; empty when nothing is to be done."""
        match self.kind:
            case "wrong_sign" if self.expected is not None:
                return f"请核对营业执照：是否应为“{self.expected}”"
            case "wrong_length" if looks_like_a_rounded_number(self.written):
                return "表格软件把代码当成了数字，末几位已丢失；请把该列设为文本格式后重新录入"
            case "valid" | "registration_number":
                return ""
        return "请按营业执照核对后更正"

    @property
    def remedy_en(self) -> str:
        """Give what to do about it in English; empty when nothing is to be done."""
        match self.kind:
            case "wrong_sign" if self.expected is not None:
                return f"Compare with the business licence: is it {self.expected!r}?"
            case "wrong_length" if looks_like_a_rounded_number(self.written):
                return "The sheet took the code for a number and lost its last digits; set the column to text, type it again"
            case "valid" | "registration_number":
                return ""
        return "Compare with the business licence and correct it"


def check_credit_code(text: str) -> CreditCode:
    """Give what `text` is: a valid code, a 15-digit registration number, or which sign of it is wrong.

    Width, case, spaces, hyphens and invisible signs do not matter. Source: GB 32100-2015.
    """
    code = normal_form(text)
    if not code:
        return CreditCode(text, code, "empty")
    if len(code) == REGISTRATION_NUMBER_LENGTH and code.isascii() and code.isdigit():
        return CreditCode(text, code, "registration_number")
    if len(code) != LENGTH:
        return CreditCode(text, code, "wrong_length")
    for position, sign in enumerate(code, start=1):
        if sign not in _VALUES:
            return CreditCode(text, code, "wrong_sign", position, sign, _TAKEN_FOR.get(sign))
    expected = check_sign(code[:17])
    if code[17] != expected:
        return CreditCode(text, code, "wrong_check", LENGTH, code[17], expected)
    return CreditCode(text, code, "valid")


def check_sign(first: str) -> str:
    """Give the eighteenth sign for the first seventeen, all of them of the code's alphabet."""
    total = sum(_VALUES[sign] * weight for sign, weight in zip(first, WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def organisation_check_sign(first: str) -> str:
    """Give the ninth sign of an organisation code (GB 11714) for its first eight digits or letters."""
    total = sum(int(sign, 36) * weight for sign, weight in zip(first, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def normal_form(text: str) -> str:
    """Give `text` in capitals and half width, without spaces, hyphens, quotes and signs that cannot be seen."""
    plain = "".join(_half_width(sign) for sign in text)
    return "".join(sign for sign in plain if sign.isprintable() and sign not in " -'‘’`·").upper()


def looks_like_a_rounded_number(text: str) -> bool:
    """Tell whether a sheet program has turned a code into a number such as 9.15101E+17."""
    mantissa, e, exponent = text.strip().upper().partition("E+")
    return bool(e) and exponent.isdigit() and mantissa.replace(".", "", 1).isdigit()


def _half_width(sign: str) -> str:
    if "\uff01" <= sign <= "\uff5e":
        return chr(ord(sign) - 0xFEE0)
    return " " if sign.isspace() else sign
