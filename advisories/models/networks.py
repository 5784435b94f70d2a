"""Networks: which organisations were admitted, who is in one, who moderates it, and what is said there, sealed at rest.

The sectors themselves are data (`advisories.domain.sectors`); a network is its members.
"""

from __future__ import annotations

import uuid
from typing import Final, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Appointment, Membership
from accounts.selectors import Viewer, authority
from advisories.domain import admissions, tlp
from advisories.domain import networks as rules
from advisories.domain.sectors import SECTORS
from core import crypto
from events.models import Event, Project, Venue

__all__ = ["SECTOR_LENGTH", "NetworkAdmission", "NetworkMember", "NetworkModerator", "NetworkPost", "in_sector"]

SECTOR_LENGTH: Final = 16
_CURRENT: Final = Q(left_at__isnull=True)


def in_sector(model: type[Venue | Event | Project]) -> Q:
    """Of a queryset of `model` with an annotation `sector`: its rows that belong to that sector."""
    found = Q(pk__in=[])
    for sector in SECTORS.values():
        if model is Event:
            belongs = Q() if model.kind in sector.kinds else None
        elif model is Project:
            belongs = Q(use__in=sorted(sector.uses)) | Q(project_type__in=sorted(sector.project_types))
        else:
            belongs = Q(use__in=sorted(sector.uses))
        if belongs is not None:
            found |= Q(sector=sector.code) & belongs
    return found


class NetworkMemberQuerySet(models.QuerySet["NetworkMember"]):
    def standing(self) -> Self:
        """In the network by what holds now: an officer who still serves; somebody whose organisation, of which they are
        still a member, was admitted and still has something in the sector.
        """
        serves = Appointment.objects.filter(user=OuterRef("user_id"), ended_at__isnull=True)
        team = Membership.objects.filter(user=OuterRef("user_id"), organisation=OuterRef("organisation_id"))
        own = [Exists(_subjects(model)) for model in (Venue, Event, Project)]
        admitted = NetworkAdmission.objects.filter(
            sector=OuterRef("sector"), organisation=OuterRef("organisation_id"), state=admissions.ADMITTED
        )
        welcome = Q(kind=rules.MEMBER) & Q(Exists(team)) & Q(Exists(admitted))
        by_subject = welcome & (Q(own[0]) | Q(own[1]) | Q(own[2]))
        return self.filter(_CURRENT, (Q(kind=rules.POLICE) & Q(Exists(serves))) | by_subject, user__is_active=True)


def _subjects(model: type[Venue | Event | Project]) -> models.QuerySet[Venue | Event | Project]:
    sector = ExpressionWrapper(OuterRef("sector"), output_field=models.CharField())
    found = model.objects.filter(organisation=OuterRef("organisation_id"), archived_at__isnull=True)
    narrowed: models.QuerySet[Venue | Event | Project] = found.annotate(sector=sector).filter(in_sector(model))
    return narrowed


class NetworkMember(models.Model):
    """One stay in one network: leaving is a date, and coming again another row. Who was removed stays out until the
    police lead lets them in again.
    """

    class Kind(models.TextChoices):
        MEMBER = rules.MEMBER, _("member")
        POLICE = rules.POLICE, _("police")

    class Mail(models.TextChoices):
        EACH = rules.EACH, _("for each new post")
        DIGEST = rules.DIGEST, _("once a day, if there is anything new")
        NONE = rules.NO_MAIL, _("never")

    sector = models.CharField(_("sector"), max_length=SECTOR_LENGTH)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="networks")
    kind = models.CharField(_("as"), max_length=8, choices=Kind)
    # By whose venue, event or project; empty for officers.
    organisation = models.ForeignKey(
        "accounts.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="network_members"
    )
    mail = models.CharField(_("mail"), max_length=8, choices=Mail, default=Mail.DIGEST)
    joined_at = models.DateTimeField(_("joined"))
    digested_at = models.DateTimeField(_("last digest"))
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    removal_reason = models.CharField(_("reason for removal"), max_length=300, blank=True)
    readmitted_at = models.DateTimeField(_("may join again since"), null=True, blank=True)

    objects = NetworkMemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "sector"], condition=_CURRENT, name="advisories_member_once"),
            models.CheckConstraint(condition=Q(sector__in=list(SECTORS)), name="advisories_member_sector"),
            models.CheckConstraint(
                condition=Q(kind=rules.POLICE, organisation__isnull=True)
                | Q(kind=rules.MEMBER, organisation__isnull=False),
                name="advisories_member_by_organisation",
            ),
            models.CheckConstraint(
                condition=Q(removed_by__isnull=True) | (Q(left_at__isnull=False) & ~Q(removal_reason="")),
                name="advisories_member_removed_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["sector", "joined_at", "id"], name="advisories_member_list")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.sector}"

    @property
    def is_police(self) -> bool:
        return self.kind == rules.POLICE


class NetworkModeratorQuerySet(models.QuerySet["NetworkModerator"]):
    def standing(self) -> Self:
        """Appointed, and still in the network in the part that the appointment is for."""
        kinds = {rules.POLICE: rules.POLICE, rules.INDUSTRY: rules.MEMBER}
        inside = NetworkMember.objects.standing().filter(sector=OuterRef("sector"), user=OuterRef("user_id"))
        by_lead = Q(pk__in=[])
        for lead, kind in kinds.items():
            by_lead |= Q(lead=lead) & Q(Exists(inside.filter(kind=kind)))
        return self.filter(by_lead, ended_at__isnull=True)


class NetworkModerator(models.Model):
    class Lead(models.TextChoices):
        POLICE = rules.POLICE, _("police lead")
        INDUSTRY = rules.INDUSTRY, _("industry lead")

    sector = models.CharField(_("sector"), max_length=SECTOR_LENGTH)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    lead = models.CharField(_("lead"), max_length=8, choices=Lead)
    appointed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    appointed_at = models.DateTimeField(_("appointed"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = NetworkModeratorQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sector", "user"], condition=Q(ended_at__isnull=True), name="advisories_moderator_once"
            ),
            models.CheckConstraint(condition=~Q(appointed_by=F("user")), name="advisories_moderator_by_another"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="advisories_moderator_ended_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lead} lead of {self.sector}"


class NetworkAdmissionQuerySet(models.QuerySet["NetworkAdmission"]):
    def visible_to(self, user: Viewer) -> Self:
        """The organisation's own people, those who decide in that network, and auditors (policies.admissions.can_view)."""
        who = authority(user)
        if who.is_auditor:
            return self
        if who.user_id is None:
            return self.none()
        officers = NetworkMember.objects.standing().filter(user=who.user_id, kind=rules.POLICE)
        leads = NetworkModerator.objects.standing().filter(user=who.user_id)
        decided = Q(sector__in=officers.values("sector")) | Q(sector__in=leads.values("sector"))
        return self.filter(Q(organisation_id__in=list(who.organisations)) | decided)


class NetworkAdmission(models.Model):
    """An organisation's request to come into a network, and what was decided. While it is `admitted` the organisation's
    people may join; what they read there would help whoever wants to attack a crowded place.
    """

    class State(models.TextChoices):
        ASKED = admissions.ASKED, _("waiting for an answer")
        ADMITTED = admissions.ADMITTED, _("admitted")
        REFUSED = admissions.REFUSED, _("refused")
        WITHDRAWN = admissions.WITHDRAWN, _("withdrawn")
        ENDED = admissions.ENDED, _("ended")

    sector = models.CharField(_("sector"), max_length=SECTOR_LENGTH)
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="network_admissions"
    )
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.ASKED)
    words = models.TextField(_("what they do, and who will read"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"))
    # Of the answer, and of the end where there is one after it: the trail keeps both.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    objects = NetworkAdmissionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sector", "organisation"],
                condition=Q(state__in=admissions.OPEN),
                name="advisories_admission_one_open",
            ),
            models.CheckConstraint(condition=Q(sector__in=list(SECTORS)), name="advisories_admission_sector"),
            models.CheckConstraint(
                condition=Q(state__in=[admissions.ASKED, admissions.WITHDRAWN])
                | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(reason="")),
                name="advisories_admission_decided_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="advisories_admission_by_another",
            ),
        ]
        indexes = [models.Index(fields=["sector", "-asked_at", "-id"], name="advisories_admission_list")]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.sector}: {self.state}"


class NetworkPostQuerySet(models.QuerySet["NetworkPost"]):
    def visible_to(self, user: Viewer) -> Self:
        """Threads and replies alike (policies.networks.can_read). What was hidden is left to its author, the network's
        moderators and the auditor.
        """
        who = authority(user)
        if who.is_auditor:
            return self
        if who.user_id is None:
            return self.none()
        mine = NetworkMember.objects.standing().filter(user=who.user_id)
        moderated = NetworkModerator.objects.standing().filter(user=who.user_id)
        inside = Q(sector__in=mine.values("sector"))
        community = Q() if who.is_police else Q(Exists(mine))
        shown = Q(hidden_at__isnull=True) | Q(author=who.user_id) | Q(sector__in=moderated.values("sector"))
        return self.filter(inside | (Q(tlp=tlp.GREEN) & community), shown)

    def threads(self) -> Self:
        return self.filter(thread__isnull=True)


class NetworkPost(models.Model):
    """A thread (`thread` empty), or a reply to one, which bears its thread's marking. Title and text are sealed."""

    class Kind(models.TextChoices):
        NOTE = "note", _("post")
        QUESTION = "question", _("question")
        REPLY = "reply", _("reply")

    class Tlp(models.TextChoices):
        AMBER_STRICT = tlp.AMBER_STRICT, tlp.LABELS[tlp.AMBER_STRICT]
        AMBER = tlp.AMBER, tlp.LABELS[tlp.AMBER]
        GREEN = tlp.GREEN, tlp.LABELS[tlp.GREEN]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sector = models.CharField(_("sector"), max_length=SECTOR_LENGTH)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    thread = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies")
    tlp = models.CharField(_("marking"), max_length=12, choices=Tlp, default=tlp.DEFAULT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_police = models.BooleanField(_("written by an officer"), default=False)
    organisation = models.ForeignKey(
        "accounts.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sealed_title = models.TextField(_("sealed title"), blank=True)
    sealed_text = models.TextField(_("sealed text"))
    posted_at = models.DateTimeField(_("posted"))
    pinned_at = models.DateTimeField(_("pinned"), null=True, blank=True)
    answered_by = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="answers", verbose_name=_("answer")
    )
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sealed_reason = models.TextField(_("sealed reason for hiding"), blank=True)

    objects = NetworkPostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sector__in=list(SECTORS)), name="advisories_post_sector"),
            models.CheckConstraint(condition=Q(tlp__in=rules.MARKINGS), name="advisories_post_marking"),
            models.CheckConstraint(
                condition=~Q(tlp=tlp.AMBER_STRICT) | Q(by_police=True) | Q(kind="reply"),
                name="advisories_post_strict_by_police",
            ),
            models.CheckConstraint(
                condition=Q(kind="reply", thread__isnull=False) | (Q(thread__isnull=True) & ~Q(kind="reply")),
                name="advisories_post_reply_has_thread",
            ),
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True, hidden_by__isnull=True, sealed_reason="")
                | (Q(hidden_at__isnull=False, hidden_by__isnull=False) & ~Q(sealed_reason="")),
                name="advisories_post_hidden_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | Q(kind="question"), name="advisories_post_answers_question"
            ),
        ]
        indexes = [
            models.Index(
                fields=["sector", "-posted_at", "-id"],
                name="advisories_post_threads",
                condition=Q(thread__isnull=True),
            ),
            models.Index(fields=["thread", "posted_at", "id"], name="advisories_post_replies"),
            models.Index(fields=["author", "-posted_at"], name="advisories_post_author"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} in {self.sector}"

    @property
    def title(self) -> str:
        return crypto.decrypt_text(self.sealed_title, about=f"networkpost:{self.pk}:title") if self.sealed_title else ""

    @property
    def text(self) -> str:
        return crypto.decrypt_text(self.sealed_text, about=f"networkpost:{self.pk}:text")

    @property
    def hidden_reason(self) -> str:
        about = f"networkpost:{self.pk}:reason"
        return crypto.decrypt_text(self.sealed_reason, about=about) if self.sealed_reason else ""
