from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    CERTIFY = "certify", _("certify")
    CONDITIONS = "certify_with_conditions", _("certify with conditions")
    REFUSE = "refuse", _("refuse")


class Recommendation(models.Model):
    """The reviewer's advice to the authorising officer. Sent back, it is superseded and stays on the file.

    `conditions`: a list of {code, text, days}, those that are set; what stands from the certificate before is not among
    them. `score` is the engine's result over the reviewer's levels, `engine_outcome` what it comes to with what stands.
    """

    plan = models.ForeignKey("certification.Plan", on_delete=models.PROTECT, related_name="recommendations")
    review = models.ForeignKey("certification.Review", on_delete=models.PROTECT, related_name="recommendations")
    submission = models.ForeignKey("certification.Submission", on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(_("recommendation"), max_length=24, choices=Outcome)
    engine_outcome = models.CharField(_("outcome of the score"), max_length=24, choices=Outcome)
    departure_reason = models.TextField(_("why it departs from the score"), blank=True)
    summary = models.TextField(_("summary for the authorising officer"))
    conditions = models.JSONField(_("conditions"), default=list)
    score = models.JSONField(_("score"))
    recommended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recommended_at = models.DateTimeField(_("recommended"))
    superseded_at = models.DateTimeField(_("sent back"), null=True, blank=True)
    sent_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_back_reason = models.TextField(_("why it was sent back"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan"],
                condition=Q(superseded_at__isnull=True),
                name="certification_recommendation_one_current",
            ),
            models.CheckConstraint(
                condition=Q(outcome=F("engine_outcome")) | ~Q(departure_reason=""),
                name="certification_recommendation_departure_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} for {self.plan_id}"


class Decision(models.Model):
    """Signed by an authorising officer. The constraint, not the page, keeps the reviewer from signing."""

    plan = models.OneToOneField("certification.Plan", on_delete=models.PROTECT, related_name="decision")
    recommendation = models.OneToOneField(Recommendation, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(_("decision"), max_length=24, choices=Outcome)
    engine_outcome = models.CharField(_("outcome of the score"), max_length=24, choices=Outcome)
    departure_reason = models.TextField(_("why it departs from the score"), blank=True)
    note = models.TextField(_("note to the organiser"), blank=True)
    conditions = models.JSONField(_("conditions"), default=list)
    recommended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("decided"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(decided_by=F("recommended_by")), name="certification_decision_two_people"
            ),
            models.CheckConstraint(
                condition=Q(outcome=F("engine_outcome")) | ~Q(departure_reason=""),
                name="certification_decision_departure_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} for {self.plan_id}"
