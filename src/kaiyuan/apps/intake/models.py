"""Files on their way in."""

from __future__ import annotations

from django.db import models

from kaiyuan.apps.facts.models import Source
from kaiyuan.apps.zones.models import Membership, Zone


class Import(models.Model):
    """A file on its way in: uploaded, understood, previewed, read in, perhaps undone.

    Reading is claimed by a thread, slice by slice, each with its place in the file; where a process ends, another
    claims the job once nothing was heard of it for a while and goes on after the last slice.
    """

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
    path = models.CharField(max_length=200, help_text="Below the folder of uploads")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file")
    size = models.BigIntegerField(help_text="Bytes")
    as_of = models.DateField(help_text="The day that decides which year is the base year")
    data_date = models.DateField(null=True, blank=True, help_text="The day that the data speak of")
    mapping = models.TextField(default="{}", help_text="JSON: letter of a column to fact, year, unit")
    preview = models.TextField(default="{}", help_text="JSON: columns, first rows, first remarks")
    state = models.CharField(max_length=10, choices=STATES, default="uploaded")
    claimed_by = models.CharField(max_length=40, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True, help_text="When the reading last got on")
    slices = models.IntegerField(default=0, help_text="How many slices of the file are written")
    part_done = models.FloatField(default=0, help_text="How far the file is read, 0 to 1")
    rows_read = models.IntegerField(default=0)
    rows_accepted = models.IntegerField(default=0)
    rows_rejected = models.IntegerField(default=0)
    observations = models.IntegerField(default=0)
    report = models.TextField(default="{}", help_text="JSON: what was noticed")
    error = models.TextField(default="{}", help_text="JSON: why it failed, zh and en")
    finished_at = models.DateTimeField(null=True, blank=True)
    source = models.OneToOneField(Source, models.PROTECT, null=True, blank=True, related_name="imported")
    version = models.IntegerField(default=1)

    class Meta:
        ordering = ("zone", "-pk")

    def __str__(self) -> str:
        return self.file_name
