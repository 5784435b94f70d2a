"""A bulletin: an advisory that the police write to the places it concerns. Once released its words do not change: a
trigger refuses it. Its life is `advisories.domain.bulletins`.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.selectors import Authority, Viewer, authority
from advisories.domain import bulletins as rules
from advisories.domain import tlp

__all__ = ["Bulletin", "BulletinQuerySet"]

_RELEASED = Q(state__in=rules.RELEASED)


class BulletinQuerySet(models.QuerySet["Bulletin"]):
    def visible_to(self, user: Viewer) -> Self:
        """Says the same as policies.bulletins.can_view: TLP 2.0 for whoever is not of the issuing side."""
        who = authority(user)
        if who.is_auditor:
            return self
        found = _RELEASED & Q(tlp=tlp.CLEAR)
        if who.user_id is None:
            return self.filter(found)
        found |= self._issued_by(who)
        if who.organisations or who.areas or who.national_role:
            found |= _RELEASED & Q(tlp=tlp.GREEN)
        if who.areas:
            found |= _RELEASED & Q(tlp=tlp.AMBER) & self._reaches(area_id__in=list(who.areas))
        if who.organisations:
            found |= _RELEASED & self._sent_to(who)
        return self.filter(found)

    def standing(self, at: datetime) -> Self:
        """Published, neither updated nor retracted, and not past its own end: what still asks for something."""
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=at), state=rules.PUBLISHED)

    def issued_by(self, user: Viewer) -> Self:
        """Those of the person's own areas, or for a national administrator the national ones, in every state."""
        return self.filter(self._issued_by(authority(user)))

    def _issued_by(self, who: Authority) -> Q:
        own = Q(area_id__in=list(who.areas))
        return own | Q(area__isnull=True) if who.is_administrator else own

    def _sent_to(self, who: Authority) -> Q:
        """To their organisation; TLP:RED to them by name as well."""
        to_organisation = self._reaches(organisation_id__in=list(who.organisations))
        named = Q(
            Exists(self._related("BulletinRecipient").objects.filter(bulletin=OuterRef("pk"), user_id=who.user_id))
        )
        return (Q(tlp__in=[tlp.AMBER, tlp.AMBER_STRICT]) & to_organisation) | (Q(tlp=tlp.RED) & to_organisation & named)

    def _reaches(self, **where: object) -> Q:
        return Q(Exists(self._related("BulletinPlace").objects.filter(Q(**where), bulletin=OuterRef("pk"))))

    def _related(self, name: str) -> Any:
        # Named, since those modules point here.
        return self.model._meta.apps.get_model("advisories", name)


class Bulletin(models.Model):
    class State(models.TextChoices):
        DRAFT = rules.DRAFT, _("draft")
        AWAITING = rules.AWAITING, _("awaiting approval")
        APPROVED = rules.APPROVED, _("ready to send")
        SCHEDULED = rules.SCHEDULED, _("scheduled")
        PUBLISHED = rules.PUBLISHED, _("published")
        SUPERSEDED = rules.SUPERSEDED, _("updated since")
        RETRACTED = rules.RETRACTED, _("retracted")
        DISCARDED = rules.DISCARDED, _("discarded")

    class Tlp(models.TextChoices):
        RED = tlp.RED, tlp.LABELS[tlp.RED]
        AMBER_STRICT = tlp.AMBER_STRICT, tlp.LABELS[tlp.AMBER_STRICT]
        AMBER = tlp.AMBER, tlp.LABELS[tlp.AMBER]
        GREEN = tlp.GREEN, tlp.LABELS[tlp.GREEN]
        CLEAR = tlp.CLEAR, tlp.LABELS[tlp.CLEAR]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Empty: national.
    area = models.ForeignKey(
        "accounts.PoliceArea", null=True, blank=True, on_delete=models.PROTECT, related_name="bulletins"
    )
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT)
    title = models.CharField(_("title"), max_length=160)
    body = models.TextField(_("what is known"))
    instruction = models.TextField(_("what to do"), blank=True)
    tlp = models.CharField(_("marking"), max_length=12, choices=Tlp, default=tlp.DEFAULT)
    severity = models.CharField(_("severity"), max_length=8)
    urgency = models.CharField(_("urgency"), max_length=9)
    certainty = models.CharField(_("certainty"), max_length=8)
    category = models.CharField(_("category"), max_length=9)
    status = models.CharField(_("actual or exercise"), max_length=8, default=rules.ACTUAL)
    audience = models.JSONField(_("audience"), default=dict)
    question = models.CharField(_("temporary criterion"), max_length=300, blank=True)
    due_at = models.DateTimeField(_("acknowledge by"), null=True, blank=True)
    expires_at = models.DateTimeField(_("holds until"), null=True, blank=True)
    publish_at = models.DateTimeField(_("to be published"), null=True, blank=True)
    replaces = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="updates")
    needs_approval = models.BooleanField(_("a second person approves"), default=True)
    content_hash = models.CharField(max_length=64, blank=True)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # When it was last worked on, then when it was published: what lists are ordered by.
    listed_at = models.DateTimeField(_("last changed"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    sent_back_reason = models.TextField(_("why it was sent back"), blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    retracted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    retracted_at = models.DateTimeField(_("retracted"), null=True, blank=True)
    retraction_reason = models.TextField(_("why it was retracted"), blank=True)

    objects = BulletinQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("drafted_by")),
                name="advisories_bulletin_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=rules.SETTLED) | Q(needs_approval=False) | Q(approved_by__isnull=False),
                name="advisories_bulletin_approved_where_needed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=rules.SETTLED, tlp__in=[tlp.RED, tlp.AMBER_STRICT])
                | Q(approved_by__isnull=False),
                name="advisories_bulletin_strict_is_approved",
            ),
            models.CheckConstraint(
                condition=~_RELEASED | (Q(published_at__isnull=False) & ~Q(content_hash="")),
                name="advisories_bulletin_released_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(state=rules.RETRACTED)
                | (Q(retracted_at__isnull=False, retracted_by__isnull=False) & ~Q(retraction_reason="")),
                name="advisories_bulletin_retracted_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state=rules.SCHEDULED) | Q(publish_at__isnull=False),
                name="advisories_bulletin_scheduled_has_time",
            ),
            models.UniqueConstraint(
                fields=["replaces"],
                condition=~Q(state=rules.DISCARDED),
                name="advisories_bulletin_one_update",
            ),
        ]
        indexes = [
            models.Index(fields=["-listed_at", "-id"], name="advisories_bulletin_newest"),
            models.Index(fields=["area", "-listed_at", "-id"], name="advisories_bulletin_area"),
            models.Index(
                fields=["publish_at"], name="advisories_bulletin_scheduled", condition=Q(state=rules.SCHEDULED)
            ),
            models.Index(fields=["due_at"], name="advisories_bulletin_due", condition=Q(state=rules.PUBLISHED)),
        ]

    def __str__(self) -> str:
        return f"bulletin {self.pk}"

    @property
    def tlp_label(self) -> str:
        return tlp.LABELS[self.tlp]

    @property
    def is_exercise(self) -> bool:
        return self.status == rules.EXERCISE

    @property
    def is_released(self) -> bool:
        return self.state in rules.RELEASED

    @property
    def link_only(self) -> bool:
        return tlp.link_only(self.tlp)
