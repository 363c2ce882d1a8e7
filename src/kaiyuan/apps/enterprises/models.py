"""Enterprises, and what the rules decided on them."""

from __future__ import annotations

from django.db import models

from kaiyuan.apps.facts.models import Subject
from kaiyuan.apps.zones.models import Zone


class Enterprise(models.Model):
    """One enterprise of a zone. What it is called is here, for lists and search; everything else is a fact."""

    zone = models.ForeignKey(Zone, models.PROTECT, related_name="enterprises")
    subject = models.OneToOneField(Subject, models.PROTECT, related_name="enterprise")
    code = models.CharField(max_length=40, help_text="Unified social credit code")
    name = models.CharField(max_length=200)
    name_initials = models.CharField(max_length=200, help_text="First letters in pinyin, for search")
    name_pinyin = models.CharField(max_length=600, help_text="Pinyin without tones, for search")
    industry = models.CharField(max_length=60, blank=True)
    status = models.CharField(max_length=20, blank=True)
    registered_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True, help_text="What officers wrote")
    version = models.IntegerField(default=1, help_text="Grows with each change; the ETag of the file")
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("zone", "code")
        constraints = (models.UniqueConstraint(fields=("zone", "code"), name="enterprise_once"),)
        indexes = (
            models.Index(fields=("zone", "name"), name="enterprise_by_name"),
            models.Index(fields=("zone", "name_initials"), name="enterprise_by_initials"),
        )

    def __str__(self) -> str:
        return self.name


class Run(models.Model):
    """All published rules over all enterprises of a zone: for which day, from facts known when, by which rules."""

    zone = models.ForeignKey(Zone, models.PROTECT, related_name="runs")
    as_of = models.DateField()
    known_at = models.DateTimeField()
    packs = models.CharField(max_length=200, help_text="name version, by commas")
    packs_digest = models.CharField(max_length=64)
    facts_digest = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    enterprises = models.IntegerField(default=0)

    class Meta:
        ordering = ("zone", "-pk")

    def __str__(self) -> str:
        return f"{self.as_of} · {self.pk}"


class Decision(models.Model):
    """What one assessment said of one enterprise in one run; never changed, a replay is another run."""

    VERDICTS = ((0, "no"), (1, "yes"), (2, "unknown"))

    run = models.ForeignKey(Run, models.PROTECT, related_name="decisions", db_index=False)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="decisions", db_index=False)
    assessment = models.CharField(max_length=64)
    version = models.CharField(max_length=64)
    verdict = models.PositiveSmallIntegerField(choices=VERDICTS)
    distance = models.PositiveSmallIntegerField(help_text="How many conditions short")
    amount = models.BigIntegerField(null=True, blank=True, help_text="Proposed award in fen")

    class Meta:
        ordering = ("run", "enterprise", "assessment")
        constraints = (
            models.UniqueConstraint(fields=("run", "enterprise", "assessment"), name="decision_once"),
        )
        indexes = (
            models.Index(fields=("run", "assessment", "verdict", "distance"), name="decision_by_answer"),
        )

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.assessment}"
