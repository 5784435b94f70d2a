from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.selectors import Viewer, authority
from certification.domain import listing
from certification.models.plans import ONE_SUBJECT

_OPEN = Q(state__in=listing.OPEN)


class ListingRequestQuerySet(models.QuerySet["ListingRequest"]):
    def visible_to(self, user: Viewer) -> Self:
        """The members of its organisation, and those who answer it or read everything (policies.can_view)."""
        who = authority(user)
        if who.is_auditor or who.is_administrator:
            return self
        return self.filter(organisation_id__in=list(who.organisations))


class ListingRequest(models.Model):
    """That a site be kept off the public register, why, and what a national administrator answered.

    It is about the subject, not about one certificate: the next certificate of the same subject stays off the register
    too, a new holder's included, until a holder ends it. `reason` may be sensitive: it is on its page alone.
    """

    class State(models.TextChoices):
        ASKED = listing.ASKED, _("waiting for an answer")
        CONSENTED = listing.CONSENTED, _("kept off the register")
        REFUSED = listing.REFUSED, _("refused")
        WITHDRAWN = listing.WITHDRAWN, _("withdrawn")
        ENDED = listing.ENDED, _("ended by the holder")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    venue = models.ForeignKey("events.Venue", null=True, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey("events.Event", null=True, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey("events.Project", null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.ASKED)
    reason = models.TextField(_("reason"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"))
    answer = models.TextField(_("what was answered"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("answered"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(_("withdrawn or ended"), null=True, blank=True)

    objects = ListingRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=ONE_SUBJECT, name="certification_listing_one_subject"),
            models.CheckConstraint(
                condition=~Q(state__in=listing.ANSWERED) | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="certification_listing_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("asked_by")),
                name="certification_listing_not_by_who_asked",
            ),
            models.CheckConstraint(
                condition=~Q(state=listing.REFUSED) | ~Q(answer=""), name="certification_listing_refused_says_why"
            ),
            *(
                models.UniqueConstraint(fields=[kind], condition=_OPEN, name=f"certification_listing_one_{kind}")
                for kind in ("venue", "event", "project")
            ),
        ]
        indexes = [
            models.Index(fields=["state", "asked_at", "id"], name="certification_listing_state"),
            models.Index(fields=["-asked_at", "-id"], name="certification_listing_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.state}, asked {self.asked_at:%Y-%m-%d}"
