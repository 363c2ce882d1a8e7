"""What to do next: close the one gap, supply the missing facts, or the shortest ways to a yes."""

from __future__ import annotations

from kaiyuan.reports.checks import Check, checks_of, value_words
from kaiyuan.reports.drawings import GapLine, gap_line
from kaiyuan.reports.markup import Content, Markup, el
from kaiyuan.reports.page import inside, panel, tag
from kaiyuan.reports.reasons import answers_by_id, condition_label, missing_facts
from kaiyuan.reports.terms import fact_label
from kaiyuan.reports.units import unit_words
from kaiyuan.reports.words import counted, say
from kaiyuan.rulebook.explanation import ConditionAnswer, Explanation, FactValue

MOST_WAYS_SHOWN = 6


def near_conditions(explanation: Explanation) -> tuple[ConditionAnswer, ...]:
    """Give the conditions of which each alone would turn the answer into a yes."""
    answers = answers_by_id(explanation)
    return tuple(answers[way[0]] for way in explanation.ways if len(way) == 1 and way[0] in answers)


def gap_sentence(check: Check, *, lang: str) -> str:
    """Give one gap as a sentence: 4.6% → 5.0%，差 0.4 个百分点，约 32 万元."""
    if not check.goal:
        return say(lang, "coach.flag", actual=check.actual, needed=check.needed)
    parts = [f"{check.actual} → {check.goal}", check.gap]
    if check.about:
        parts.append(f"{check.about}{say(lang, 'brackets', text=say(lang, 'gap.numerator'))}")
    return say(lang, "comma").join(part for part in parts if part)


def condition_gaps(
    answer: ConditionAnswer, explanation: Explanation, *, lang: str
) -> tuple[tuple[str, Check], ...]:
    """Give the checks of a condition that are not as the rule wants them, each with its sentence."""
    checks = checks_of(answer, lang=lang, base_year=explanation.base_year, score=explanation.score)
    return tuple((gap_sentence(check, lang=lang), check) for check in checks if check.satisfied == "no")


def near_cards(explanation: Explanation, *, lang: str) -> list[Content]:
    """Give a card for each condition that alone stands in the way."""
    answers = near_conditions(explanation)
    if not answers:
        return []
    title = say(lang, "coach.title" if len(answers) == 1 else "coach.titles")
    cards: list[Content] = [el("h2", title)]
    cards += [_card(answer, explanation, lang) for answer in answers]
    return cards


def _card(answer: ConditionAnswer, explanation: Explanation, lang: str) -> Markup:
    gaps = condition_gaps(answer, explanation, lang=lang)
    sentences: list[Content] = []
    for text, check in gaps:
        if not answer.required and not check.goal:
            text = say(lang, "coach.record")
        label = check.label if len(gaps) > 1 else ""
        sentences.append(
            el("p", f"{label} " if label else None, _emphasised(text, check), class_="k-near__gap")
        )
        line = _line(check, lang)
        if line is not None:
            sentences.append(line)
    facts = [fact for _, check in gaps for fact in check.facts]
    return el(
        "article",
        el(
            "div",
            el("h3", condition_label(answer, lang=lang)),
            tag("near", say(lang, "answer.near")),
            class_="k-near__t",
        ),
        sentences,
        _used(facts, answer.condition.clause, lang),
        el("p", say(lang, "coach.note"), class_="k-near__note") if any(c.goal for _, c in gaps) else None,
        class_="k-near",
    )


def _emphasised(text: str, check: Check) -> Content:
    if check.gap and check.gap in text:
        before, _, after = text.partition(check.gap)
        return [before, el("b", check.gap), after]
    return text


def _line(check: Check, lang: str) -> Markup | None:
    measure = check.measure
    if measure is None or measure.actual is None or measure.threshold is None or check.short is None:
        return None
    actual, need = float(measure.actual), float(measure.threshold)
    if actual < 0 or need <= 0:
        return None
    full = max(need * 1.14, actual * 1.05)
    gap = say(lang, "comma").join(part for part in (check.gap, check.about) if part)
    now, needed = say(lang, "coach.now", value=check.actual), say(lang, "coach.needed", value=check.goal)
    label = say(lang, "comma").join((now, needed, gap))
    return gap_line(GapLine(actual / full, need / full, now, needed, gap, label))


def _used(facts: list[FactValue], clause: str, lang: str) -> Markup:
    items: list[Content] = []
    seen: set[tuple[str, int | None]] = set()
    for fact in facts:
        if (fact.name, fact.year) in seen:
            continue
        seen.add((fact.name, fact.year))
        items.append(
            el(
                "div",
                el("dt", fact_label(fact, lang=lang)),
                el("dd", value_words(fact, lang=lang), source_lines(fact, lang=lang)),
            )
        )
    if clause:
        items.append(el("div", el("dt", say(lang, "column.clause")), el("dd", clause)))
    return el("dl", items)


def source_lines(fact: FactValue, *, lang: str) -> list[Content]:
    """Give where a value comes from, and its date on a line of its own."""
    return [
        el("span", fact.source or say(lang, "no_source"), class_="sub"),
        el("span", fact.recorded, class_="sub") if fact.recorded else None,
    ]


def ask_card(explanation: Explanation, *, lang: str) -> Markup | None:
    """Give the facts to ask for: those that no way to a yes can do without, then those of which some suffice."""
    found = missing_facts(explanation)
    if not found:
        return None
    missing = {(fact.name, fact.year): fact for fact, _ in found}
    common = _common(explanation.ways)
    needed: dict[tuple[str, int | None], list[str]] = {}
    other: dict[tuple[str, int | None], list[str]] = {}
    for fact, answer in found:
        kept = needed if answer.condition.id in common or not explanation.ways else other
        kept.setdefault((fact.name, fact.year), []).append(condition_label(answer, lang=lang))
    body: list[Content] = [_asked(needed, missing, lang)] if needed else []
    rest = {key: labels for key, labels in other.items() if key not in needed}
    if rest:
        body.append(el("h3", say(lang, "ask.some" if needed else "ask.any"), class_="k-sub"))
        body.append(_asked(rest, missing, lang))
    return panel(
        say(lang, "ask.title"),
        inside(body, el("p", say(lang, "ask.note"), class_="k-near__note")),
        note=counted(lang, "ask.count", len(missing)),
    )


def _asked(
    wanted: dict[tuple[str, int | None], list[str]], facts: dict[tuple[str, int | None], FactValue], lang: str
) -> Markup:
    items: list[Content] = []
    for key, labels in wanted.items():
        fact = facts[key]
        unit = unit_words(fact.unit, lang=lang)
        items.append(
            el(
                "li",
                el("b", fact_label(fact, lang=lang)),
                el("span", say(lang, "ask.unit", unit=unit), class_="sub") if unit else None,
                el("span", say(lang, "semicolon").join(dict.fromkeys(labels)), class_="why"),
            )
        )
    return el("ul", items, class_="k-ask")


def _common(ways: tuple[tuple[str, ...], ...]) -> frozenset[str]:
    return frozenset.intersection(*(frozenset(way) for way in ways)) if ways else frozenset()


def shortest_ways(explanation: Explanation) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], int]:
    """Give the shortest ways to a yes: what all have in common, what each adds, and how many more there are.

    Empty where the answer is yes, where a card says it all, and where nothing but missing facts stands in the way.
    """
    e = explanation
    answers = answers_by_id(e)
    if e.verdict == "yes" or e.answer == "near" or not e.ways:
        return (), (), 0
    if all(answers[name].satisfied == "unknown" for way in e.ways for name in way):
        return (), (), 0
    shortest = [way for way in e.ways if len(way) == len(e.ways[0])][:MOST_WAYS_SHOWN]
    common = frozenset.intersection(*(frozenset(way) for way in shortest))
    order = {name: index for index, name in enumerate(answers)}
    rest = [
        tuple(sorted((name for name in way if name not in common), key=order.__getitem__)) for way in shortest
    ]
    others = tuple(rest) if len(shortest) > 1 else ()
    return tuple(sorted(common, key=order.__getitem__)), others, len(e.ways) - len(shortest)


def ways_panel(explanation: Explanation, *, lang: str) -> Markup | None:
    """Give the shortest ways to a yes, where something has to change and one card does not say it all."""
    e = explanation
    if e.tree is not None and e.verdict != "yes" and not e.ways:
        return panel(say(lang, "ways.title"), inside(el("p", say(lang, "ways.none"))))
    common, others, rest = shortest_ways(e)
    if not common and not others:
        return None
    answers = answers_by_id(e)
    body: list[Content] = []
    if common:
        steps = [_step(answers[name], e, lang) for name in common]
        head = say(lang, "ways.all_of" if others else "ways.all")
        body += [el("h3", head, class_="k-sub"), el("ul", steps, class_="k-ways__all")]
    if others:
        parts = [el("li", el("ul", [_step(answers[name], e, lang) for name in way])) for way in others]
        body += [el("h3", say(lang, "ways.and" if common else "ways.any"), class_="k-sub")]
        body.append(el("ol", parts, class_="k-ways"))
    if rest > 0:
        body.append(el("p", counted(lang, "ways.more", rest), class_="k-near__note"))
    size = len(common) + (len(others[0]) if others else 0)
    return panel(say(lang, "ways.title"), inside(body), note=counted(lang, "ways.step", size))


def _step(answer: ConditionAnswer, explanation: Explanation, lang: str) -> Markup:
    label = condition_label(answer, lang=lang)
    if answer.satisfied == "unknown":
        return el("li", label, el("span", say(lang, "result.unknown"), class_="sub"))
    gaps = [text for text, _ in condition_gaps(answer, explanation, lang=lang)]
    return el("li", label, el("span", say(lang, "semicolon").join(gaps), class_="sub") if gaps else None)
