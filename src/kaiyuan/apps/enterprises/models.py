"""Enterprises, and what the rules decided on them."""

from __future__ import annotations

from django.db import models

from kaiyuan.apps.facts.models import Subject
from kaiyuan.apps.zones.models import Membership, Zone


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
    started_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    as_of = models.DateField()
    known_at = models.DateTimeField()
    packs = models.CharField(max_length=200, help_text="name version, by commas")
    rules_digest = models.CharField(max_length=64, help_text="SHA-256 over the versions that were asked")
    facts_digest = models.CharField(max_length=64, help_text="SHA-256 over the table of facts")
    answers_digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 over what was decided")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    enterprises = models.IntegerField(default=0)

    class Meta:
        ordering = ("zone", "-pk")

    def __str__(self) -> str:
        return f"{self.as_of} · {self.pk}"


class RunCount(models.Model):
    """What one assessment said in one run, counted; `position` is its place in the answers of each decision."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="counts", db_index=False)
    position = models.PositiveSmallIntegerField()
    assessment = models.CharField(max_length=64)
    version = models.CharField(max_length=128)
    yes = models.IntegerField(default=0)
    maybe = models.IntegerField(default=0)
    near = models.IntegerField(default=0)
    unknown = models.IntegerField(default=0)
    no = models.IntegerField(default=0)
    amount = models.BigIntegerField(null=True, blank=True, help_text="Sum of the proposed awards in fen")

    class Meta:
        ordering = ("run", "position")
        constraints = (
            models.UniqueConstraint(fields=("run", "position"), name="run_count_once"),
            models.UniqueConstraint(fields=("run", "assessment"), name="run_count_by_name"),
        )

    def __str__(self) -> str:
        return self.assessment


class Decision(models.Model):
    """What a run decided on one enterprise, under every assessment; never changed, a replay is another run.

    One row an enterprise, with one letter an assessment, keeps 100,000 enterprises under 50 rules to 100,000 rows.
    """

    run = models.ForeignKey(Run, models.PROTECT, related_name="decisions", db_index=False)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="decisions", db_index=False)
    answers = models.CharField(max_length=400, help_text="One letter an assessment: see answers.LETTERS")
    entitled = models.PositiveSmallIntegerField(help_text="How many answers are yes")
    near = models.PositiveSmallIntegerField(help_text="How many are one condition short")
    amount = models.BigIntegerField(help_text="Proposed awards in fen, after the rules on stacking")
    amounts = models.TextField(default="{}", help_text="JSON: assessment to fen, where proposed and known")

    class Meta:
        ordering = ("run", "enterprise")
        constraints = (models.UniqueConstraint(fields=("run", "enterprise"), name="decision_once"),)
        indexes = (models.Index(fields=("run", "-amount"), name="decision_by_amount"),)

    def __str__(self) -> str:
        return f"{self.run_id} {self.enterprise_id}"
