from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class TierDetermination(models.Model):
    """What the rules said of a subject's facts, kept for ever; the newest one is the subject's `tier`."""

    venue = models.ForeignKey("events.Venue", null=True, on_delete=models.PROTECT, related_name="determinations")
    event = models.ForeignKey("events.Event", null=True, on_delete=models.PROTECT, related_name="determinations")
    project = models.ForeignKey("events.Project", null=True, on_delete=models.PROTECT, related_name="determinations")
    facts = models.JSONField(_("facts"))
    rule_set = models.CharField(_("rule set"), max_length=16)
    tier = models.CharField(_("tier"), max_length=8)
    predicted = models.BooleanField(_("predicted"), default=False)
    reasons = models.JSONField(_("reasons"))
    advice = models.JSONField(_("advice"), default=list)
    determined_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    determined_at = models.DateTimeField(_("determined"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(venue__isnull=False, event__isnull=True, project__isnull=True)
                | Q(venue__isnull=True, event__isnull=False, project__isnull=True)
                | Q(venue__isnull=True, event__isnull=True, project__isnull=False),
                name="events_tierdetermination_one_subject",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tier} ({self.rule_set})"
