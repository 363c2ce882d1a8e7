"""One assessment: its days, its trees, its score, tiers and award."""

from __future__ import annotations

from collections.abc import Sequence

from kaiyuan.rulebook.model import Assessment, Document, Node, Tier, Window
from kaiyuan.rulebook.yaml.awards import read_award
from kaiyuan.rulebook.yaml.conditions import Tree, refuse_unproven
from kaiyuan.rulebook.yaml.context import Context, words
from kaiyuan.rulebook.yaml.nodes import Path
from kaiyuan.rulebook.yaml.schema import AssessmentModel, RulebookModel, TierModel, WindowModel
from kaiyuan.rulebook.yaml.scores import read_score


def read_window(context: Context, model: WindowModel, path: Path, *, outer: Window | None = None) -> Window:
    """Give the days in force, within those of what stands around."""
    own = Window(model.from_, model.to)
    if model.from_ is None and model.to is None:
        context.faults.add("`effective` names no day", path, remedy="Write effective: {from: 2026-04-01}")
    if own.start is not None and own.end is not None and own.end < own.start:
        context.faults.add(
            "the last day is before the first",
            (*path, "to"),
            text=own.end.isoformat(),
            remedy="Write from: the earlier and to: the later day",
        )
        return own
    if outer is None:
        return own
    narrowed = own.within(outer)
    if narrowed.start is not None and narrowed.end is not None and narrowed.end < narrowed.start:
        context.faults.add(
            "these days lie outside the rulebook's, so this is never in force",
            path,
            remedy="Choose days within the rulebook's `effective`",
        )
    return narrowed


def read_assessment(
    context: Context,
    name: str,
    model: AssessmentModel,
    *,
    rulebook: RulebookModel,
    document: Document,
    window: Window,
) -> Assessment:
    """Give one assessment; what is not proven and not fictional must be switched off."""
    path: Path = ("assessments", name)
    confidence = model.confidence or rulebook.confidence
    unproven = confidence == "C"
    if unproven and model.enabled and not rulebook.demo:
        refuse_unproven(
            context, (*path, "confidence") if model.confidence else path, what="an assessment", name=name
        )
    score = read_score(context, model.score, (*path, "score")) if model.score is not None else None
    tree = Tree(
        context, score.names if score is not None else (), unproven_allowed=rulebook.demo or not model.enabled
    )
    requires = tree.read(model.requires, (*path, "requires")) if model.requires is not None else None
    tiers = _tiers(tree, model.tiers or (), (*path, "tiers"))
    if model.requires is not None and requires is None and tree.disabled:
        context.faults.add(
            "every condition of this assessment is switched off",
            (*path, "requires"),
            text=name,
            remedy="Switch the assessment itself off with enabled: false, or keep a condition",
        )
    # A place kept for a text that is not published may be empty, as long as it is switched off.
    if model.requires is None and model.score is None and not model.tiers and model.enabled:
        context.faults.add(
            "this assessment decides nothing",
            path,
            text=name,
            remedy="Add requires, score or tiers; an award needs conditions",
        )
    return Assessment(
        id=name,
        rulebook=rulebook.rulebook,
        title=words(model.title),
        kind=model.kind,
        clause=model.clause,
        document=document,
        window=read_window(context, model.effective, (*path, "effective"), outer=window)
        if model.effective
        else window,
        confidence=confidence,
        requires=requires,
        score=score,
        tiers=tiers,
        award=read_award(context, model.award, (*path, "award")) if model.award is not None else None,
        reading=words(model.reading),
        note=words(model.note),
        enabled=model.enabled,
        disabled_conditions=tuple(tree.disabled),
        demo=rulebook.demo,
        place=context.place(path),
    )


def _tiers(tree: Tree, models: Sequence[TierModel], path: Path) -> tuple[Tier, ...]:
    faults = tree.context.faults
    tiers: list[Tier] = []
    ids: set[str] = set()
    for index, model in enumerate(models):
        place = (*path, index)
        if model.id in ids:
            faults.add(
                "two tiers have this id",
                (*place, "id"),
                text=model.id,
                remedy="Give each tier an id of its own",
            )
        ids.add(model.id)
        if (model.requires is None) == (model.otherwise is None) or model.otherwise is False:
            faults.add(
                "a tier has either `requires` or `otherwise: true`",
                place,
                text=model.id,
                remedy="Write one of the two",
            )
        if model.otherwise and index < len(models) - 1:
            faults.add(
                "`otherwise` stands before the last tier", place, text=model.id, remedy="Put this tier last"
            )
        requires: Node | None = None
        if model.requires is not None:
            requires = tree.read(model.requires, (*place, "requires"))
            if requires is None and tree.disabled:
                faults.add(
                    "every condition of this tier is switched off",
                    place,
                    text=model.id,
                    remedy="Take the tier out, or keep a condition",
                )
        tiers.append(Tier(model.id, words(model), requires))
    return tuple(tiers)
