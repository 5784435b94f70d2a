"""A plan is one subject's case under one version of the standard; its answers; its frozen submissions."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.selectors import Viewer, authority
from certification.domain import lifecycle

if TYPE_CHECKING:
    from certification.models.certificates import Certificate

ONE_SUBJECT = (
    Q(venue__isnull=False, event__isnull=True, project__isnull=True)
    | Q(venue__isnull=True, event__isnull=False, project__isnull=True)
    | Q(venue__isnull=True, event__isnull=True, project__isnull=False)
)
_OPEN = Q(state__in=lifecycle.PLAN_OPEN)


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, user: Viewer) -> Self:
        """Members see their organisation's plans, and those that a certificate which passed to it rests on; an area's
        officers see what was submitted to it; auditors see all.
        """
        who = authority(user)
        if who.is_auditor:
            return self
        found = Q(organisation_id__in=list(who.organisations))
        if who.areas:
            found |= Q(area_id__in=list(who.areas), first_submitted_at__isnull=False)
        if not who.organisations:
            return self.filter(found)
        from certification.models.certificates import Certificate  # noqa: PLC0415 - which stands on this module

        passed_on = Certificate.objects.filter(basis="transfer", organisation_id__in=list(who.organisations))
        return self.filter(found | Q(pk__in=passed_on.values("plan")))


class Plan(models.Model):
    class State(models.TextChoices):
        DRAFT = lifecycle.DRAFT, _("draft")
        SUBMITTED = lifecycle.SUBMITTED, _("submitted")
        UNDER_REVIEW = lifecycle.UNDER_REVIEW, _("under review")
        CHANGES_REQUESTED = lifecycle.CHANGES_REQUESTED, _("changes requested")
        RECOMMENDED = lifecycle.RECOMMENDED, _("awaiting signature")
        APPROVED = lifecycle.APPROVED, _("approved")
        REFUSED = lifecycle.REFUSED, _("refused")
        WITHDRAWN = lifecycle.WITHDRAWN, _("withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    standard = models.ForeignKey("certification.StandardVersion", on_delete=models.PROTECT, related_name="plans")
    venue = models.ForeignKey("events.Venue", null=True, blank=True, on_delete=models.PROTECT, related_name="plans")
    event = models.ForeignKey("events.Event", null=True, blank=True, on_delete=models.PROTECT, related_name="plans")
    project = models.ForeignKey("events.Project", null=True, blank=True, on_delete=models.PROTECT, related_name="plans")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="plans")
    area = models.ForeignKey("accounts.PoliceArea", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT)
    renews = models.ForeignKey(
        "certification.Certificate", null=True, blank=True, on_delete=models.PROTECT, related_name="renewals"
    )
    standing = models.JSONField(
        _("answers that stand"),
        default=list,
        blank=True,
        help_text=_("after a change: criteria whose answer and judgement stand from the plan before"),
    )
    needed_by = models.DateField(
        _("needed by"), help_text=_("event start, opening, or end of the present certificate"), null=True
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("begun"))
    updated_at = models.DateTimeField(_("last changed"))
    first_submitted_at = models.DateTimeField(_("first submitted"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("last submitted"), null=True, blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = PlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=ONE_SUBJECT, name="certification_plan_one_subject"),
            models.CheckConstraint(
                condition=Q(state__in=[lifecycle.DRAFT, lifecycle.WITHDRAWN])
                | Q(first_submitted_at__isnull=False, submitted_at__isnull=False),
                name="certification_plan_submitted_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[lifecycle.UNDER_REVIEW, lifecycle.RECOMMENDED]) | Q(reviewer__isnull=False),
                name="certification_plan_review_has_reviewer",
            ),
            models.UniqueConstraint(fields=["venue"], condition=_OPEN, name="certification_plan_one_open_venue"),
            models.UniqueConstraint(fields=["event"], condition=_OPEN, name="certification_plan_one_open_event"),
            models.UniqueConstraint(fields=["project"], condition=_OPEN, name="certification_plan_one_open_project"),
        ]
        indexes = [
            models.Index(fields=["organisation", "-updated_at", "-id"], name="certification_plan_org"),
            models.Index(
                fields=["area", "needed_by", "id"],
                name="certification_plan_queue",
                condition=Q(state__in=lifecycle.PLAN_WITH_POLICE),
            ),
        ]

    def __str__(self) -> str:
        return f"plan {self.pk}"

    @property
    def certificate(self) -> Certificate | None:
        """The newest: a variation or a transfer makes another one on the same decision. One query."""
        return self.certificates.order_by("-created_at", "-pk").first()


class Answer(models.Model):
    """The organiser's answer to one criterion. `version` counts saves: a save against an old one is a Conflict."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="answers")
    criterion_code = models.CharField(_("criterion"), max_length=10)
    level = models.PositiveSmallIntegerField(_("level"), null=True, blank=True)
    not_applicable = models.BooleanField(_("not applicable"), default=False)
    reason = models.TextField(_("why it does not apply"), blank=True)
    account = models.TextField(_("what is in place"), blank=True)
    confirm_needed = models.BooleanField(_("copied, to be confirmed or answered anew"), default=False)
    version = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(_("saved"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "criterion_code"], name="certification_answer_once"),
            models.CheckConstraint(
                condition=Q(not_applicable=False) | Q(level__isnull=True), name="certification_answer_na_has_no_level"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion_code} of {self.plan_id}"


class Submission(models.Model):
    """What was submitted, frozen: facts, answers, evidence manifest, the score of the day. A trigger refuses changes.

    `content_hash` is the SHA-256 of the canonical JSON of `snapshot`.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField(_("number"))
    receipt = models.CharField(_("receipt"), max_length=24, unique=True)
    snapshot = models.JSONField(_("snapshot"))
    content_hash = models.CharField(max_length=64)
    score = models.JSONField(_("self-assessed score"))
    declared_name = models.CharField(_("declared by"), max_length=120)
    declared_position = models.CharField(_("position"), max_length=120)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(_("submitted"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="certification_submission_number")]

    def __str__(self) -> str:
        return self.receipt
