"""Files on their way in."""

from __future__ import annotations

from django.db import models

from kaiyuan.apps.facts.models import Source
from kaiyuan.apps.zones.models import Membership, Zone


class Import(models.Model):
    """A file on its way in: uploaded, mapped, previewed, read in, perhaps undone."""

    STATES = (
        ("uploaded", "uploaded"),
        ("reading", "reading"),
        ("done", "done"),
        ("failed", "failed"),
        ("undone", "undone"),
    )

    zone = models.ForeignKey(Zone, models.PROTECT, related_name="imports")
    uploaded_by = models.ForeignKey(Membership, models.PROTECT)
    uploaded_at = models.DateTimeField()
    file_name = models.CharField(max_length=200)
    path = models.CharField(max_length=200, help_text="Below the data folder")
    digest = models.CharField(max_length=64)
    as_of = models.DateField(help_text="The day that decides which year is the base year")
    mapping = models.TextField(
        default="{}", help_text="JSON: column position to fact, unit, year or to nothing"
    )
    state = models.CharField(max_length=10, choices=STATES, default="uploaded")
    rows_read = models.IntegerField(default=0)
    rows_accepted = models.IntegerField(default=0)
    rows_rejected = models.IntegerField(default=0)
    observations = models.IntegerField(default=0)
    report = models.TextField(default="{}", help_text="JSON: what was noticed")
    error = models.CharField(max_length=500, blank=True)
    source = models.OneToOneField(Source, models.PROTECT, null=True, blank=True, related_name="imported")
    version = models.IntegerField(default=1)

    class Meta:
        ordering = ("zone", "-pk")

    def __str__(self) -> str:
        return self.file_name
