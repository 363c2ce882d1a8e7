"""Parts and small charts say what they draw, keep what stands in the address, and never draw the unknown as zero."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory
from django.utils.translation import override


@dataclass(frozen=True)
class Point:
    year: int
    value: float | None
    text: str = ""


@dataclass(frozen=True)
class Part:
    value: int
    shade: str


def drawn(source: str, *, path: str = "/", language: str = "zh-hans", **values) -> str:
    with override(language):
        return engines["django"].from_string(source).render(values, request=RequestFactory().get(path))


def heights(svg: str) -> list[float]:
    return [float(each) for each in re.findall(r'<rect class="f[13]"[^>]*? height="([\d.]+)rem"', svg)]


@pytest.fixture(autouse=True)
def _no_frame(monkeypatch):
    monkeypatch.setattr("kaiyuan.site.context.frame", lambda request: {})


def test_a_year_that_is_not_known_is_an_empty_place_with_a_word(db):
    svg = drawn("{% years_chart points %}", points=[Point(2024, None), Point(2025, 8.0, "8.00")])
    assert 'class="none"' in svg and "未知" in svg
    assert len(heights(svg)) == 1
    assert 'aria-label="2024 未知; 2025 8.00"' in svg


def test_bars_are_as_long_as_their_figures_and_losses_hang_below_the_line(db):
    svg = drawn("{% years_chart points %}", points=[Point(2023, 10), Point(2024, -5), Point(2025, 5)])
    up, down, last = heights(svg)
    assert up == pytest.approx(2 * down, abs=0.01) == pytest.approx(2 * last, abs=0.01)
    axis = float(re.search(r'class="axis"[^>]*y1="([\d.]+)rem"', svg)[1])
    tops = [float(each) for each in re.findall(r'<rect class="f[13]"[^>]*? y="([\d.]+)rem"', svg)]
    assert tops[1] == axis and tops[0] < axis


@pytest.mark.parametrize("points", [[], [Point(2025, 0)], [Point(2025, None)]])
def test_a_chart_of_nothing_is_no_fault(db, points):
    assert "<svg" in drawn("{% years_chart points %}", points=points)


def test_parts_of_a_whole_fill_the_bar_and_a_part_of_none_is_not_drawn(db):
    svg = drawn('{% share_bar parts label="三比一" %}', parts=[Part(75, "fo"), Part(25, "fw"), Part(0, "fa")])
    widths = [float(each) for each in re.findall(r'width="([\d.]+)%"', svg)]
    assert len(widths) == 2 and sum(widths) == pytest.approx(100, abs=1)
    assert 'aria-label="三比一"' in svg


def test_what_is_needed_stands_where_it_is_and_more_than_enough_stays_on_the_line(db):
    svg = drawn('{% gap_line value need has="有" needed="要" short="差" %}', value=2_000.0, need=1_000.0)
    assert 'x1="50.00%"' in svg and 'width="100.00%"' in svg
    svg = drawn('{% gap_line value need has="有" needed="要" short="差" %}', value=500.0, need=1_000.0)
    assert 'x1="87.50%"' in svg and 'width="43.75%"' in svg


def test_progress_of_a_whole_that_is_not_known_draws_nothing(db):
    assert 'width="0.00%"' in drawn("{% progress 3 0 %}")
    assert 'aria-label="读入 64%"' in drawn('{% progress 1280 2000 zh="读入" en="read" %}')


def test_the_pager_keeps_the_filters_and_says_which_rows_these_are(db):
    page = Paginator(range(230), 20).page(6)
    html = drawn("{% pager page %}", path="/list/?q=%E4%BA%91&sort=-name&page=6", page=page)
    assert "第 101–120 条，共 230 条" in html
    assert 'href="?q=%E4%BA%91&amp;sort=-name&amp;page=7"' in html
    # Another size begins anew.
    assert 'href="?q=%E4%BA%91&amp;sort=-name&amp;size=50"' in html
    assert html.count('aria-current="page"') == 1


def test_a_head_that_sorts_turns_round_and_tells_readers_of_the_screen(db):
    head = '{% sort_head "name" "企业" "Enterprise" %}'
    assert 'href="?sort=name"' in drawn(head)
    up = drawn(head, path="/?sort=name&page=3")
    assert 'aria-sort="ascending"' in up and 'href="?sort=-name"' in up
    assert 'aria-sort="descending"' in drawn(head, path="/?sort=-name")


class Asked(forms.Form):
    name = forms.CharField(label="户名", help_text="与执照一致")
    more = forms.CharField(label="备注", required=False)


def test_what_is_wrong_stands_beside_the_field_and_is_tied_to_it(db):
    html = drawn("{% form_errors form %}{% for each in form %}{% field each %}{% endfor %}", form=Asked({}))
    assert "有 1 处需要改" in html and 'href="#id_name"' in html
    control = re.search(r'<input[^>]*id="id_name"[^>]*>', html)[0]
    assert 'aria-invalid="true"' in control
    for name in re.search(r'aria-describedby="([^"]+)"', control)[1].split():
        assert html.count(f'id="{name}"') == 1
    assert "选填" in html and html.count("选填") == 1


@pytest.mark.parametrize("name", ["yes", "maybe", "near", "no", "unknown"])
def test_each_of_the_five_answers_has_a_word_and_a_ring_of_its_own(db, name):
    html = drawn("{% answer name %}", name=name)
    rings = {drawn("{% answer_ring each %}", each=each) for each in ("yes", "maybe", "near", "no", "unknown")}
    assert len(rings) == 5 and re.sub("<[^>]+>", "", html)


def test_words_given_to_a_part_are_escaped(db):
    html = drawn('{% tag "ok" "名：{name}" "Name: {name}" name=name %}', name="<script>")
    assert "&lt;script&gt;" in html and "<script>" not in html
    html = drawn('{% banner "warn" "甲 {x}" "A {x}" x=x %}{{ x }}{% endbanner %}', x='"><b>')
    assert "<b>" not in html
