"""The answer itself in words: what stands at the top of a page and on the first line of a terminal."""

from __future__ import annotations

from kaiyuan.reports.figures import quantity
from kaiyuan.reports.reasons import answers_by_id
from kaiyuan.reports.words import answer_word, counted, say
from kaiyuan.rulebook.explanation import Explanation, ScoreAnswer


def answer_shown(explanation: Explanation, *, lang: str) -> str:
    """Give the word of the answer; where subjects are put into classes, the class."""
    if explanation.tier is not None and explanation.verdict == "yes":
        return explanation.tier[1].get(lang) or explanation.tier[0]
    return answer_word(explanation.answer, lang=lang)


def is_open(explanation: Explanation) -> bool:
    """Tell whether missing facts keep the answer, or the class of an eligible subject, open."""
    e = explanation
    return e.answer == "unknown" or (e.verdict == "yes" and bool(e.tiers) and e.tier is None)


def answer_sentence(explanation: Explanation, *, lang: str) -> str:
    """Give what the answer means, in one sentence."""
    e = explanation
    if e.tier is not None and e.verdict == "yes":
        return say(lang, "means.tier")
    if e.tiers and e.verdict == "yes":
        return say(lang, "means.tier_open")
    if e.answer == "no" and e.ways:
        # What is unknown may be as it should be; what is lacking for certain is the least.
        answers = answers_by_id(e)
        least = min(sum(answers[name].satisfied == "no" for name in way) for way in e.ways)
        return counted(lang, "means.short", max(least, 1))
    return say(lang, f"means.{e.answer}")


def score_words(score: ScoreAnswer, *, lang: str) -> str:
    """Give a score as one figure or as a range: 58–66 分."""
    high = quantity(score.high, "分", lang=lang)
    if score.low == score.high:
        return str(high)
    low = quantity(score.low, "分", lang=lang)
    return f"{say(lang, 'range', low=low.number, high=high.number)} {high.unit}"
