"""What happened in the demonstration before you came: a month of acts, each by the person who would do it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.utils import timezone

from kaiyuan.apps.facts.rules import rules_of
from kaiyuan.apps.journal.signing import has_key, key_path, make_key
from kaiyuan.site.demo import history
from kaiyuan.site.demo.cast import SCENES, Scene
from kaiyuan.site.demo.firms import firms, worth_playing
from kaiyuan.site.demo.folder import is_finished, mark_finished
from kaiyuan.site.demo.founding import found, people

Tell = Callable[[str], None]
IN_THE_PARK = 60
DAYS = 30


def seed(*, enterprises: int, at: datetime, tell: Tell) -> None:
    """Fill the demonstration, if it is not filled yet; `tell` hears of each step. The last act is a minute before `at`."""
    on = timezone.localtime(at).date()
    if is_finished(enterprises=enterprises, on=on):
        tell("演示数据已就绪 · the data are there already")
        return
    if not has_key():
        make_key(key_path())
    for scene, first, count in ((SCENES[0], 0, enterprises), (SCENES[1], enterprises, IN_THE_PARK)):
        tell(f"{scene.zh}：{count:,} 家合成企业 · {scene.en}: {count:,} made-up enterprises")
        _play(scene, first=first, count=count, on=on, at=at)
    mark_finished(enterprises=enterprises, on=on)


def _play(scene: Scene, *, first: int, count: int, on: date, at: datetime) -> None:
    clock = history.Clock(end=at, days=DAYS)
    zone = found(scene, at=clock.now)
    rules = rules_of(zone.pk)
    batch = firms(rules=rules, first=first, count=count, on=on)
    subject = worth_playing(rules=rules, batch=batch, on=on)
    people(scene, zone, subject=subject, at=clock.next(minutes=5))
    history.figures_come_in(scene, batch=batch, on=on, clock=clock)
    history.rules_are_run(scene, on=on, clock=clock)
    clock.next(days=12)
    history.officers_correct(scene, batch=batch, subject=subject, on=on, clock=clock)
    clock.next(days=7)
    history.auditors_look(scene, clock=clock)
    history.rules_are_run(scene, on=on, clock=clock)
