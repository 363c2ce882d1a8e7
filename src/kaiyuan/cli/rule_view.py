"""A rule as people read it: document, clause, conditions, scoring table, award, parameters in force."""

from __future__ import annotations

from fractions import Fraction

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from kaiyuan.reports.figures import exact_number
from kaiyuan.reports.rules_data import parameters_in_force
from kaiyuan.rulebook.model import Assessment, ConditionNode, Indicator, Node, Score
from kaiyuan.rulebook.plan import Plan

_GROUPS = {
    "all": ("全部满足", "all of"),
    "any": ("满足任一", "any of"),
    "at_least": ("至少满足 {n} 项", "at least {n} of"),
    "none": ("均不得有", "none of"),
}
_HEADS = {
    "clause": ("条款", "Clause"),
    "force": ("施行", "In force"),
    "confidence": ("可信度", "Confidence"),
    "reading": ("读法", "Reading"),
    "note": ("说明", "Note"),
    "requires": ("条件", "Conditions"),
    "score": ("评分", "Score"),
    "tiers": ("档次", "Tiers"),
    "award": ("金额", "Amount"),
    "parameters": ("参数（现值）", "Parameters (in force)"),
    "off": ("未启用的条件", "Conditions switched off"),
    "otherwise": ("其他", "otherwise"),
    "demo": ("演示规则，虚构", "A demonstration; fictional"),
}


def _head(key: str, lang: str) -> str:
    return _HEADS[key][0 if lang == "zh" else 1]


def rule_view(source: Assessment, plan: Plan, *, lang: str) -> RenderableType:
    """Give an assessment for the terminal."""
    parts: list[RenderableType] = [Text(source.title.get(lang), "bold")]
    document = f"《{source.document.title}》{source.document.number}"
    parts.append(Text(f"{document} · {source.clause}", "dim"))
    since = f"{source.window.start or ''} – {source.window.end or ''}".strip()
    parts.append(
        Text(
            f"{_head('force', lang)} {since} · {_head('confidence', lang)} {source.confidence} · {source.id}",
            "dim",
        )
    )
    if source.demo:
        parts.append(Text(_head("demo", lang), "yellow"))
    for key, words in (("reading", source.reading), ("note", source.note)):
        if words:
            parts.append(Text(f"{_head(key, lang)}: {words.get(lang)}"))
    if source.requires is not None:
        parts.append(_tree(source.requires, Tree(Text(_head("requires", lang), "bold")), lang))
    if source.tiers:
        tiers = Tree(Text(_head("tiers", lang), "bold"))
        for tier in source.tiers:
            branch = tiers.add(Text(f"{tier.words.get(lang)} ({tier.id})"))
            if tier.requires is None:
                branch.add(Text(_head("otherwise", lang), "dim"))
            else:
                _tree(tier.requires, branch, lang)
        parts.append(tiers)
    if source.score is not None:
        parts.append(_score(source.score, lang))
    if source.award is not None:
        parts.append(Text.assemble((_head("award", lang), "bold"), f"  {source.award.text}"))
    values = parameters_in_force(source, plan)
    if values:
        table = Table(
            title=_head("parameters", lang), title_justify="left", box=None, pad_edge=False, show_header=False
        )
        for name, value in values.items():
            table.add_row(Text(name, "cyan"), Text(value))
        parts.append(table)
    if source.disabled_conditions:
        parts.append(_tree_of(source.disabled_conditions, Tree(Text(_head("off", lang), "bold")), lang))
    return Group(*parts)


def _tree(node: Node, tree: Tree, lang: str) -> Tree:
    if isinstance(node, ConditionNode):
        tree.add(Text.assemble(node.words.get(lang), (f"  {node.text}", "cyan"), (f"  {node.clause}", "dim")))
        return tree
    zh, en = _GROUPS[node.kind]
    label = node.words.get(lang) or (zh if lang == "zh" else en).format(n=node.n)
    branch = tree.add(Text(label))
    for child in node.children:
        _tree(child, branch, lang)
    return tree


def _tree_of(conditions: tuple[ConditionNode, ...], tree: Tree, lang: str) -> Tree:
    for condition in conditions:
        _tree(condition, tree, lang)
    return tree


def _score(score: Score, lang: str) -> Tree:
    full = "" if score.max is None else f"  / {exact_number(score.max)}"
    tree = Tree(Text.assemble((_head("score", lang), "bold"), full))
    branches: dict[str, Tree] = {}
    for group in score.groups:
        most = "" if group.max is None else f"  / {exact_number(group.max)}"
        branches[group.id] = tree.add(Text(f"{group.words.get(lang)}{most}"))
    for indicator in score.indicators:
        branch = branches.get(indicator.group, tree)
        most = "" if indicator.max is None else f"  / {exact_number(indicator.max)}"
        _indicator(indicator, branch.add(Text(f"{indicator.words.get(lang)}{most}")), lang)
    return tree


def _indicator(indicator: Indicator, branch: Tree, lang: str) -> None:
    for table in indicator.tables:
        rows = branch.add(Text(table.value_text, "cyan")) if table.value_text else branch
        for band in table.bands:
            test = Text(band.text, "cyan") if band.test is not None else Text(_head("otherwise", lang), "dim")
            rows.add(Text.assemble(test, f"  {_points(band.low, band.high)}"))
    for band in indicator.each:
        branch.add(Text.assemble((band.text, "cyan"), f"  +{_points(band.low, band.high)}"))
    if indicator.proportional is not None:
        branch.add(Text(indicator.proportional.text, "cyan"))


def _points(low: Fraction, high: Fraction) -> str:
    return str(exact_number(low)) if low == high else f"{exact_number(low)}–{exact_number(high)}"
