"""Who has to act on a bulletin, and whether they did: one row for each place, event or project that it concerns."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.selectors import Viewer, authority
from advisories.domain import bulletins as rules
from advisories.models.bulletins import Bulletin
from events.models import Event, Project, Subject, Venue

__all__ = ["BulletinAnswer", "BulletinChase", "BulletinFile", "BulletinPlace", "BulletinPlaceQuerySet"]

ONE_SUBJECT = (
    Q(venue__isnull=False, event__isnull=True, project__isnull=True)
    | Q(venue__isnull=True, event__isnull=False, project__isnull=True)
    | Q(venue__isnull=True, event__isnull=True, project__isnull=False)
)


class BulletinPlaceQuerySet(models.QuerySet["BulletinPlace"]):
    def visible_to(self, user: Viewer) -> BulletinPlaceQuerySet:
        """The organisation's own, those of an officer's areas, and everything for auditors.

        What a place says is kin to a plan: a national administrator, who reads none, sees how many and which alone
        (selectors.reach).
        """
        who = authority(user)
        if who.is_auditor:
            return self
        found = Q(organisation_id__in=list(who.organisations)) | Q(area_id__in=list(who.areas))
        return self.filter(found, bulletin__in=Bulletin.objects.visible_to(user))


class BulletinPlace(models.Model):
    class State(models.TextChoices):
        OPEN = rules.OPEN, _("not acknowledged")
        ACKNOWLEDGED = rules.ACKNOWLEDGED, _("acknowledged")
        DONE = rules.DONE, _("done")
        NOT_APPLICABLE = rules.NOT_APPLICABLE, _("does not apply")

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="places")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("accounts.PoliceArea", on_delete=models.PROTECT, related_name="+")
    venue = models.ForeignKey(Venue, null=True, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.OPEN)
    read_at = models.DateTimeField(_("first read by one of them"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.TextField(_("what was done, or why it does not apply"), blank=True)

    objects = BulletinPlaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=ONE_SUBJECT, name="advisories_bulletinplace_one_subject"),
            models.UniqueConstraint(fields=["bulletin", "venue"], name="advisories_bulletinplace_venue_once"),
            models.UniqueConstraint(fields=["bulletin", "event"], name="advisories_bulletinplace_event_once"),
            models.UniqueConstraint(fields=["bulletin", "project"], name="advisories_bulletinplace_project_once"),
            models.CheckConstraint(
                condition=Q(state=rules.OPEN) | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="advisories_bulletinplace_acknowledged_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=rules.NOT_APPLICABLE) | ~Q(note=""),
                name="advisories_bulletinplace_says_why_not",
            ),
        ]
        indexes = [
            models.Index(fields=["bulletin", "state", "organisation"], name="advisories_place_chase"),
            models.Index(fields=["bulletin", "area"], name="advisories_place_area"),
            models.Index(fields=["organisation", "bulletin"], name="advisories_place_org"),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.bulletin_id}"

    @property
    def subject(self) -> Subject:
        found = self.venue or self.event or self.project
        assert found is not None  # noqa: S101 - by advisories_bulletinplace_one_subject
        return found

    @property
    def kind(self) -> str:
        if self.venue_id is not None:
            return Venue.kind
        return Event.kind if self.event_id is not None else Project.kind

    @property
    def subject_id(self) -> uuid.UUID:
        found = self.venue_id or self.event_id or self.project_id
        assert found is not None  # noqa: S101 - by advisories_bulletinplace_one_subject
        return found


class BulletinFile(models.Model):
    """What a place shows for having done it. Stored encrypted; opened by nobody until the scan says clean."""

    class Scan(models.TextChoices):
        PENDING = "pending", _("being scanned")
        CLEAN = "clean", _("scanned, nothing found")
        INFECTED = "infected", _("refused: malware found")
        HELD = "held", _("held: no scanner available")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey(BulletinPlace, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(_("file name"), max_length=160)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    storage_name = models.CharField(max_length=120, unique=True)
    scan = models.CharField(_("scan"), max_length=8, choices=Scan, default=Scan.PENDING)
    scanned_at = models.DateTimeField(_("scanned"), null=True, blank=True)
    scanner = models.CharField(_("scanner"), max_length=40, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(scan__in=["pending", "held"]) | Q(scanned_at__isnull=False),
                name="advisories_bulletinfile_scanned_at",
            ),
        ]
        indexes = [
            models.Index(fields=["uploaded_at", "id"], name="advisories_bulletinfile_held", condition=Q(scan="held")),
        ]

    def __str__(self) -> str:
        return self.name


class BulletinAnswer(models.Model):
    """A place's answer to the temporary criterion of a bulletin. No part of the standard, and never of a score."""

    place = models.OneToOneField(BulletinPlace, on_delete=models.PROTECT, related_name="answer")
    level = models.PositiveSmallIntegerField(_("level"))
    account = models.TextField(_("what is in place"))
    version = models.PositiveIntegerField(default=1)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(_("answered"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__lte=4), name="advisories_bulletinanswer_level"),
        ]

    def __str__(self) -> str:
        return f"{self.level} for {self.place_id}"


class BulletinChase(models.Model):
    """That an organisation was chased at a stage, for all its places at once: the row is what makes it once."""

    class Stage(models.TextChoices):
        CHASE = rules.CHASED, _("reminded")
        OWNERS = rules.TO_OWNERS, _("raised with the owners")
        ADVISERS = rules.TO_ADVISERS, _("raised with the police")

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="chases")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(_("stage"), max_length=8, choices=Stage)
    created_at = models.DateTimeField(_("at"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bulletin", "organisation", "stage"], name="advisories_bulletinchase_once"),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.bulletin_id}"
