"""An explanation on the terminal: the report's lines, with colour for what they are."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from kaiyuan.reports.explanation_text import explanation_lines
from kaiyuan.reports.figures import money
from kaiyuan.reports.words import answer_word
from kaiyuan.rulebook import Explanation

_STYLES = {
    "yes": "green",
    "near": "yellow",
    "no": "red",
    "unknown": "magenta",
    "title": "bold",
    "label": "bold",
    "quiet": "dim",
    "note": "dim",
    "spare": "dim",
}
_ANSWERS = {"yes": "green", "near": "yellow", "no": "dim", "unknown": "magenta"}


def explanation_view(explanation: Explanation, *, lang: str) -> RenderableType:
    """Give one explanation in full."""
    rows: list[RenderableType] = []
    for line in explanation_lines(explanation, lang=lang):
        text = Text.assemble(*((piece.text, _STYLES.get(piece.role, "")) for piece in line.pieces))
        rows.append(Padding(text, (0, 0, 0, line.indent)))
    return Group(*rows, Text())


def overview(explanations: Sequence[Explanation], *, lang: str) -> RenderableType:
    """Give many explanations in a line each: the answer, what is missing, and the amount."""
    first = explanations[0]
    table = Table(
        title=f"{first.subject_name} {first.subject}",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    heads = (
        ("结果", "政策与资格", "编号", "差什么", "金额")
        if lang == "zh"
        else ("Answer", "Assessment", "Id", "What is missing", "Amount")
    )
    for head in heads:
        table.add_column(head, overflow="fold")
    for e in sorted(explanations, key=lambda e: list(_ANSWERS).index(e.answer)):
        amount = "" if e.amount is None or e.amount.fen is None else str(money(e.amount.fen, lang=lang))
        table.add_row(
            Text(answer_word(e.answer, lang=lang), _ANSWERS[e.answer]), e.title.get(lang), e.assessment,
            _lacking(e, lang), amount if e.answer != "no" else "",
        )  # fmt: skip
    hint = "加 --assessment 编号 看逐条理由" if lang == "zh" else "Add --assessment ID for the reasons"
    return Group(table, Text(hint, "dim"))


def _lacking(e: Explanation, lang: str) -> str:
    if e.answer == "yes":
        return e.tier[1].get(lang) if e.tier else ""
    if e.answer == "unknown":
        labels = list(dict.fromkeys(fact.label.get(lang) for fact in e.missing()))
    else:
        wanted = e.ways[0] if e.ways else ()
        labels = [c.condition.words.get(lang) for c in e.conditions() if c.condition.id in wanted]
    mark = "、" if lang == "zh" else ", "
    return mark.join(labels[:3]) + ("…" if len(labels) > 3 else "")
