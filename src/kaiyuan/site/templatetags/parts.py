"""The parts that pages are built of: tags, answers, fields, pagers, panels, small charts. Shown at /dev/components/."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe

from kaiyuan.apps.enterprises.answers import BY_NAME
from kaiyuan.site.templatetags.words import icon, t

register = template.Library()

ICONS = {"ok": "ok", "info": "clock", "warn": "soon", "bad": "late", "ask": "unknown", "": "todo"}
"""Kind of a tag or a banner → the icon it has when none is named."""


def _modifier(name: str, kind: str) -> str:
    return f"{name} {name}--{kind}" if kind else name


@register.simple_tag
def tag(kind: str, zh: str, en: str, **values: Any) -> SafeString:
    """Write a state as icon, word and colour; `icon=` names another icon, other keywords fill the words."""
    drawn = values.pop("icon", None) or ICONS[kind]
    return format_html(
        '<span class="{}">{}{}</span>', _modifier("k-tag", kind), icon(drawn), t(zh, en, **values)
    )


@register.simple_tag
def answer(name: str, long: bool = False) -> SafeString:
    """Write one of the five answers as a tag."""
    found = BY_NAME[name]
    words = found.long if long else found.words
    return tag(found.tone, words.zh, words.en, icon=found.icon)


@register.simple_tag
def answer_ring(name: str) -> SafeString:
    """Draw the ring of one of the five answers; its word must stand beside it."""
    found = BY_NAME[name]
    colour = f" t-{found.tone}" if found.tone else ""
    return format_html('<svg class="i{}" aria-hidden="true"><use href="#i-{}"/></svg>', colour, found.icon)


@register.simple_tag
def answer_word(name: str, long: bool = False) -> SafeString:
    """Write the word of one of the five answers."""
    found = BY_NAME[name].long if long else BY_NAME[name].words
    return t(found.zh, found.en)


@register.simple_block_tag
def panel(content: str, zh: str, en: str, **more: Any) -> SafeString:
    """Put content on a panel with a heading; `sub_zh`/`sub_en` stand at its end, `flush=True` leaves no margin."""
    sub = ""
    if "sub_zh" in more:
        sub = format_html('<span class="sub">{}</span>', t(more.pop("sub_zh"), more.pop("sub_en")))
    anchor = format_html(' id="{}"', more["id"]) if "id" in more else ""
    body = content if more.pop("flush", False) else format_html('<div class="k-panel__b">{}</div>', content)
    return format_html(
        '<section class="k-panel"{}><div class="k-panel__h"><h2>{}</h2>{}</div>{}</section>',
        anchor,
        t(zh, en, **{key: value for key, value in more.items() if key != "id"}),
        sub,
        body,
    )


@register.simple_block_tag
def fold(content: str, zh: str, en: str, **more: Any) -> SafeString:
    """Fold evidence away under its summary; `open=True` begins unfolded."""
    opened = mark_safe(" open") if more.pop("open", False) else ""
    return format_html(
        '<details class="k-fold"{}><summary>{}</summary>{}</details>', opened, t(zh, en, **more), content
    )


@register.simple_block_tag
def banner(content: str, kind: str, *words: str, **more: Any) -> SafeString:
    """Say something above the heading of a page, sparingly: kind `info`, `ok`, `warn` or `bad`."""
    shape = _modifier("k-banner", "" if kind == "info" else kind)
    drawn = more.pop("icon", "info" if kind == "info" else ICONS[kind])
    zh, en = words
    title = t(zh, en, **more)
    return format_html(
        '<div class="{}" role="region" aria-label="{}">{}<div><h2>{}</h2>{}</div></div>',
        shape, strip_tags(title), icon(drawn), title, content,
    )  # fmt: skip


@register.simple_block_tag
def empty(content: str, zh: str, en: str, **more: Any) -> SafeString:
    """Say why nothing is here; the content says what can be done now."""
    drawn = more.pop("icon", "list")
    return format_html(
        '<div class="k-empty">{}<p class="k-empty__t">{}</p>{}</div>', icon(drawn), t(zh, en, **more), content
    )


@register.inclusion_tag("parts/field.html")
def field(bound: forms.BoundField, **more: Any) -> dict[str, Any]:
    """Write a field of a form: label, hint, what is wrong with it, and the control, tied together for readers."""
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "")
    grouped = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    described = [f"{bound.auto_id}-hint"] if bound.help_text else []
    if bound.errors:
        described.append(f"{bound.auto_id}-error")
    attributes: dict[str, str | bool] = {}
    if described and not grouped:
        attributes["aria-describedby"] = " ".join(described)
    return {
        "bound": bound,
        "control": bound if grouped else bound.as_widget(attrs=attributes),
        "check": kind == "checkbox" and not grouped,
        "grouped": grouped,
        "short": more.get("short", False),
    }


@register.inclusion_tag("parts/form_errors.html")
def form_errors(form: forms.BaseForm) -> dict[str, Any]:
    """List what is wrong in a form above it, each line a link to its field."""
    lines = [(bound.auto_id, bound.label, error) for bound in form for error in bound.errors]
    return {"lines": lines, "whole": list(form.non_field_errors()), "count": len(lines)}


@register.inclusion_tag("parts/pager.html", takes_context=True)
def pager(
    context: template.Context,
    page: Page[Any],
    *,
    sizes: Sequence[int] = (20, 50, 100),
    size_key: str = "size",
) -> dict[str, Any]:
    """Write which rows these are, and the way to the other pages; filters in the address stay."""
    shown = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "sizes": [(size, _changed(context, **{size_key: size, "page": None})) for size in sizes],
        "steps": [(each, _changed(context, page=each) if isinstance(each, int) else "") for each in shown],
        "before": _changed(context, page=page.previous_page_number()) if page.has_previous() else "",
        "after": _changed(context, page=page.next_page_number()) if page.has_next() else "",
    }


@register.simple_tag(takes_context=True)
def sort_head(context: template.Context, key: str, *words: str, **more: Any) -> SafeString:
    """Write the head of a column that sorts: `?sort=key`, again `?sort=-key`; `number=True` sets it right."""
    now = context["request"].GET.get("sort", more.get("default", ""))
    down, here = now == f"-{key}", now.lstrip("-") == key
    state = format_html(' aria-sort="{}"', "descending" if down else "ascending") if here else ""
    mark = (" ▼" if down else " ▲") if here else ""
    return format_html(
        '<th scope="col"{}{}><a href="{}">{}{}</a></th>',
        mark_safe(' class="r"') if more.get("number") else "",
        state,
        _changed(context, sort=key if here and down else f"-{key}" if here else key, page=None),
        t(*words),
        mark,
    )


def _changed(context: template.Context, **changes: Any) -> str:
    query = context["request"].GET.copy()
    for key, value in changes.items():
        if value is None:
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}" if query else "?"


@register.inclusion_tag("parts/steps.html")
def steps(names: Sequence[Any], current: int) -> dict[str, Any]:
    """Draw steps: passed, the current one (from 1), and those to come; each has zh and en, or name_zh and name_en."""
    return {
        "steps": [
            (name, "done" if number < current else "now" if number == current else "")
            for number, name in enumerate(names, 1)
        ]
    }
