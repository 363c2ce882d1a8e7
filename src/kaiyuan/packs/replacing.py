"""One rulebook in the place of its namesake, for what-if."""

from __future__ import annotations

from pathlib import Path

from kaiyuan.errors import RuleError
from kaiyuan.rulebook.model import RuleSet
from kaiyuan.rulebook.yaml import read_rulebook


def replaced_policy(rules: RuleSet, path: Path) -> RuleSet:
    """Give the rules with the rulebook in `path` in the place of those of its name that are in force with it.

    A rulebook of a new name is added. Raises `RuleError` when the file is not acceptable, or when it has an
    assessment that another rulebook has on the same day.
    """
    book = read_rulebook(path, facts=rules.facts)
    kept = [b for b in rules.rulebooks if b.id != book.id or not b.window.overlaps(book.window)]
    for other in kept:
        for theirs in other.assessments:
            for mine in book.assessments:
                if mine.id == theirs.id and mine.window.overlaps(theirs.window):
                    raise RuleError(
                        f"rulebook {other.id} has this assessment on the same day",
                        file=str(path),
                        line=mine.place.line or None,
                        text=mine.id,
                        remedy=f"Name the rulebook {other.id} to replace it, or give the assessment an id of its own",
                    )
    return RuleSet(rules.facts, (*kept, book))
