"""How figures are written: grouped by «,», money in 万元 and 亿元, ratios in percent, days as ISO dates.

Numbers come exact, as fractions or whole fen, and are rounded only here, half away from zero. Where rounding would
make two different figures look alike, more decimals are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from kaiyuan.reports.units import unit_words
from kaiyuan.rulebook.units import Unit, unit

NOT_APPLICABLE = "—"
# The word for a cent is also the word for a point; in rules it means points, money is written from 元 up.
POINTS = "分"
_MOST_DECIMALS = 8
_WAN, _YI = 10_000, 100_000_000
_MILLION, _BILLION = 1_000_000, 1_000_000_000


@dataclass(frozen=True)
class Shown:
    """A figure as people read it, its unit apart, so that a page may set the unit smaller."""

    number: str
    unit: str = ""

    def __str__(self) -> str:
        if not self.unit:
            return self.number
        return self.number + self.unit if self.unit == "%" else f"{self.number} {self.unit}"


@dataclass(frozen=True)
class _Scale:
    """How a stored number becomes a shown one: multiplied, with decimals at least and at most, and a unit."""

    factor: Fraction
    unit: str
    least: int
    most: int
    plural: str = ""


def grouped(value: Fraction | int, *, least: int = 0, most: int | None = None) -> str:
    """Write a number with «,» between thousands, at least `least` and at most `most` decimals (default: `least`)."""
    most = least if most is None else max(least, most)
    scaled = abs(Fraction(value)) * 10**most
    whole = int(scaled + Fraction(1, 2))
    sign = "−" if value < 0 and whole else ""
    digits = str(whole).rjust(most + 1, "0")
    left, right = (digits[:-most], digits[-most:]) if most else (digits, "")
    while len(right) > least and right.endswith("0"):
        right = right[:-1]
    return f"{sign}{int(left):,}" + (f".{right}" if right else "")


def count(number: int) -> str:
    """Write a whole number: 12,345."""
    return grouped(number)


def percent(part: int, whole: int) -> str:
    """Write a share with one decimal: 85.7%; a share of nothing is not applicable."""
    return NOT_APPLICABLE if whole == 0 else f"{grouped(Fraction(100 * part, whole), least=1)}%"


def day(value: date) -> str:
    """Write a day: 2026-11-20."""
    return value.isoformat()


def money(fen: int, *, lang: str) -> Shown:
    """Write an amount: 万元 below one 亿, 亿元 from there on; in English yuan, million yuan, billion yuan."""
    return monies([fen], lang=lang)[0]


def monies(amounts: Sequence[int], *, lang: str) -> tuple[Shown, ...]:
    """Write several amounts of fen in one unit, the one that suits the largest."""
    yuan = [Fraction(fen, 100) for fen in amounts]
    largest = max((abs(amount) for amount in yuan), default=Fraction(0))
    scale = _money_scale(largest, largest, lang=lang)
    return tuple(_shown(amount, scale) for amount in yuan)


def quantity(value: Fraction, unit_text: str, *, lang: str, ratio: bool = False) -> Shown:
    """Write a figure in its unit: 1,098.40 万元, 4.6%, 9 年."""
    return quantities([value], unit_text, lang=lang, ratio=ratio)[0]


def quantities(
    values: Sequence[Fraction | None], unit_text: str, *, lang: str, ratio: bool = False
) -> tuple[Shown, ...]:
    """Write figures that are to be compared: one unit, the same decimals, and different when they differ.

    None must not be among what is compared; it is given back as an empty figure.
    """
    known = [_plain(value) for value in values if value is not None]
    scale = _scale(known, unit_text, lang=lang, ratio=ratio)
    decimals = max((_decimals_of(value * scale.factor, scale) for value in known), default=scale.least)
    while decimals < _MOST_DECIMALS:
        texts = {grouped(value * scale.factor, least=decimals) for value in known}
        if len(texts) == len(set(known)):
            break
        decimals += 1
    return tuple(
        Shown("") if value is None else _shown(_plain(value), scale, decimals=decimals) for value in values
    )


def difference(
    value: Fraction, beside: Sequence[Fraction | None], unit_text: str, *, lang: str, ratio: bool = False
) -> Shown:
    """Write a difference between the figures `beside`, in their unit; of ratios in percentage points."""
    value = _plain(value)
    known = [_plain(each) for each in beside if each is not None]
    scale = _scale(known, unit_text, lang=lang, ratio=ratio)
    decimals = max((_decimals_of(each * scale.factor, scale) for each in (*known, value)), default=0)
    while value and decimals < _MOST_DECIMALS and not _digits(value * scale.factor, decimals):
        decimals += 1
    shown = _shown(value, scale, decimals=decimals)
    if scale.unit == "%":
        singular = abs(value) == Fraction(1, 100)
        points = "个百分点" if lang == "zh" else ("percentage point" if singular else "percentage points")
        return Shown(shown.number, points)
    return shown


def exact_number(value: Fraction) -> int | str:
    """Give a number for JSON without loss: whole, decimal where that is finite, otherwise «n/d»."""
    value = _plain(value)
    if value.denominator == 1:
        return value.numerator
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    places = max(twos, fives)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def _plain(value: Fraction) -> Fraction:
    # Values taken from arrays may carry 64-bit numbers, which neither hash nor grow as Python's own do.
    return Fraction(int(value.numerator), int(value.denominator))


def _shown(value: Fraction, scale: _Scale, *, decimals: int | None = None) -> Shown:
    places = _decimals_of(value * scale.factor, scale) if decimals is None else decimals
    number = grouped(value * scale.factor, least=places)
    return Shown(number, scale.unit if number in ("1", "−1") else scale.plural or scale.unit)


def _digits(value: Fraction, decimals: int) -> int:
    return int(abs(value) * 10**decimals + Fraction(1, 2))


def _decimals_of(value: Fraction, scale: _Scale) -> int:
    """Give the decimals that show a value exactly, within what the scale allows."""
    for places in range(scale.least, scale.most):
        if (value * 10**places).denominator == 1:
            # Nobody writes 74,400.5 yuan: cents come in pairs.
            return 2 if places == 1 and scale.unit in ("元", "yuan") else places
    return scale.most


def _scale(values: Sequence[Fraction], unit_text: str, *, lang: str, ratio: bool) -> _Scale:
    if ratio and not unit_text:
        return _Scale(Fraction(100), "%", 0, 2)
    written = unit(unit_text)
    if written.money and unit_text != POINTS:
        sizes = [abs(value) * written.factor for value in values if value]
        least, largest = min(sizes, default=Fraction(0)), max(sizes, default=Fraction(0))
        scale = _money_scale(least, largest, lang=lang, in_yuan=unit_text == "元")
        return _Scale(scale.factor * written.factor, scale.unit, scale.least, scale.most)
    if lang == "en" and unit_text.partition("/")[0] in ("万元", "亿元", "百元", "千元"):
        return _english_per(written, unit_text)
    return _Scale(
        Fraction(1), unit_words(unit_text, lang=lang, one=True), 0, 2, unit_words(unit_text, lang=lang)
    )


def _money_scale(least: Fraction, largest: Fraction, *, lang: str, in_yuan: bool = False) -> _Scale:
    # What is compared stands in one unit: the larger one only when it suits the smallest figure too.
    if lang == "en":
        if least >= _BILLION:
            return _Scale(Fraction(1, _BILLION), "billion yuan", 2, 2)
        if least >= _MILLION:
            return _Scale(Fraction(1, _MILLION), "million yuan", 2, 2)
        return _Scale(Fraction(1), "yuan", 0, 2)
    if least >= _YI:
        return _Scale(Fraction(1, _YI), "亿元", 2, 2)
    if (in_yuan and largest < _WAN) or 0 < largest < 100:
        return _Scale(Fraction(1), "元", 0, 2)
    return _Scale(Fraction(1, _WAN), "万元", 2, 2)


def _english_per(written: Unit, unit_text: str) -> _Scale:
    head, _, rest = unit_text.partition("/")
    factor = unit(head).factor
    return _Scale(factor, f"yuan per {unit_words(rest, lang='en', one=True)}", 0, 2)
