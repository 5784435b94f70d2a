from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Evidence(models.Model):
    """A file attached to a criterion of a plan, or to the discharge of a condition. Stored encrypted; opened by nobody until the scan says clean.

    A renewed plan shares the stored file of the plan before it, so `storage_name` is not unique.

    Removing hides it from the plan; a file that a submission lists is kept, since the snapshot names its hash.
    """

    class Scan(models.TextChoices):
        PENDING = "pending", _("being scanned")
        CLEAN = "clean", _("scanned, nothing found")
        INFECTED = "infected", _("refused: malware found")
        HELD = "held", _("held: no scanner available")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey("certification.Plan", on_delete=models.PROTECT, related_name="evidence")
    # Of a condition that the holder says is met; such a file is no part of the plan's answers.
    discharge = models.ForeignKey(
        "certification.ConditionDischarge", null=True, blank=True, on_delete=models.PROTECT, related_name="evidence"
    )
    criterion_code = models.CharField(_("criterion"), max_length=10)
    name = models.CharField(_("file name"), max_length=160)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    storage_name = models.CharField(max_length=120)
    scan = models.CharField(_("scan"), max_length=8, choices=Scan, default=Scan.PENDING)
    scanned_at = models.DateTimeField(_("scanned"), null=True, blank=True)
    scanner = models.CharField(_("scanner"), max_length=40, blank=True)
    note = models.CharField(_("note"), max_length=240, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded"))
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(scan__in=["pending", "held"]) | Q(scanned_at__isnull=False),
                name="certification_evidence_scanned_at",
            ),
        ]
        indexes = [
            models.Index(fields=["plan", "criterion_code", "uploaded_at"], name="certification_evidence_plan"),
            models.Index(fields=["uploaded_at", "id"], name="certification_evidence_held", condition=Q(scan="held")),
        ]

    def __str__(self) -> str:
        return self.name
