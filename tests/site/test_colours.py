"""Every colour that carries words or a state can be told from its ground: light, dark, large text, every theme."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

import kaiyuan

SHEETS = Path(kaiyuan.__file__).parent / "site" / "static" / "kaiyuan"
TOKENS = (SHEETS / "tokens.css").read_text(encoding="utf-8")
THEMES = sorted((SHEETS / "themes").glob("*.css"))
GROUNDS = ("canvas", "surface", "surface-2")
# Words on grounds: WCAG 1.4.3.
WORDS = [
    *product(("ink", "ink-2", "ink-3", "brand", "brand-hover", "ok", "warn", "bad", "ask", "mute"), GROUNDS),
    *(("ink", f"{kind}-tint") for kind in ("brand", "ok", "warn", "bad", "ask", "mute")),
    *((kind, f"{kind}-tint") for kind in ("brand", "ok", "warn", "bad", "ask", "mute")),
    *(("ink-2", ground) for ground in ("sunken", "brand-tint", "warn-tint")),
    *(("ink-3", ground) for ground in ("sunken", "brand-tint", "warn-tint")),
    ("brand-ink", "brand"), ("brand-ink", "brand-hover"), ("brand-ink", "c-1"),
    ("gate-ink", "gate"), ("gate-ink-2", "gate"), ("surface", "ink"),
]  # fmt: skip
# Borders of controls, marks of states and the focus ring: WCAG 1.4.11.
MARKS = [
    *product(("control", "c-1", "c-2", "c-mark", "c-warn", "c-bad", "c-ok", "focus"), ("canvas", "surface")),
    ("c-warn", "warn-tint"),
    ("c-1", "c-0"),
]


def block(sheet: str, *, dark: bool) -> dict[str, str]:
    """Give the colours that a sheet sets, in light or in dark."""
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.S)
    rules = re.split(r"(?=@media)", sheet)
    fitting = [
        rule
        for rule in rules
        if (("prefers-color-scheme: dark" in rule) if dark else not rule.startswith("@media"))
    ]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-fA-F]{3,6})\b", "\n".join(fitting)))


def colours(theme: Path | None, *, dark: bool) -> dict[str, str]:
    """Give every colour as the cascade leaves it."""
    sheets = [TOKENS] if theme is None else [TOKENS, theme.read_text(encoding="utf-8")]
    found: dict[str, str] = {}
    for mode in (False, True) if dark else (False,):
        for sheet in sheets:
            found |= block(sheet, dark=mode)
    return found


def luminance(colour: str) -> float:
    """Give the relative luminance of #rgb or #rrggbb (WCAG 2.2)."""
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_measured_as_the_standard_measures_it():
    assert round(contrast("#fff", "#000000"), 2) == 21.0
    assert round(contrast("#1677ff", "#ffffff"), 2) == 4.10


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("theme", [None, *THEMES], ids=lambda theme: theme.stem if theme else "own")
def test_words_and_marks_stand_out_from_their_ground(theme, dark):
    have = colours(theme, dark=dark)
    faint = [
        f"{front} on {ground}: {contrast(have[front], have[ground]):.2f}, needs {least}"
        for needs, least in ((WORDS, 4.5), (MARKS, 3.0))
        for front, ground in needs
        if contrast(have[front], have[ground]) < least
    ]
    assert not faint


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.stem)
def test_a_theme_sets_known_colours_and_nothing_else(theme):
    known = set(colours(None, dark=False))
    sheet = re.sub(r"/\*.*?\*/", "", theme.read_text(encoding="utf-8"), flags=re.S)
    set_here = set(re.findall(r"--([\w-]+):", sheet))
    assert set_here and set_here <= known
    assert not re.search(r"(?m)^\s*(?!--)[a-z-]+\s*:", re.sub(r"@media[^{]*|:root[^{]*", "", sheet))


@pytest.mark.parametrize("sheet", sorted(SHEETS.glob("*.css")), ids=lambda sheet: sheet.stem)
def test_colours_are_named_in_the_tokens_alone(sheet):
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.S)
    allowed = {"#fff"} if sheet.stem in {"print", "shell"} else set()
    found = set(re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*[;}])", text)) - allowed
    assert not found or sheet.stem == "tokens"


@pytest.mark.parametrize("sheet", sorted(SHEETS.glob("*.css")), ids=lambda sheet: sheet.stem)
def test_sheets_stay_within_what_old_kernels_know(sheet):
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.S)
    assert not re.search(r":has\(|@container|@layer|\bpopover\b|field-sizing|&[ :.]|color-mix|https?:", text)
