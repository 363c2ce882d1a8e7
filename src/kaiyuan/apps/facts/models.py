"""Subjects, the names of facts, sources, and observations: for which period, and since when known."""

from __future__ import annotations

from django.db import models

from kaiyuan.apps.zones.models import Membership, Zone


class Subject(models.Model):
    """Whom facts are about: an enterprise by its credit code; later a project, a parcel."""

    zone = models.ForeignKey(Zone, models.PROTECT, related_name="subjects")
    type = models.CharField(max_length=20, default="enterprise")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200, blank=True, help_text="As the last source called it")

    class Meta:
        ordering = ("zone", "type", "code")
        constraints = (models.UniqueConstraint(fields=("zone", "type", "code"), name="subject_once"),)

    def __str__(self) -> str:
        return self.code


class FactName(models.Model):
    """A fact's name as the packs know it, numbered, so that millions of observations carry a number only."""

    name = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return self.name


class Source(models.Model):
    """Where observations come from, and since when they are known: a file, a form, a correction.

    Its observations count from `recorded_at`, which is empty while they are still being written, until
    `withdrawn_at`. So a file counts as a whole or not at all, and whoever asks what was known at a moment between
    the two is still told.
    """

    KINDS = (("file", "file"), ("form", "form"), ("correction", "correction"), ("synthetic", "synthetic"))

    zone = models.ForeignKey(Zone, models.PROTECT, related_name="sources")
    kind = models.CharField(max_length=10, choices=KINDS)
    label = models.CharField(max_length=200, help_text="What people call it: file, sheet, date")
    data_date = models.DateField(null=True, blank=True, help_text="The day that the data speak of")
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the file")
    begun_at = models.DateTimeField()
    recorded_at = models.DateTimeField(null=True, blank=True, help_text="Since when it counts")
    recorded_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    first = models.BigIntegerField(null=True, blank=True, help_text="Number of its first observation")
    last = models.BigIntegerField(null=True, blank=True, help_text="Number of its last observation")

    class Meta:
        ordering = ("zone", "-pk")

    def __str__(self) -> str:
        return self.label


class Observation(models.Model):
    """One value of one fact; rows are only ever added. Of a period, what the latest source says counts.

    Exactly one of `whole`, `real`, `words` holds the value, as the canonical table does: money in fen, integers,
    booleans as 0 and 1 and dates as days since 1970-01-01 are whole; numbers and ratios are real; the rest is words.
    All three empty: the fact is known to be unknown, which hides what was said before. Since when a value is known
    stands with its source, once for millions of rows.
    """

    KINDS = ((0, "actual"), (1, "target"), (2, "forecast"))
    QUALIFIERS = (
        ("", "exact"),
        ("约", "about"),
        ("超", "over"),
        ("近", "nearly"),
        ("预计", "expected"),
        ("力争", "aimed at"),
    )

    zone = models.ForeignKey(Zone, models.PROTECT, related_name="+", db_index=False)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="observations", db_index=False)
    fact = models.ForeignKey(FactName, models.PROTECT, related_name="+", db_index=False)
    year = models.SmallIntegerField(null=True, blank=True, help_text="For facts of a year")
    valid_from = models.DateField(
        null=True, blank=True, help_text="For facts of a moment: the day since when"
    )
    kind = models.PositiveSmallIntegerField(choices=KINDS, default=0)
    whole = models.BigIntegerField(null=True, blank=True)
    real = models.FloatField(null=True, blank=True)
    words = models.CharField(max_length=500, null=True, blank=True)
    qualifier = models.CharField(max_length=2, choices=QUALIFIERS, blank=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="observations", db_index=False)
    line = models.IntegerField(null=True, blank=True, help_text="Line of the file")

    class Meta:
        ordering = ("pk",)
        indexes = (models.Index(fields=("subject", "fact", "year"), name="observation_by_subject"),)

    def __str__(self) -> str:
        return f"{self.subject_id} {self.fact_id} {self.year or self.valid_from}"
