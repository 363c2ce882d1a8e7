"""Zones, departments, people and their places, and keys for machines."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models

ROLES = (
    ("agent", "企业专员"),
    ("officer", "业务人员"),
    ("supervisor", "分管领导"),
    ("policy_editor", "政策编辑"),
    ("auditor", "审计人员"),
    ("administrator", "管理员"),
)


class Zone(models.Model):
    """One high-tech zone. Nothing of one zone is ever seen from another."""

    code = models.SlugField(max_length=30, unique=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    packs = models.CharField(
        max_length=200, blank=True, help_text="Packs by commas; empty: those of the site"
    )
    demo = models.BooleanField(default=False)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name_zh


class Department(models.Model):
    """A department of a zone."""

    zone = models.ForeignKey(Zone, models.PROTECT, related_name="departments")
    code = models.SlugField(max_length=30)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)

    class Meta:
        ordering = ("zone", "code")
        constraints = (models.UniqueConstraint(fields=("zone", "code"), name="department_once"),)

    def __str__(self) -> str:
        return self.name_zh


class User(AbstractUser):
    """A person who can log in. What they may do comes from their memberships alone."""

    full_name = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return self.full_name or self.username


class Membership(models.Model):
    """A person's place in a zone: a role, a department for officers, an enterprise for agents; dated."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="memberships")
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True)
    role = models.CharField(max_length=20, choices=ROLES)
    subject = models.CharField(
        max_length=40, blank=True, help_text="Credit code of the enterprise an agent acts for"
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="Last day")

    class Meta:
        ordering = ("zone", "role", "pk")
        constraints = (
            models.UniqueConstraint(fields=("user", "zone", "role", "subject"), name="membership_once"),
            models.CheckConstraint(
                condition=(models.Q(role="agent") & ~models.Q(subject=""))
                | (~models.Q(role="agent") & models.Q(subject="")),
                name="membership_agent_has_firm",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


class ApiKey(models.Model):
    """A key for a machine that acts for a membership, within scopes; only its digest is kept."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="api_keys")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    scopes = models.CharField(max_length=200, help_text="read, write, by commas")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("membership", "-created_at")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
