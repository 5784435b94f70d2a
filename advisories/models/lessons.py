"""The library of lessons. A row is one version; once published a trigger refuses any change but its end."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.selectors import Viewer, authority
from advisories.domain import lessons as rules
from advisories.domain import tlp
from advisories.domain.sectors import SECTORS
from advisories.models.networks import SECTOR_LENGTH, NetworkMember

__all__ = ["Lesson", "LessonCriterion", "LessonSector"]

FIRST_YEAR = 1900
LAST_YEAR = 2999


class LessonQuerySet(models.QuerySet["Lesson"]):
    def visible_to(self, user: Viewer) -> Self:
        """Says the same as policies.lessons.can_view. One condition, no query of its own beyond `authority`."""
        return self._visible(user, amber=_own_sectors)

    def perhaps_visible_to(self, user: Viewer) -> Self:
        """These and what is AMBER for networks that may be others': to be shown to nobody, but asked quickly."""
        return self._visible(user, amber=lambda _user_id: Q())

    def _visible(self, user: Viewer, *, amber: Callable[[uuid.UUID], Q]) -> Self:
        who = authority(user)
        if who.is_auditor:
            return self
        released = Q(state__in=rules.RELEASED)
        found = released & Q(tlp=tlp.CLEAR)
        if who.user_id is None:
            return self.filter(found)
        found |= Q(contributor=who.user_id)
        if who.is_police or who.is_administrator:
            return self.filter(found | released | Q(state=rules.IN_REVIEW))
        if who.organisations:
            found |= released & (Q(tlp=tlp.GREEN) | (Q(tlp=tlp.AMBER) & amber(who.user_id)))
        return self.filter(found)

    def published(self) -> Self:
        return self.filter(state=rules.PUBLISHED)


def _own_sectors(user_id: uuid.UUID) -> Q:
    mine = NetworkMember.objects.standing().filter(user=user_id)
    return Q(Exists(LessonSector.objects.filter(lesson=OuterRef("pk"), sector__in=mine.values("sector"))))


class Lesson(models.Model):
    """`series` is the lesson whatever its version, and stands in its address. `contributor` is empty for those that came
    with the software.
    """

    class State(models.TextChoices):
        DRAFT = rules.DRAFT, _("draft")
        IN_REVIEW = rules.IN_REVIEW, _("waiting for review")
        PUBLISHED = rules.PUBLISHED, _("published")
        SUPERSEDED = rules.SUPERSEDED, _("replaced by a newer version")
        WITHDRAWN = rules.WITHDRAWN, _("withdrawn")
        DISCARDED = rules.DISCARDED, _("discarded")

    class Category(models.TextChoices):
        VEHICLE = "vehicle", _("vehicle used as a weapon")
        EXPLOSIVE = "explosive", _("explosive device")
        FIREARMS = "firearms", _("firearms")
        BLADED = "bladed", _("bladed or blunt weapon")
        SIEGE = "siege", _("siege or hostages")
        CROWD = "crowd", _("crowd pressure or disorder")
        ATTACK = "attack", _("several kinds of attack")
        EXERCISE = "exercise", _("exercise")
        EVENT = "event", _("a large event without incident")

    class Cost(models.TextChoices):
        NONE = "none", _("none to speak of")
        LOW = "low", _("low")
        MEDIUM = "medium", _("medium")
        HIGH = "high", _("high")

    class Transfer(models.TextChoices):
        LOW = "low", _("depends much on the place")
        MEDIUM = "medium", _("with some adapting")
        HIGH = "high", _("nearly anywhere")

    class Tlp(models.TextChoices):
        AMBER_STRICT = tlp.AMBER_STRICT, tlp.LABELS[tlp.AMBER_STRICT]
        AMBER = tlp.AMBER, tlp.LABELS[tlp.AMBER]
        GREEN = tlp.GREEN, tlp.LABELS[tlp.GREEN]
        CLEAR = tlp.CLEAR, tlp.LABELS[tlp.CLEAR]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    series = models.UUIDField(default=uuid.uuid4, editable=False)
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    title = models.CharField(_("title"), max_length=160)
    place = models.CharField(_("city or venue"), max_length=120)
    country = models.CharField(_("country"), max_length=80)
    period = models.CharField(_("when"), max_length=60)
    category = models.CharField(_("kind of incident or exercise"), max_length=12, choices=Category)
    happened = models.TextField(_("what happened"))
    done = models.TextField(_("what was done about it"))
    worked = models.TextField(_("what worked"), blank=True)
    not_worked = models.TextField(_("what did not work"), blank=True)
    cost = models.CharField(_("cost"), max_length=8, choices=Cost)
    transfer = models.CharField(_("where it can be used"), max_length=8, choices=Transfer)
    transfer_words = models.TextField(_("what to mind when using it elsewhere"), blank=True)
    tlp = models.CharField(_("marking"), max_length=12, choices=Tlp, default=tlp.DEFAULT)
    source_title = models.CharField(_("source"), max_length=240)
    source_publisher = models.CharField(_("published by"), max_length=160)
    source_year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )
    source_address = models.CharField(_("where to find it"), max_length=240, blank=True)
    criteria = models.JSONField(_("criteria"), default=list)
    sectors = models.JSONField(_("sectors"), default=list)
    contributor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="lessons"
    )
    created_at = models.DateTimeField(_("begun"))
    changed_at = models.DateTimeField(_("last changed"))
    review_note = models.TextField(_("what the reviewer said"), blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("why it was withdrawn"), max_length=300, blank=True)

    objects = LessonQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="advisories_lesson_version"),
            models.UniqueConstraint(
                fields=["series"], condition=Q(state=rules.PUBLISHED), name="advisories_lesson_one_published"
            ),
            models.UniqueConstraint(
                fields=["series"],
                condition=Q(state__in=[rules.DRAFT, rules.IN_REVIEW]),
                name="advisories_lesson_one_underway",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=rules.RELEASED) | Q(published_at__isnull=False),
                name="advisories_lesson_published_at",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=rules.RELEASED) | Q(contributor__isnull=True) | Q(published_by__isnull=False),
                name="advisories_lesson_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(contributor__isnull=True)
                | Q(published_by__isnull=True)
                | ~Q(published_by=F("contributor")),
                name="advisories_lesson_four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(state=rules.WITHDRAWN) | ~Q(withdrawn_reason=""), name="advisories_lesson_withdrawn_why"
            ),
            models.CheckConstraint(condition=Q(tlp__in=rules.MARKINGS), name="advisories_lesson_marking"),
        ]
        indexes = [
            models.Index(
                fields=["-changed_at", "-id"], name="advisories_lesson_newest", condition=Q(state="published")
            ),
        ]

    def __str__(self) -> str:
        return self.title


class LessonCriterion(models.Model):
    """What the columns of a lesson say, as rows to find it by: written when it is published, and never changed."""

    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="criterion_rows")
    code = models.CharField(_("criterion"), max_length=10)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "lesson"], name="advisories_lessoncriterion_once")]

    def __str__(self) -> str:
        return self.code


class LessonSector(models.Model):
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="sector_rows")
    sector = models.CharField(_("sector"), max_length=SECTOR_LENGTH)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sector", "lesson"], name="advisories_lessonsector_once"),
            models.CheckConstraint(condition=Q(sector__in=list(SECTORS)), name="advisories_lessonsector_known"),
        ]

    def __str__(self) -> str:
        return self.sector
