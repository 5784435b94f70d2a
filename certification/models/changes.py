"""Something changed about what a certificate is for."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.selectors import Viewer, authority
from certification.domain import changes


class MaterialChangeQuerySet(models.QuerySet["MaterialChange"]):
    def visible_to(self, user: Viewer) -> Self:
        """As the certificate that it is about."""
        who = authority(user)
        if who.is_auditor:
            return self
        return self.filter(Q(certificate__organisation_id__in=list(who.organisations)) | Q(area_id__in=list(who.areas)))


class MaterialChange(models.Model):
    """`kinds`, `reasons` and `codes` are what the rules of `rules` made of it; `before` and `after` the figures and
    names that differ. A major one has the plan that it opened.
    """

    class State(models.TextChoices):
        RECORDED = changes.RECORDED, _("recorded")
        OPEN = changes.OPEN, _("being reviewed")
        ACCEPTED = changes.ACCEPTED, _("accepted")
        REFUSED = changes.REFUSED, _("refused")
        WITHDRAWN = changes.WITHDRAWN, _("withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    certificate = models.ForeignKey("certification.Certificate", on_delete=models.PROTECT, related_name="changes")
    area = models.ForeignKey("accounts.PoliceArea", on_delete=models.PROTECT, related_name="+")
    kinds = models.JSONField(_("what has changed"), default=list)
    description = models.TextField(_("in the holder's words"))
    starts_on = models.DateField(_("works start"), null=True, blank=True)
    told_late = models.BooleanField(_("told after the works had started"), default=False)
    rules = models.CharField(_("rules"), max_length=8)
    reasons = models.JSONField(_("why it is major"), default=list)
    codes = models.JSONField(_("criteria to be reviewed again"), default=list)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)
    state = models.CharField(_("state"), max_length=9, choices=State)
    plan = models.OneToOneField(
        "certification.Plan", null=True, blank=True, on_delete=models.PROTECT, related_name="change"
    )
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(_("reported"))
    reclassed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reclassed_at = models.DateTimeField(_("classed anew"), null=True, blank=True)
    reclass_reason = models.TextField(_("why it was classed anew"), blank=True)

    objects = MaterialChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=changes.RECORDED) | Q(plan__isnull=False),
                name="certification_materialchange_major_has_plan",
            ),
            models.UniqueConstraint(
                fields=["certificate"],
                condition=Q(state=changes.OPEN),
                name="certification_materialchange_one_open",
            ),
            models.CheckConstraint(
                condition=Q(reclassed_by__isnull=True, reclass_reason="")
                | (Q(reclassed_by__isnull=False, reclassed_at__isnull=False) & ~Q(reclass_reason="")),
                name="certification_materialchange_reclassed_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["area", "-reported_at", "-id"], name="certification_change_area"),
            models.Index(fields=["certificate", "-reported_at"], name="certification_change_cert"),
        ]

    def __str__(self) -> str:
        return f"change of {self.certificate_id}"
