"""The record of facts: a hash chain for each case, heads anchored together (ADR 0003).

Triggers refuse UPDATE and DELETE on events, anchors and entries, and a chain's head never goes back.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditChain(models.Model):
    """The head of one case's chain; its row is the lock for appending, so that no row is everybody's lock."""

    key = models.CharField(_("case"), max_length=80, unique=True)
    head_seq = models.PositiveIntegerField(_("last sequence number"), default=0)
    head_hash = models.CharField(_("last hash"), max_length=64, default="0" * 64)
    anchored_seq = models.PositiveIntegerField(_("last anchored sequence number"), default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"],
                name="core_auditchain_unanchored",
                condition=models.Q(head_seq__gt=models.F("anchored_seq")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}#{self.head_seq}"


class AuditEvent(models.Model):
    chain = models.ForeignKey(AuditChain, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    action = models.CharField(max_length=64)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    target_type = models.CharField(max_length=64)
    target_id = models.CharField(max_length=64)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()
    request_id = models.CharField(max_length=64, blank=True)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="core_auditevent_chain_seq")]
        indexes = [
            models.Index(fields=["target_type", "target_id", "at"], name="core_auditevent_target"),
            models.Index(fields=["-at", "-id"], name="core_auditevent_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.target_type}:{self.target_id}"


class AuditAnchor(models.Model):
    """One link of the anchor chain: it commits to the head of every case that moved since the anchor before."""

    at = models.DateTimeField()
    entries_count = models.PositiveIntegerField()
    entries_digest = models.CharField(max_length=64)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return f"anchor {self.pk}"


class AuditAnchorEntry(models.Model):
    anchor = models.ForeignKey(AuditAnchor, on_delete=models.PROTECT, related_name="entries")
    chain = models.ForeignKey(AuditChain, on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["anchor", "chain"], name="core_auditanchorentry_once")]

    def __str__(self) -> str:
        return f"{self.chain_id}@{self.seq}"
