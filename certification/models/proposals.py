from __future__ import annotations

from datetime import datetime
from typing import Final, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from certification.domain import proposals as rules

_OPEN = Q(confirmed_at__isnull=True, dropped_at__isnull=True) & ~Q(kind=rules.SURRENDER)

# Together where they can: each condition of a query costs as much as its answer.
_KINDS_BY_STATES: Final = {
    states: [kind.code for kind in rules.KINDS.values() if kind.states == states]
    for states in dict.fromkeys(kind.states for kind in rules.KINDS.values())
}


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def unanswered(self) -> Self:
        """Neither confirmed nor dropped. One whose certificate has ended meanwhile waits for nobody: see `waiting`."""
        return self.filter(_OPEN)

    def waiting(self, *, now: datetime) -> Self:
        """For a second officer: of certificates in a state in which it can still be confirmed."""
        can_be = Q()
        for states, kinds in _KINDS_BY_STATES.items():
            can_be |= Q(kind__in=kinds, certificate__state__in=states)
        # An urgent suspension acts already: its certificate is suspended.
        can_be |= Q(kind=rules.SUSPEND, urgent=True, certificate__state="suspended", lapses_at__gt=now)
        return self.unanswered().filter(can_be)

    def lapsed(self, *, now: datetime) -> Self:
        """Urgent suspensions that nobody confirmed in time."""
        return self.unanswered().filter(lapses_at__lte=now)


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

    class Office(models.TextChoices):
        """In which somebody signed: an officer may hold another one by the time that somebody reads it."""

        ADVISER = rules.ADVISER, _("police adviser")
        AUTHORISER = rules.AUTHORISER, _("authorising officer")
        OWNER = rules.OWNER, _("owner of the holding organisation")

    certificate = models.ForeignKey("certification.Certificate", on_delete=models.PROTECT, related_name="proposals")
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    urgent = models.BooleanField(_("urgent"), default=False)
    changes = models.JSONField(_("what becomes different"), default=dict)
    reason = models.TextField(_("reason"))
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_as = models.CharField(_("proposed as"), max_length=10, choices=Office, blank=True)
    proposed_at = models.DateTimeField(_("proposed"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_as = models.CharField(_("confirmed as"), max_length=10, choices=Office, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    dropped_at = models.DateTimeField(_("dropped"), null=True, blank=True)
    # When the certificate moved: with the second signature, or at once where one is enough.
    effective_at = models.DateTimeField(_("took effect"), null=True, blank=True)
    lapses_at = models.DateTimeField(_("lapses unless confirmed"), null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

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
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | Q(confirmed_as=rules.AUTHORISER)
                | Q(urgent=True, proposed_as=rules.AUTHORISER, confirmed_as=rules.ADVISER),
                name="certification_proposal_one_of_them_authorises",
            ),
            models.CheckConstraint(
                condition=Q(urgent=False, lapses_at__isnull=True)
                | Q(urgent=True, kind=rules.SUSPEND, lapses_at__isnull=False, effective_at__isnull=False),
                name="certification_proposal_urgent_lapses",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(dropped_at__isnull=True),
                name="certification_proposal_answered_once",
            ),
            models.CheckConstraint(
                condition=~Q(kind=rules.SURRENDER)
                | Q(confirmed_at__isnull=True, dropped_at__isnull=True, effective_at__isnull=False),
                name="certification_proposal_surrender_is_done",
            ),
            models.UniqueConstraint(
                fields=["certificate", "kind"], condition=_OPEN, name="certification_proposal_one_open"
            ),
        ]
        indexes = [
            models.Index(
                fields=["lapses_at", "id"],
                name="certification_proposal_lapsing",
                condition=Q(confirmed_at__isnull=True, dropped_at__isnull=True, lapses_at__isnull=False),
            ),
            models.Index(fields=["proposed_at", "id"], name="certification_proposal_waiting", condition=_OPEN),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.certificate_id}"

    @property
    def is_open(self) -> bool:
        return self.confirmed_at is None and self.dropped_at is None and self.kind != rules.SURRENDER

    @property
    def makes_way(self) -> bool:
        """An ordinary suspension that is proposed keeps nobody from an urgent one."""
        return self.kind == rules.SUSPEND and not self.urgent
