"""What is issued does not change (house.md, law 8): only the state moves, and the PDF arrives once."""

from __future__ import annotations

import uuid
from typing import Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.selectors import Viewer, authority
from certification.domain import lifecycle
from certification.models.plans import ONE_SUBJECT
from certification.models.proposals import Proposal

# A renewal is made ready while the old one still runs; the move that issues it supersedes the old one in the same breath.
_STANDING = Q(state__in=lifecycle.CERTIFICATE_STANDING)


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(self, user: Viewer) -> Self:
        """The holder's members, the officers of its area, auditors. Anybody else checks the public page."""
        who = authority(user)
        if who.is_auditor:
            return self
        return self.filter(Q(organisation_id__in=list(who.organisations)) | Q(area_id__in=list(who.areas)))

    def with_lapse(self) -> Self:
        """For lists of which `selectors.certificates.effective_state` is asked: without it, a query for each suspension."""
        urgent = Proposal.objects.unanswered().filter(certificate=OuterRef("pk"), lapses_at__isnull=False)
        return self.annotate(suspension_lapses_at=Subquery(urgent.values("lapses_at")[:1]))


class CertificateSerial(models.Model):
    """The last number used in a year; its row is locked in the transaction that signs, so the series has no gap."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Certificate(models.Model):
    class State(models.TextChoices):
        BEING_ISSUED = lifecycle.BEING_ISSUED, _("being issued")
        IN_FORCE = lifecycle.IN_FORCE, _("in force")
        EXPIRED = lifecycle.EXPIRED, _("expired")
        REVOKED = lifecycle.REVOKED, _("revoked")
        SUPERSEDED = lifecycle.SUPERSEDED, _("superseded")
        SUSPENDED = lifecycle.SUSPENDED, _("suspended")
        SURRENDERED = lifecycle.SURRENDERED, _("surrendered")

    class Basis(models.TextChoices):
        """Why there is this document. One decision may carry several, the later ones each in place of the one before."""

        DECISION = "decision", _("a decision on a plan")
        VARIATION = "variation", _("a variation")
        TRANSFER = "transfer", _("a transfer to a new holder")

    # What stands on the decision of another certificate, and therefore falls with it.
    DERIVED = (Basis.VARIATION, Basis.TRANSFER)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=24, unique=True)
    token = models.CharField(_("verification token"), max_length=43, unique=True)
    plan = models.ForeignKey("certification.Plan", on_delete=models.PROTECT, related_name="certificates")
    decision = models.ForeignKey("certification.Decision", on_delete=models.PROTECT, related_name="certificates")
    basis = models.CharField(_("issued on"), max_length=9, choices=Basis, default=Basis.DECISION)
    standard = models.ForeignKey("certification.StandardVersion", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="certificates")
    area = models.ForeignKey("accounts.PoliceArea", on_delete=models.PROTECT, related_name="+")
    venue = models.ForeignKey("events.Venue", null=True, on_delete=models.PROTECT, related_name="certificates")
    event = models.ForeignKey("events.Event", null=True, on_delete=models.PROTECT, related_name="certificates")
    project = models.ForeignKey("events.Project", null=True, on_delete=models.PROTECT, related_name="certificates")
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.BEING_ISSUED)
    holder_name = models.CharField(_("holder"), max_length=160)
    subject_name = models.CharField(_("for"), max_length=160)
    subject_place = models.CharField(_("place"), max_length=120)
    scope = models.CharField(_("scope"), max_length=300)
    judged_tier = models.CharField(_("judged at"), max_length=8)
    content_hash = models.CharField(_("hash of the submission decided on"), max_length=64)
    decided_on = models.DateField(_("decided"))
    created_at = models.DateTimeField(_("made"))
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until, last day included"))
    issued_at = models.DateTimeField(_("issued"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    supersedes = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    listed = models.BooleanField(_("on the public register"), default=True)
    pdf_name = models.CharField(max_length=120, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    pdf_size = models.PositiveIntegerField(default=0)
    template_version = models.CharField(max_length=16, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=ONE_SUBJECT, name="certification_certificate_one_subject"),
            models.CheckConstraint(
                condition=~_STANDING | (Q(issued_at__isnull=False) & ~Q(pdf_sha256="") & ~Q(number="")),
                name="certification_certificate_in_force_has_document",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("valid_from")), name="certification_certificate_dates"
            ),
            models.UniqueConstraint(
                fields=["decision"], condition=Q(basis="decision"), name="certification_certificate_one_for_decision"
            ),
            models.UniqueConstraint(
                fields=["venue"], condition=_STANDING, name="certification_certificate_one_in_force_venue"
            ),
            models.UniqueConstraint(
                fields=["event"], condition=_STANDING, name="certification_certificate_one_in_force_event"
            ),
            models.UniqueConstraint(
                fields=["project"], condition=_STANDING, name="certification_certificate_one_in_force_project"
            ),
        ]
        indexes = [
            models.Index(fields=["valid_until", "id"], name="certification_cert_standing", condition=_STANDING),
            models.Index(fields=["organisation", "-decided_on", "-id"], name="certification_cert_org"),
            models.Index(fields=["area", "-decided_on", "-id"], name="certification_cert_area"),
            models.Index(fields=["pdf_sha256"], name="certification_cert_pdf", condition=~Q(pdf_sha256="")),
        ]

    def __str__(self) -> str:
        return self.number


class Reminder(models.Model):
    """That the holder was told at a milestone: the row is what makes it once. `milestone` is days before the end."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="reminders")
    milestone = models.PositiveSmallIntegerField(_("days before the end"))
    created_at = models.DateTimeField(_("sent"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["certificate", "milestone"], name="certification_reminder_once")]
        indexes = [models.Index(fields=["created_at"], name="certification_reminder_sent")]

    def __str__(self) -> str:
        return f"{self.milestone} days, {self.certificate_id}"
