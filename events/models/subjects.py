"""Venues, events and infrastructure projects: the three subjects of a plan.

`facts` holds the triage facts of tiering.md that have no column of their own, validated by `events.domain.tiers`
before it is stored. `tier` is what the Act says of them; `judged_tier` is the tier by which the standard judges them
(opting in: standard at least).
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar, Self, TypeVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.selectors import Viewer, authority

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager  # noqa: F401


class AttendanceBasis(models.TextChoices):
    HISTORIC = "historic", _("counts from the past")
    TICKETS = "tickets", _("a ticket or entry limit")
    FIRE = "fire", _("the safe occupancy of the fire risk assessment")
    OTHER = "other", _("another method")


class ResponsibleKind(models.TextChoices):
    ORGANISATION = "organisation", _("an organisation")
    INDIVIDUAL = "individual", _("one person")


class Tier(models.TextChoices):
    NONE = "none", _("outside the Act")
    STANDARD = "standard", _("standard")
    ENHANCED = "enhanced", _("enhanced")
    EXCLUDED = "excluded", _("excluded from the Act")


class JudgedTier(models.TextChoices):
    STANDARD = "standard", _("standard")
    ENHANCED = "enhanced", _("enhanced")


_S = TypeVar("_S", bound="SubjectFields")


class SubjectQuerySet(models.QuerySet[_S]):
    def visible_to(self, user: Viewer) -> Self:
        """Members see their organisation's; officers see their area's; auditors see all (policies.can_view)."""
        who = authority(user)
        if who.is_auditor:
            return self
        return self.filter(Q(organisation_id__in=list(who.organisations)) | Q(area_id__in=list(who.areas)))


SubjectManager = models.Manager.from_queryset(SubjectQuerySet)


class SubjectFields(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="%(class)ss")
    area = models.ForeignKey(
        "accounts.PoliceArea", on_delete=models.PROTECT, related_name="+", verbose_name=_("police area")
    )
    name = models.CharField(_("name"), max_length=160)
    address = models.CharField(_("address"), max_length=240)
    town = models.CharField(_("town or city"), max_length=80)
    postcode = models.CharField(_("postcode"), max_length=8)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    expected_attendance = models.PositiveIntegerField(
        _("greatest number expected at one time, staff included"), validators=[MaxValueValidator(1_000_000)]
    )
    attendance_basis = models.CharField(_("how that number was worked out"), max_length=10, choices=AttendanceBasis)
    facts = models.JSONField(_("triage facts"), default=dict)
    tier = models.CharField(_("tier under the Act"), max_length=8, choices=Tier)
    chosen_tier = models.CharField(_("tier opted into"), max_length=8, choices=JudgedTier, blank=True, default="")
    judged_tier = models.CharField(_("judged at"), max_length=8, choices=JudgedTier)
    responsible_kind = models.CharField(_("the responsible person is"), max_length=12, choices=ResponsibleKind)
    responsible_name = models.CharField(_("responsible person"), max_length=160)
    responsible_ground = models.CharField(_("ground for saying so"), max_length=240)
    senior_name = models.CharField(_("designated senior individual"), max_length=120, blank=True)
    senior_position = models.CharField(_("their position"), max_length=120, blank=True)
    shared_site = models.BooleanField(_("other organisations share control of the site"), default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("registered"))
    updated_at = models.DateTimeField(_("last changed"))
    version = models.PositiveIntegerField(default=1)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        return f"{self.town}, {self.postcode}"


class Venue(SubjectFields):
    kind = "venue"
    use = models.CharField(_("main use"), max_length=32, blank=True)

    objects: ClassVar[SubjectManager[Venue]] = SubjectManager()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "-created_at", "-id"], name="events_venue_org"),
            models.Index(fields=["area", "-created_at", "-id"], name="events_venue_area"),
        ]


class Event(SubjectFields):
    """At a venue of the register, or at an address of its own (then `venue` is empty)."""

    kind = "event"
    venue = models.ForeignKey(Venue, null=True, blank=True, on_delete=models.PROTECT, related_name="events")
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    police_assets_requested = models.BooleanField(_("police or national assets are asked for"), default=False)

    objects: ClassVar[SubjectManager[Event]] = SubjectManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="events_event_ends_after_start"),
        ]
        indexes = [
            models.Index(fields=["organisation", "-created_at", "-id"], name="events_event_org"),
            models.Index(fields=["area", "starts_at", "id"], name="events_event_area_date"),
        ]


class Project(SubjectFields):
    """`expected_attendance`, `use` and `facts` are those predicted for the day of opening."""

    class ProjectType(models.TextChoices):
        STATION = "station", _("transport station or interchange")
        STADIUM = "stadium", _("stadium or arena")
        PUBLIC_REALM = "public_realm", _("street, square or other public space")
        RETAIL = "retail", _("shops or mixed use")
        CULTURE = "culture", _("theatre, museum or other cultural building")
        HEALTH = "health", _("hospital or health building")
        EDUCATION = "education", _("school, college or university")
        OTHER = "other", _("other")

    kind = "project"
    project_type = models.CharField(_("type of project"), max_length=16, choices=ProjectType)
    use = models.CharField(_("predicted use"), max_length=32, blank=True)
    stage = models.PositiveSmallIntegerField(_("RIBA stage"), validators=[MaxValueValidator(7)])
    opens_on = models.DateField(_("expected opening"))

    objects: ClassVar[SubjectManager[Project]] = SubjectManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(stage__lte=7), name="events_project_riba_stage")]
        indexes = [
            models.Index(fields=["organisation", "-created_at", "-id"], name="events_project_org"),
            models.Index(fields=["area", "opens_on", "id"], name="events_project_area_date"),
        ]
