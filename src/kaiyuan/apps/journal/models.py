"""The journal's chains, events and checkpoints, answers kept for retries, and the outbox."""

from __future__ import annotations

from django.db import models

from kaiyuan.apps.journal.wording import error_words, type_words
from kaiyuan.apps.zones.models import Zone
from kaiyuan.sheets.wording import Wording


class Chain(models.Model):
    """The one chain of a zone's events: which hash it uses, and its head. The head row is locked by who appends."""

    zone = models.OneToOneField(Zone, models.PROTECT, related_name="chain")
    algorithm = models.CharField(max_length=10)
    length = models.BigIntegerField(default=0)
    head = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.zone} · {self.length}"


class Event(models.Model):
    """One act, as it was recorded. Rows are only ever added; database triggers refuse anything else."""

    chain = models.ForeignKey(Chain, models.PROTECT, related_name="events")
    sequence = models.BigIntegerField()
    type = models.CharField(max_length=60, help_text="What happened, past tense: enterprise.imported")
    subject = models.CharField(max_length=80, help_text="kind:id of what it happened to")
    case_key = models.CharField(max_length=80, blank=True, help_text="The case it belongs to, for durations")
    effective_at = models.DateTimeField(help_text="When it took effect")
    recorded_at = models.DateTimeField(help_text="When it was written down")
    actor = models.CharField(max_length=60, help_text="membership:id, key:prefix or rule:name")
    actor_label = models.CharField(max_length=120)
    legal_basis = models.CharField(max_length=200, blank=True)
    idempotency_key = models.CharField(max_length=80, blank=True)
    payload = models.TextField(help_text="Canonical JSON")
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("chain", "sequence")
        constraints = (
            models.UniqueConstraint(fields=("chain", "sequence"), name="event_sequence_once"),
            models.UniqueConstraint(fields=("chain", "prev_hash"), name="event_no_fork"),
        )
        indexes = (
            models.Index(fields=("chain", "subject", "sequence"), name="event_by_subject"),
            models.Index(fields=("chain", "type", "sequence"), name="event_by_type"),
        )

    def __str__(self) -> str:
        return f"{self.sequence} {self.type}"

    @property
    def words(self) -> Wording:
        """Give what people call this type of event."""
        return type_words(self.type)


class Checkpoint(models.Model):
    """A signed note of how long a chain was and what its head was. What counts is the copy kept outside."""

    chain = models.ForeignKey(Chain, models.PROTECT, related_name="checkpoints")
    size = models.BigIntegerField(help_text="Sequence of the last event that it covers")
    head = models.CharField(max_length=64)
    root = models.CharField(max_length=64, help_text="Merkle root over the hashes of the events")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)
    note = models.TextField(help_text="The signed note, as it is handed out")

    class Meta:
        ordering = ("chain", "size")
        constraints = (models.UniqueConstraint(fields=("chain", "size"), name="checkpoint_once"),)

    def __str__(self) -> str:
        return f"{self.chain_id} · {self.size}"


class KeptAnswer(models.Model):
    """The answer to a call with an idempotency key, written in the transaction of its effect."""

    zone = models.ForeignKey(Zone, models.PROTECT)
    actor = models.CharField(max_length=60)
    key = models.CharField(max_length=80)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("zone", "actor", "key"), name="kept_answer_once"),)

    def __str__(self) -> str:
        return self.key


class Subscription(models.Model):
    """Somebody outside who is told of events: a web address with a shared secret, or a mail address."""

    zone = models.ForeignKey(Zone, models.PROTECT, related_name="subscriptions")
    kind = models.CharField(max_length=10, choices=(("webhook", "Webhook"), ("mail", "Mail")))
    target = models.CharField(max_length=500)
    secret = models.CharField(max_length=100, blank=True)
    types = models.CharField(max_length=300, help_text="Types of event by commas; enterprise.* for a family")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    after = models.BigIntegerField(default=0, help_text="Sequence of the last event put into deliveries")

    class Meta:
        ordering = ("zone", "pk")

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Delivery(models.Model):
    """One event on its way to one subscription."""

    STATES = (
        ("waiting", "waiting"),
        ("sending", "sending"),
        ("delivered", "delivered"),
        ("given_up", "given up"),
    )

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="deliveries")
    event = models.ForeignKey(Event, models.PROTECT)
    state = models.CharField(max_length=10, choices=STATES, default="waiting")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=40, blank=True, help_text="A short code: timeout, http:500")

    class Meta:
        ordering = ("subscription", "event")
        constraints = (models.UniqueConstraint(fields=("subscription", "event"), name="delivery_once"),)
        indexes = (models.Index(fields=("subscription", "state"), name="delivery_by_state"),)

    def __str__(self) -> str:
        return f"{self.subscription_id} ← {self.event_id}"

    @property
    def error(self) -> Wording:
        """Give what was wrong with the last try, in words."""
        return error_words(self.last_error)
