from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Proposal(models.Model):
    """A move of a certificate that takes a reason: proposed by one person, confirmed by another, by constraint.

    An urgent suspension acts when it is proposed and lapses at `lapses_at` unless a second officer has confirmed it; a
    surrender is the holder's own and needs nobody else. `changes` holds what a variation or transfer makes different.
    """

    class Kind(models.TextChoices):
        SUSPEND = "suspend", _("suspension")
        REINSTATE = "reinstate", _("reinstatement")
        REVOKE = "revoke", _("revocation")
        SURRENDER = "surrender", _("surrender")
        VARY = "vary", _("variation")
        TRANSFER = "transfer", _("transfer")

    certificate = models.ForeignKey("certification.Certificate", on_delete=models.PROTECT, related_name="proposals")
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    urgent = models.BooleanField(_("urgent"), default=False)
    changes = models.JSONField(_("what becomes different"), default=dict)
    reason = models.TextField(_("reason"))
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    dropped_at = models.DateTimeField(_("dropped"), null=True, blank=True)
    # When the certificate moved: with the second signature, or at once where one is enough.
    effective_at = models.DateTimeField(_("took effect"), null=True, blank=True)
    lapses_at = models.DateTimeField(_("lapses unless confirmed"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
                name="certification_proposal_two_people",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="certification_proposal_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(effective_at__isnull=True)
                | Q(confirmed_at__isnull=False)
                | Q(kind="suspend", urgent=True, lapses_at__isnull=False)
                | Q(kind="surrender"),
                name="certification_proposal_effect_takes_two",
            ),
            models.UniqueConstraint(
                fields=["certificate", "kind"],
                condition=Q(confirmed_at__isnull=True, dropped_at__isnull=True) & ~Q(kind="surrender"),
                name="certification_proposal_one_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["lapses_at", "id"],
                name="certification_proposal_lapsing",
                condition=Q(confirmed_at__isnull=True, dropped_at__isnull=True, lapses_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.certificate_id}"
