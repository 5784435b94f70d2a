"""What somebody saw and told the police: sealed at rest, for the reporter and the officers of one area."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.selectors import Viewer, authority
from advisories.domain import sightings as rules

__all__ = ["Sighting", "SightingFile", "SightingStep"]


class SightingQuerySet(models.QuerySet["Sighting"]):
    def visible_to(self, user: Viewer) -> Self:
        """That there is such a report (policies.sightings.can_view). What it says is another question: can_read."""
        who = authority(user)
        if who.is_auditor:
            return self
        if who.user_id is None:
            return self.none()
        return self.filter(Q(reporter=who.user_id) | Q(area_id__in=list(who.areas)))

    def for_officer(self, user: Viewer) -> Self:
        return self.filter(area_id__in=list(authority(user).areas))


class Sighting(models.Model):
    """`sealed_report` holds everything that the reporter wrote, as one text. Category, times and area stand open: the
    queue is ordered and the trail is read by them.
    """

    class State(models.TextChoices):
        NEW = rules.NEW, _("new")
        SEEN = rules.SEEN, _("seen")
        PASSED_ON = rules.PASSED_ON, _("passed on")
        CLOSED = rules.CLOSED, _("closed")

    class Category(models.TextChoices):
        RECONNAISSANCE = "reconnaissance", _("somebody studying a place")
        ITEM = "item", _("a suspicious item")
        VEHICLE = "vehicle", _("a vehicle")
        DRONE = "drone", _("a drone")
        INSIDER = "insider", _("a worry about somebody on the inside")
        ONLINE = "online", _("something online")
        OTHER = "other", _("something else")

    class Outcome(models.TextChoices):
        ACTION = "action", _("action was taken")
        EXPLAINED = "explained", _("there was an innocent explanation")
        NOTHING_FOUND = "nothing_found", _("looked into, nothing found")
        INTELLIGENCE = "intelligence", _("kept as information")
        NOT_OURS = "not_ours", _("not a matter for protective security")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=16, unique=True)
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sightings")
    area = models.ForeignKey("accounts.PoliceArea", on_delete=models.PROTECT, related_name="+")
    venue = models.ForeignKey("events.Venue", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey("events.Event", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey("events.Project", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(_("what it was"), max_length=16, choices=Category)
    happened_at = models.DateTimeField(_("when it was seen"))
    ongoing = models.BooleanField(_("goes on now"), default=False)
    sealed_report = models.TextField(_("sealed report"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.NEW)
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome, blank=True, default="")
    reported_at = models.DateTimeField(_("reported"))
    moved_at = models.DateTimeField(_("last moved"))
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = SightingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(venue__isnull=True, event__isnull=True)
                | Q(venue__isnull=True, project__isnull=True)
                | Q(event__isnull=True, project__isnull=True),
                name="advisories_sighting_one_subject",
            ),
            models.CheckConstraint(
                condition=Q(state=rules.CLOSED) & ~Q(outcome="") | ~Q(state=rules.CLOSED) & Q(outcome=""),
                name="advisories_sighting_closed_with_outcome",
            ),
            models.CheckConstraint(
                condition=Q(state=rules.NEW) | Q(handler__isnull=False), name="advisories_sighting_handled_by_somebody"
            ),
            models.CheckConstraint(
                condition=Q(handler__isnull=True) | ~Q(handler=F("reporter")),
                name="advisories_sighting_not_by_its_reporter",
            ),
        ]
        indexes = [
            models.Index(fields=["area", "-reported_at", "-id"], name="advisories_sighting_area"),
            models.Index(fields=["reporter", "-reported_at", "-id"], name="advisories_sighting_own"),
        ]

    def __str__(self) -> str:
        return self.number


class SightingStep(models.Model):
    """What was done with a report, when and by whom; never changed. `sealed_reply` is for the reporter, sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sighting = models.ForeignKey(Sighting, on_delete=models.PROTECT, related_name="steps")
    action = models.CharField(_("action"), max_length=12)
    before = models.CharField(_("state before"), max_length=12, blank=True)
    after = models.CharField(_("state after"), max_length=12)
    area = models.ForeignKey("accounts.PoliceArea", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"))
    outcome = models.CharField(_("outcome"), max_length=16, choices=Sighting.Outcome, blank=True, default="")
    sealed_reply = models.TextField(_("sealed reply"), blank=True)

    class Meta:
        indexes = [models.Index(fields=["sighting", "at", "id"], name="advisories_sightingstep_order")]

    def __str__(self) -> str:
        return f"{self.action} {self.sighting_id}"


class SightingFile(models.Model):
    """A picture or document with a report; opened by nobody until the scan says clean."""

    class Scan(models.TextChoices):
        PENDING = "pending", _("being scanned")
        CLEAN = "clean", _("scanned, nothing found")
        INFECTED = "infected", _("refused: malware found")
        HELD = "held", _("held: no scanner available")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sighting = models.ForeignKey(Sighting, on_delete=models.PROTECT, related_name="files")
    sealed_name = models.TextField(_("sealed file name"))
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    storage_name = models.CharField(max_length=120)
    scan = models.CharField(_("scan"), max_length=8, choices=Scan, default=Scan.PENDING)
    scanned_at = models.DateTimeField(_("scanned"), null=True, blank=True)
    scanner = models.CharField(_("scanner"), max_length=40, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(scan__in=["pending", "held"]) | Q(scanned_at__isnull=False),
                name="advisories_sightingfile_scanned_at",
            ),
        ]
        indexes = [
            models.Index(fields=["sighting", "uploaded_at"], name="advisories_sightingfile_of"),
            models.Index(fields=["uploaded_at", "id"], name="advisories_sightingfile_held", condition=Q(scan="held")),
        ]

    def __str__(self) -> str:
        return f"file of {self.sighting_id}"
