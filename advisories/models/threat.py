"""The threat level as it was recorded, what each change asked of holders, and what they answered."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.selectors import Viewer, authority
from advisories.domain import threat
from certification.models.plans import ONE_SUBJECT
from core import crypto

_OPEN_CHANGE = Q(confirmed_at__isnull=True, dropped_at__isnull=True)
_CONFIRMED_CHANGE = Q(confirmed_at__isnull=False)


class Level(models.TextChoices):
    LOW = threat.LOW, _("LOW")
    MODERATE = threat.MODERATE, _("MODERATE")
    SUBSTANTIAL = threat.SUBSTANTIAL, _("SUBSTANTIAL")
    SEVERE = threat.SEVERE, _("SEVERE")
    CRITICAL = threat.CRITICAL, _("CRITICAL")


class ResponseLevel(models.TextChoices):
    NORMAL = threat.NORMAL, _("NORMAL")
    HEIGHTENED = threat.HEIGHTENED, _("HEIGHTENED")
    EXCEPTIONAL = threat.EXCEPTIONAL, _("EXCEPTIONAL")


class Scope(models.TextChoices):
    UK = threat.UK, _("United Kingdom")
    NORTHERN_IRELAND = threat.NORTHERN_IRELAND, _("Northern Ireland-related, in Northern Ireland")


class Zone(models.TextChoices):
    GB = threat.GB_ZONE, _("Great Britain")
    NI = threat.NI_ZONE, _("Northern Ireland")


class ThreatChangeQuerySet(models.QuerySet["ThreatChange"]):
    def confirmed(self) -> Self:
        return self.filter(_CONFIRMED_CHANGE)

    def visible_to(self, user: Viewer) -> Self:
        """What was confirmed is anybody's; what is proposed or was dropped the national roles' alone."""
        who = authority(user)
        return self if who.is_administrator or who.is_auditor else self.confirmed()


class ThreatChange(models.Model):
    """Proposed by one administrator, confirmed by another: two people, by constraint. Then it never changes (trigger)."""

    scope = models.CharField(_("whose level"), max_length=4, choices=Scope)
    level = models.CharField(_("level"), max_length=12, choices=Level)
    previous_level = models.CharField(_("level before"), max_length=12, choices=Level, blank=True)
    source = models.CharField(_("source"), max_length=200)
    effective_at = models.DateTimeField(_("in effect from"))
    reason = models.TextField(_("reason"))
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    dropped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    dropped_at = models.DateTimeField(_("dropped"), null=True, blank=True)

    objects = ThreatChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
                name="advisories_threat_change_two_people",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False, confirmed_at__gte=F("effective_at")),
                name="advisories_threat_change_confirmed_whole",
            ),
            models.CheckConstraint(
                condition=Q(dropped_by__isnull=True, dropped_at__isnull=True)
                | Q(dropped_by__isnull=False, dropped_at__isnull=False, confirmed_at__isnull=True),
                name="advisories_threat_change_dropped_whole",
            ),
            models.CheckConstraint(condition=~Q(level=F("previous_level")), name="advisories_threat_change_changes"),
            models.UniqueConstraint(fields=["scope"], condition=_OPEN_CHANGE, name="advisories_threat_change_one_open"),
            models.UniqueConstraint(
                fields=["scope", "effective_at"], condition=_CONFIRMED_CHANGE, name="advisories_threat_change_moment"
            ),
        ]
        indexes = [
            models.Index(
                fields=["-effective_at", "-id"], condition=_CONFIRMED_CHANGE, name="advisories_threat_history"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope}: {self.previous_level or 'none'} → {self.level}"

    @property
    def is_open(self) -> bool:
        return self.confirmed_at is None and self.dropped_at is None


class ThreatResponse(models.Model):
    """That a change moved the response level of a zone, and that its holders are asked. `cursor`: the last certificate
    that the worker has come to; `addressed_at`: it has come to all of them. What supersedes it ends it, for every row of
    it at once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    change = models.ForeignKey(ThreatChange, on_delete=models.PROTECT, related_name="responses")
    zone = models.CharField(_("where"), max_length=2, choices=Zone)
    before = models.CharField(_("response level before"), max_length=12, choices=ResponseLevel)
    response = models.CharField(_("response level"), max_length=12, choices=ResponseLevel)
    started_at = models.DateTimeField(_("started"))
    due_at = models.DateTimeField(_("due"))
    cursor = models.UUIDField(null=True, blank=True)
    addressed_at = models.DateTimeField(_("all asked"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    superseded_by = models.ForeignKey(ThreatChange, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["change", "zone"], name="advisories_threat_response_once"),
            models.UniqueConstraint(
                fields=["zone"], condition=Q(ended_at__isnull=True), name="advisories_threat_response_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, superseded_by__isnull=True)
                | Q(ended_at__isnull=False, superseded_by__isnull=False),
                name="advisories_threat_response_ended_whole",
            ),
            models.CheckConstraint(condition=~Q(before=F("response")), name="advisories_threat_response_moves"),
        ]

    def __str__(self) -> str:
        return f"{self.zone}: {self.before} → {self.response}"


class ThreatConfirmationQuerySet(models.QuerySet["ThreatConfirmation"]):
    def visible_to(self, user: Viewer) -> Self:
        """The holder's members, the officers of its area, auditors (policies.threat.can_view_confirmation)."""
        who = authority(user)
        if who.is_auditor:
            return self
        return self.filter(Q(organisation_id__in=list(who.organisations)) | Q(area_id__in=list(who.areas)))

    def open(self) -> Self:
        """Of a response that runs. What the sweep has not closed yet is told by the certificate's own state."""
        return self.filter(response__ended_at__isnull=True)


class ThreatConfirmation(models.Model):
    """One certificate's answer. Organisation and area are the certificate's, which never change."""

    class State(models.TextChoices):
        ASKED = threat.ASKED, _("no answer yet")
        NOT_YET = threat.NOT_YET, _("not yet on")
        CONFIRMED = threat.CONFIRMED, _("measures on")
        CLOSED = threat.CLOSED, _("certificate ended")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    response = models.ForeignKey(ThreatResponse, on_delete=models.PROTECT, related_name="confirmations")
    certificate = models.ForeignKey(
        "certification.Certificate", on_delete=models.PROTECT, related_name="threat_confirmations"
    )
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("accounts.PoliceArea", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField(_("asked"))
    chase_at = models.DateTimeField(_("reminded"))
    due_at = models.DateTimeField(_("due"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sealed_reason = models.TextField(blank=True)
    expected_at = models.DateTimeField(_("expected"), null=True, blank=True)
    # Of the words that stood on the page when it was confirmed; 0: none were written.
    measures_version = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ThreatConfirmationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response", "certificate"], name="advisories_threat_confirmation_once"),
            models.CheckConstraint(
                condition=Q(state=threat.CLOSED)
                | Q(state=threat.ASKED, answered_at__isnull=True, answered_by__isnull=True)
                | (Q(state=threat.CONFIRMED, answered_at__isnull=False, answered_by__isnull=False))
                | (
                    Q(state=threat.NOT_YET, answered_at__isnull=False, answered_by__isnull=False)
                    & Q(expected_at__isnull=False)
                    & ~Q(sealed_reason="")
                ),
                name="advisories_threat_confirmation_answered",
            ),
            models.CheckConstraint(
                condition=Q(state=threat.CLOSED, closed_at__isnull=False)
                | (~Q(state=threat.CLOSED) & Q(closed_at__isnull=True)),
                name="advisories_threat_confirmation_closed",
            ),
        ]
        indexes = [
            models.Index(fields=["response", "area", "due_at", "id"], name="advisories_threat_conf_area"),
            models.Index(fields=["organisation", "due_at", "id"], name="advisories_threat_conf_org"),
            models.Index(
                fields=["response", "due_at", "id"],
                condition=Q(state__in=threat.OUTSTANDING),
                name="advisories_threat_conf_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.state}"

    @property
    def reason_seal(self) -> str:
        return f"threat-confirmation:{self.pk}:reason"

    @property
    def reason(self) -> str:
        """For the organisation and the officers of its area (policies.threat.can_read_measures)."""
        return crypto.decrypt_text(self.sealed_reason, about=self.reason_seal) if self.sealed_reason else ""


class ThreatNotice(models.Model):
    """That a holder was told: the row, written with the mail, is what makes it once."""

    class Kind(models.TextChoices):
        ASKED = "asked", _("asked to confirm")
        CHASER = "chaser", _("reminded at half time")
        OVERDUE = "overdue", _("raised with the owners")

    confirmation = models.ForeignKey(ThreatConfirmation, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=8, choices=Kind)
    created_at = models.DateTimeField(_("sent"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["confirmation", "kind"], name="advisories_threat_notice_once")]

    def __str__(self) -> str:
        return f"{self.kind}, {self.confirmation_id}"


class ResponseMeasures(models.Model):
    """What an organisation has agreed with itself to do at a response level: sealed, and never shown outside it and the
    police of its area. Read through the certificate, which knows both (policies.threat.can_read_measures).
    """

    venue = models.ForeignKey("events.Venue", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey("events.Event", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey("events.Project", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    response = models.CharField(_("response level"), max_length=12, choices=ResponseLevel)
    sealed_text = models.TextField()
    version = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(_("written"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=ONE_SUBJECT, name="advisories_measures_one_subject"),
            models.CheckConstraint(condition=Q(response__in=threat.AGREED), name="advisories_measures_response_level"),
            models.UniqueConstraint(fields=["venue", "response"], name="advisories_measures_once_venue"),
            models.UniqueConstraint(fields=["event", "response"], name="advisories_measures_once_event"),
            models.UniqueConstraint(fields=["project", "response"], name="advisories_measures_once_project"),
        ]

    def __str__(self) -> str:
        return f"{self.response}, version {self.version}"

    @property
    def seal(self) -> str:
        subject = self.venue_id or self.event_id or self.project_id
        return f"response-measures:{subject}:{self.response}"

    @property
    def text(self) -> str:
        return crypto.decrypt_text(self.sealed_text, about=self.seal)
