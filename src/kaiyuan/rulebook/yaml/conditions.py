"""Trees of conditions: groups, leaves, and what is switched off."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

from kaiyuan.rulebook.model import ConditionNode, GroupNode, Node
from kaiyuan.rulebook.yaml.context import REFUSED_CONDITION, Context, words
from kaiyuan.rulebook.yaml.nodes import Path
from kaiyuan.rulebook.yaml.schema import NodeModel

_GROUPS: tuple[tuple[str, Literal["all", "any", "at_least", "none"]], ...] = (
    ("all_of", "all"), ("any_of", "any"), ("at_least", "at_least"), ("none_of", "none"),
)  # fmt: skip
_CONDITION_ONLY = ("reading", "confidence", "enabled")


@dataclass
class Tree:
    """Reads the trees of one assessment: ids are unique over all of them, switched-off conditions are set aside."""

    context: Context
    scores: Collection[str] = ()
    unproven_allowed: bool = False
    ids: dict[str, Path] = field(default_factory=dict)
    disabled: list[ConditionNode] = field(default_factory=list)

    def read(self, model: NodeModel, path: Path) -> Node | None:
        """Give the tree at `path` without its switched-off conditions; None when nothing of it is left."""
        kinds = [kind for attribute, kind in _GROUPS if getattr(model, attribute) is not None]
        forms = ["when", *kinds] if model.when is not None else kinds
        if len(forms) != 1:
            self.context.faults.add(
                f"{' and '.join(forms)} stand side by side"
                if forms
                else "this is neither a condition nor a group",
                path,
                text=model.id or model.zh,
                remedy="Write exactly one of when, all, any, at_least, none",
            )
            return None
        if model.id is not None:
            self._claim(model.id, path)
        return self._condition(model, path) if model.when is not None else self._group(model, kinds[0], path)

    def _claim(self, identifier: str, path: Path) -> None:
        if identifier in self.ids:
            first = self.context.source.line((*self.ids[identifier], "id"))
            self.context.faults.add(
                "two conditions of one assessment have this id"
                + (f"; first in line {first}" if first else ""),
                (*path, "id"),
                text=identifier,
                remedy="Give each condition an id of its own",
            )
        self.ids.setdefault(identifier, path)

    def _condition(self, model: NodeModel, path: Path) -> ConditionNode | None:
        faults = self.context.faults
        for key, example in (("id", "id: rd_ratio"), ("zh", "zh: 研发费用占比不低于3%")):
            if getattr(model, key) is None:
                faults.add(f"the condition has no `{key}`", path, text=model.when, remedy=f"Add {example}")
        text = model.when or ""
        condition = (
            self.context.condition(text, (*path, "when"), scores=self.scores) if text else REFUSED_CONDITION
        )
        node = ConditionNode(
            id=model.id or "",
            words=words(model),
            text=text,
            expression=condition,
            clause=model.clause or "",
            reading=words(model.reading),
            confidence=model.confidence,
            place=self.context.place(path),
        )
        if not model.enabled:
            self.disabled.append(node)
            return None
        if model.confidence == "C" and not self.unproven_allowed:
            refuse_unproven(self.context, (*path, "confidence"), what="a condition", name=node.id)
        return node

    def _group(
        self, model: NodeModel, kind: Literal["all", "any", "at_least", "none"], path: Path
    ) -> GroupNode | None:
        faults = self.context.faults
        written = self.context.source.at(path)
        for key in _CONDITION_ONLY:
            if isinstance(written, dict) and key in written:
                faults.add(
                    f"a group has no `{key}`",
                    (*path, key),
                    text=kind,
                    key=True,
                    remedy=f"Put {key} on the conditions of the group",
                )
        if kind == "at_least":
            assert model.at_least is not None
            children, needed, inner = model.at_least.of, model.at_least.n, (*path, "at_least", "of")
            if needed < 1 or (children and needed > len(children)):
                faults.add(
                    f"at least {needed} of {len(children)} conditions",
                    (*path, "at_least", "n"),
                    text=needed,
                    remedy=f"Write a number from 1 to {max(len(children), 1)}",
                )
        else:
            attribute = next(attribute for attribute, word in _GROUPS if word == kind)
            children, needed, inner = getattr(model, attribute), 0, (*path, kind)
        nodes = [self.read(child, (*inner, index)) for index, child in enumerate(children)]
        kept = tuple(node for node in nodes if node is not None)
        if children and not kept:
            return None
        if kind == "at_least" and len(kept) < min(needed, len(children)):
            faults.add(
                f"at least {needed} conditions are wanted, and only {len(kept)} are switched on",
                (*path, "at_least"),
                text=needed,
                remedy="Lower n, or switch the group's other conditions off too",
            )
        return GroupNode(kind, kept, needed, model.id or "", words(model), model.clause or "")


def refuse_unproven(context: Context, path: Path, *, what: str, name: str) -> None:
    """Collect the fault of something that is not proven and yet switched on."""
    context.faults.add(
        f"{what} of confidence C ships switched off",
        path,
        text=name,
        remedy="Add enabled: false, or raise the confidence once the official text has been seen",
    )
