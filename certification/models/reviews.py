from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Review(models.Model):
    """One adviser's reading of one plan, over all its submissions; a new one begins when another adviser claims it."""

    plan = models.ForeignKey("certification.Plan", on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reviews")
    submission = models.ForeignKey(
        "certification.Submission",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("submission under review"),
    )
    claimed_at = models.DateTimeField(_("claimed"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan"], condition=Q(ended_at__isnull=True), name="certification_review_one_current"
            ),
        ]

    def __str__(self) -> str:
        return f"review of {self.plan_id}"


class CriterionReview(models.Model):
    """The reviewer's level and comment beside the organiser's. `answer_hash` tells whether the answer changed since."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="criteria")
    criterion_code = models.CharField(_("criterion"), max_length=10)
    level = models.PositiveSmallIntegerField(_("level"), null=True, blank=True)
    not_applicable = models.BooleanField(_("accepted as not applicable"), default=False)
    comment = models.TextField(_("comment to the organiser"), blank=True)
    answer_hash = models.CharField(max_length=64)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(_("saved"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion_code"], name="certification_criterionreview_once"),
            models.CheckConstraint(
                condition=Q(not_applicable=True, level__isnull=True) | Q(not_applicable=False, level__isnull=False),
                name="certification_criterionreview_level_or_na",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion_code} in {self.review_id}"


class ChangeRequest(models.Model):
    """What exactly is missing at one criterion. While the plan is out for changes, only named criteria can be edited."""

    class State(models.TextChoices):
        DRAFT = "draft", _("not yet sent")
        OPEN = "open", _("waiting for the organiser")
        ANSWERED = "answered", _("answered")

    plan = models.ForeignKey("certification.Plan", on_delete=models.PROTECT, related_name="change_requests")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="change_requests")
    criterion_code = models.CharField(_("criterion"), max_length=10)
    message = models.TextField(_("what is needed"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT)
    created_at = models.DateTimeField(_("written"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "criterion_code"],
                condition=Q(state__in=["draft", "open"]),
                name="certification_changerequest_one_live",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion_code} of {self.plan_id}"
