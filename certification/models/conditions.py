from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from certification.domain import conditions as rules
from certification.domain import lifecycle

__all__ = ["CertificateCondition", "ConditionDischarge", "ConditionExtension", "ConditionReminder"]


class ConditionQuerySet(models.QuerySet["CertificateCondition"]):
    def asked_for(self, today: date) -> Self:
        """Not met yet, on a certificate that stands: of one that has ended nobody asks anything."""
        return self.filter(
            discharged_at__isnull=True,
            certificate__state__in=lifecycle.CERTIFICATE_STANDING,
            certificate__valid_until__gte=today,
        )


class CertificateCondition(models.Model):
    """`text`, `criterion_code` are as signed. `due_on` moves by a granted extension alone; each leaves its row.

    A condition that goes on under a newer certificate has a row for each of them, its *line*: `stands_from` is the row
    before, `origin` the first. What was sent in and decided stays with the row under which it happened.
    """

    certificate = models.ForeignKey("certification.Certificate", on_delete=models.PROTECT, related_name="conditions")
    criterion_code = models.CharField(_("criterion"), max_length=10)
    text = models.TextField(_("condition"))
    due_on = models.DateField(_("due"))
    discharged_at = models.DateTimeField(_("met"), null=True, blank=True)
    # Somebody of the holder, by name; mail goes to owners and editors with or without one.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # When the present `due_on` was set by an extension; empty while it is the decision's.
    due_set_at = models.DateTimeField(_("date changed"), null=True, blank=True)
    # An officer looked at it when it was overdue and waits until this day.
    waiting_until = models.DateField(_("police wait until"), null=True, blank=True)
    stands_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="goes_on_as", editable=False
    )
    origin = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="line", editable=False
    )

    objects = ConditionQuerySet.as_manager()

    class Meta:
        ordering = ("due_on", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(stands_from__isnull=True, origin__isnull=True)
                | Q(stands_from__isnull=False, origin__isnull=False),
                name="certification_condition_line",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on", "id"], name="certification_condition_due", condition=Q(discharged_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion_code} by {self.due_on}"


class ConditionDischarge(models.Model):
    """The holder's word that a condition is met, with its files (`Evidence.discharge`), and one officer's answer."""

    class State(models.TextChoices):
        DRAFT = rules.DRAFT, _("being written")
        SUBMITTED = rules.SUBMITTED, _("with the police")
        ACCEPTED = rules.ACCEPTED, _("accepted")
        SENT_BACK = rules.SENT_BACK, _("sent back")
        WITHDRAWN = rules.WITHDRAWN, _("withdrawn")
        LAPSED = rules.LAPSED, _("over without a decision")

    condition = models.ForeignKey(CertificateCondition, on_delete=models.PROTECT, related_name="discharges")
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT)
    note = models.TextField(_("what was done"), blank=True)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(_("begun"))
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    reason = models.TextField(_("why it was sent back"), blank=True)

    class Meta:
        ordering = ("-begun_at", "-id")
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("submitted_by")),
                name="certification_discharge_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[rules.DRAFT, rules.WITHDRAWN, rules.LAPSED])
                | Q(submitted_by__isnull=False, submitted_at__isnull=False),
                name="certification_discharge_submitted_by_somebody",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state__in=rules.DISCHARGE_DECIDED, decided_by__isnull=False, decided_at__isnull=False)
                    | (~Q(state__in=rules.DISCHARGE_DECIDED) & Q(decided_by__isnull=True, decided_at__isnull=True))
                ),
                name="certification_discharge_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=rules.SENT_BACK) | ~Q(reason=""), name="certification_discharge_sent_back_says_why"
            ),
            models.UniqueConstraint(
                fields=["condition"],
                condition=Q(state__in=rules.DISCHARGE_OPEN),
                name="certification_discharge_one_open",
            ),
            models.UniqueConstraint(
                fields=["condition"], condition=Q(state=rules.ACCEPTED), name="certification_discharge_accepted_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state}, condition {self.condition_id}"


class ConditionExtension(models.Model):
    """More time: asked by the holder and answered, or given by an officer unasked (`asked_by` is then empty)."""

    class State(models.TextChoices):
        ASKED = rules.ASKED, _("asked for")
        GRANTED = rules.GRANTED, _("granted")
        REFUSED = rules.REFUSED, _("refused")
        LAPSED = rules.LAPSED, _("no longer needed")

    condition = models.ForeignKey(CertificateCondition, on_delete=models.PROTECT, related_name="extensions")
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.ASKED)
    # Where the officer does not move the date and only waits before acting; it is never asked for.
    waits = models.BooleanField(_("waits, date unchanged"), default=False)
    due_before = models.DateField(_("was due"))
    until = models.DateField(_("new date"))
    reason = models.TextField(_("reason"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("asked or given"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = [
            models.CheckConstraint(
                condition=Q(asked_by__isnull=True) | Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="certification_extension_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[rules.GRANTED, rules.REFUSED])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="certification_extension_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[rules.ASKED, rules.REFUSED, rules.LAPSED]) | Q(asked_by__isnull=False),
                name="certification_extension_asked_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(waits=False) | Q(state=rules.GRANTED, asked_by__isnull=True),
                name="certification_extension_wait_is_given",
            ),
            models.UniqueConstraint(
                fields=["condition"], condition=Q(state=rules.ASKED), name="certification_extension_one_asked"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} until {self.until}, condition {self.condition_id}"


class ConditionReminder(models.Model):
    """That the holder was reminded: the row is what makes it once. A new date brings its own milestones."""

    condition = models.ForeignKey(CertificateCondition, on_delete=models.PROTECT, related_name="reminders")
    due_on = models.DateField(_("of the date"))
    milestone = models.SmallIntegerField(_("days before the date"))
    created_at = models.DateTimeField(_("sent"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["condition", "due_on", "milestone"], name="certification_condition_reminder_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.milestone} days, {self.condition_id}"
