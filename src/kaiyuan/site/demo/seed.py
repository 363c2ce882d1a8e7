"""What happened in the demonstration before you came: a month of acts, each by the person who would do it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from kaiyuan.apps.facts.rules import rules_of
from kaiyuan.apps.journal.signing import has_key, key_path, make_key
from kaiyuan.site.demo.cast import SCENES
from kaiyuan.site.demo.firms import firms, worth_playing
from kaiyuan.site.demo.folder import is_finished, mark_finished
from kaiyuan.site.demo.founding import found
from kaiyuan.site.demo.history import (
    Clock,
    Stage,
    auditors_look,
    figures_come_in,
    officers_correct,
    people_come,
    rules_are_run,
    somebody_is_told,
)
from kaiyuan.site.demo.imports import a_file_comes_in, a_file_is_undone

Tell = Callable[[str], None]
IN_THE_PARK = 60
DAYS = 30


def seed(*, enterprises: int, at: datetime, tell: Tell) -> None:
    """Fill the demonstration, if it is not filled yet; `tell` hears of each step. All of it is before `at`."""
    on = timezone.localtime(at).date()
    if is_finished(enterprises=enterprises, on=on):
        tell("演示数据已就绪 · the data are there already")
        return
    if not has_key():
        make_key(key_path())
    start, sizes = at - timedelta(days=DAYS), (enterprises, IN_THE_PARK)
    zones = [found(scene, at=start) for scene in SCENES]
    rules = rules_of(zones[0].pk)
    batch, first = firms(rules=rules, count=sum(sizes), on=on), 0
    for scene, zone, count in zip(SCENES, zones, sizes, strict=True):
        tell(f"{scene.zh}：{count:,} 家合成企业 · {scene.en}: {count:,} made-up enterprises")
        own = batch.slice(first, count)
        subject = worth_playing(rules=rules, batch=own, on=on)
        _play(Stage(scene, zone, own, subject, on, Clock(now=start, end=at)))
        first += count
    mark_finished(enterprises=enterprises, on=on)


def _play(stage: Stage) -> None:
    people_come(stage)
    somebody_is_told(stage)
    figures_come_in(stage)
    rules_are_run(stage)
    stage.clock.next(days=5)
    a_file_comes_in(stage)
    stage.clock.next(days=3)
    a_file_is_undone(stage)
    stage.clock.next(days=4)
    officers_correct(stage)
    rules_are_run(stage)
    stage.clock.next(days=7)
    auditors_look(stage)
    stage.clock.near_the_end()
    rules_are_run(stage)
