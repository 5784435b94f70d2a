"""Guidance packs of the sectors. A row is one version; what is published is a frozen copy of all it shows."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.selectors import Viewer, authority
from advisories.domain import guidance as rules
from advisories.domain import networks, tlp
from advisories.domain.sectors import SECTORS
from advisories.models.networks import SECTOR_LENGTH, NetworkMember, NetworkModerator

__all__ = ["GuidancePack"]


class GuidancePackQuerySet(models.QuerySet["GuidancePack"]):
    def visible_to(self, user: Viewer) -> Self:
        """Says the same as policies.guidance.can_view."""
        who = authority(user)
        if who.is_auditor:
            return self
        released = Q(state__in=rules.RELEASED)
        found = released & Q(tlp=tlp.CLEAR)
        if who.user_id is None:
            return self.filter(found)
        if who.is_administrator:
            return self
        if who.is_police:
            lead = NetworkModerator.objects.standing().filter(user=who.user_id, lead=networks.POLICE)
            return self.filter(found | released | Q(sector__in=lead.values("sector")))
        if who.organisations:
            mine = NetworkMember.objects.standing().filter(user=who.user_id, sector=OuterRef("sector"))
            found |= released & (Q(tlp=tlp.GREEN) | (Q(tlp=tlp.AMBER) & Q(Exists(mine))))
        return self.filter(found)


class GuidancePack(models.Model):
    """`criteria` are codes of `standard`, `lessons` ids; `snapshot` is what a published one shows, whatever comes later."""

    class State(models.TextChoices):
        DRAFT = rules.DRAFT, _("draft")
        PUBLISHED = rules.PUBLISHED, _("published")
        SUPERSEDED = rules.SUPERSEDED, _("replaced by a newer version")
        WITHDRAWN = rules.WITHDRAWN, _("withdrawn")
        DISCARDED = rules.DISCARDED, _("discarded")

    class Tier(models.TextChoices):
        STANDARD = "standard", _("standard tier")
        ENHANCED = "enhanced", _("enhanced tier")

    class Tlp(models.TextChoices):
        AMBER = tlp.AMBER, tlp.LABELS[tlp.AMBER]
        GREEN = tlp.GREEN, tlp.LABELS[tlp.GREEN]
        CLEAR = tlp.CLEAR, tlp.LABELS[tlp.CLEAR]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    series = models.UUIDField(default=uuid.uuid4, editable=False)
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    sector = models.CharField(_("sector"), max_length=SECTOR_LENGTH)
    tier = models.CharField(_("for the"), max_length=8, choices=Tier)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    title = models.CharField(_("title"), max_length=160)
    tlp = models.CharField(_("marking"), max_length=12, choices=Tlp, default=tlp.DEFAULT)
    introduction = models.TextField(_("introduction"), blank=True)
    actions = models.JSONField(_("key actions"), default=list)
    standard = models.ForeignKey("certification.StandardVersion", on_delete=models.PROTECT, related_name="+")
    criteria = models.JSONField(_("criteria"), default=list)
    lessons = models.JSONField(_("lessons"), default=list)
    snapshot = models.JSONField(_("as published"), default=dict)
    content_hash = models.CharField(max_length=64, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("begun"))
    changed_at = models.DateTimeField(_("last changed"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("why it was withdrawn"), max_length=300, blank=True)
    pdf_name = models.CharField(max_length=160, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    pdf_size = models.PositiveIntegerField(default=0)

    objects = GuidancePackQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="advisories_guidance_version"),
            models.UniqueConstraint(
                fields=["series"], condition=Q(state=rules.PUBLISHED), name="advisories_guidance_one_published"
            ),
            models.UniqueConstraint(
                fields=["series"], condition=Q(state=rules.DRAFT), name="advisories_guidance_one_draft"
            ),
            models.CheckConstraint(condition=Q(sector__in=list(SECTORS)), name="advisories_guidance_sector"),
            models.CheckConstraint(condition=Q(tlp__in=rules.MARKINGS), name="advisories_guidance_marking"),
            models.CheckConstraint(
                condition=~Q(state__in=rules.RELEASED)
                | (Q(published_at__isnull=False, published_by__isnull=False) & ~Q(content_hash="")),
                name="advisories_guidance_published",
            ),
            models.CheckConstraint(
                condition=~Q(state=rules.WITHDRAWN) | ~Q(withdrawn_reason=""), name="advisories_guidance_withdrawn_why"
            ),
        ]
        indexes = [models.Index(fields=["sector", "-created_at", "-id"], name="advisories_guidance_list")]

    def __str__(self) -> str:
        return self.title
