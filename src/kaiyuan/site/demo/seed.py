"""What happened in the demonstration before you came: a month of acts, each by the person who would do it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.utils import timezone

from kaiyuan.apps.facts import actions as facts
from kaiyuan.apps.facts.rules import rules_of
from kaiyuan.site.demo.cast import SCENES, Scene
from kaiyuan.site.demo.firms import firms, worth_playing
from kaiyuan.site.demo.folder import is_finished, mark_finished
from kaiyuan.site.demo.founding import actor, found, people

Tell = Callable[[str], None]
IN_THE_PARK = 60


def seed(*, enterprises: int, at: datetime, tell: Tell) -> None:
    """Fill the demonstration, if it is not filled yet; `tell` hears of each step. The last act is a minute before `at`."""
    on = timezone.localtime(at).date()
    if is_finished(enterprises=enterprises, on=on):
        tell("演示数据已就绪 · the data are there already")
        return
    for scene, first, count in ((SCENES[0], 0, enterprises), (SCENES[1], enterprises, IN_THE_PARK)):
        tell(f"{scene.zh}：{count:,} 家合成企业 · {scene.en}: {count:,} made-up enterprises")
        _play(scene, first=first, count=count, on=on, at=at)
    mark_finished(enterprises=enterprises, on=on)


def _play(scene: Scene, *, first: int, count: int, on: date, at: datetime) -> None:
    zone_id = found(scene)
    rules = rules_of(zone_id)
    batch = firms(rules=rules, first=first, count=count, on=on)
    people(scene, subject=worth_playing(rules=rules, batch=batch, on=on), at=at - timedelta(days=30))
    officer = actor(scene, "officer")
    facts.load(
        by=officer,
        batches=[batch],
        source=facts.NewSource(
            kind="synthetic", label="合成演示数据 · 三年", data_date=on - timedelta(days=28)
        ),
        on=on,
        at=at - timedelta(days=28),
    )
