"""How a name is found by its sound: pinyin without tones, and the first letters of each character."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from pypinyin import lazy_pinyin

# The widths of the columns; a longer name is found by its beginning.
MOST_INITIALS, MOST_SOUND = 200, 600


@dataclass(frozen=True)
class Sound:
    """A name as it is typed on a keyboard."""

    initials: str
    full: str


def sound_of(name: str) -> Sound:
    """Give the sound of a name: 示例软件 → initials `slrj`, full `shiliruanjian`; letters and figures stay.

    A character with several readings has the one that its word asks for (银行 → `yinhang`).
    """
    # Each part is the pinyin of one Chinese character, or a run of everything else as it stands.
    parts = [_plain(part) for part in lazy_pinyin(unicodedata.normalize("NFKC", name), errors=_kept)]
    initials = "".join(part if part[:1].isdigit() or part.startswith(_MARK) else part[:1] for part in parts)
    full = "".join(parts)
    return Sound(initials.replace(_MARK, "")[:MOST_INITIALS], full.replace(_MARK, "")[:MOST_SOUND])


_MARK = "\x00"


def _kept(run: str) -> str:
    # What is no Chinese character is marked, so that «ABC» keeps all its letters among the initials.
    return _MARK + run


def _plain(part: str) -> str:
    return "".join(sign for sign in part.lower() if sign.isalnum() or sign == _MARK).replace("ü", "v")
