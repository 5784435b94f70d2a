"""Reads over the library: searching it, one lesson with its versions, and what stands beside a criterion."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When, Window
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.selectors import Viewer
from advisories.domain import lessons as rules
from advisories.domain import tlp
from advisories.domain.sectors import SECTORS
from advisories.models import Lesson, LessonCriterion, LessonSector
from advisories.models.lessons import LessonQuerySet
from certification.domain.standard import Criterion, Standard
from certification.selectors import standards
from certification.selectors.criterion_extras import CriterionExtra, CriterionExtras
from core import keyset

__all__ = [
    "BESIDE_A_CRITERION",
    "Filters",
    "LessonPage",
    "criteria_in_force",
    "for_criterion",
    "get_lesson",
    "lesson_page",
    "mine",
    "published",
    "standard_now",
    "waiting",
    "with_words",
]

BESIDE_A_CRITERION: Final = 3
SIZE: Final = 20
# Of a published row the last change is its publication: what comes later ends it.
_NEWEST_FIRST: Final = ("-changed_at", "-id")
_SEARCHED: Final = ("title", "place", "country", "happened", "done", "worked", "not_worked", "source_title")
_SHORTEST_WORD: Final = 2
_MOST_WORDS: Final = 6
_LONGEST_SUMMARY: Final = 160


@dataclass(frozen=True, slots=True)
class Filters:
    """Empty means all. `words` are looked for in all that a lesson says, every one of them."""

    words: str = ""
    sector: str = ""
    criterion: str = ""
    category: str = ""
    cost: str = ""

    @property
    def active(self) -> int:
        return sum(bool(part) for part in (self.words.strip(), self.sector, self.criterion, self.category, self.cost))


def published(user: Viewer, filters: Filters, *, after: str = "", size: int = SIZE) -> keyset.Page[Lesson]:
    """One query. The newest first."""
    found: QuerySet[Lesson] = Lesson.objects.visible_to(user).published()
    if filters.words.strip():
        found = with_words(found, filters.words)
    if filters.sector:
        found = found.filter(pk__in=LessonSector.objects.filter(sector=filters.sector).values("lesson_id"))
    if filters.criterion:
        found = found.filter(pk__in=LessonCriterion.objects.filter(code=filters.criterion).values("lesson_id"))
    if filters.category:
        found = found.filter(category=filters.category)
    if filters.cost:
        found = found.filter(cost=filters.cost)
    return keyset.page(found, order=_NEWEST_FIRST, after=after, size=size)


def with_words(found: QuerySet[Lesson], words: str) -> QuerySet[Lesson]:
    """PostgreSQL knows that “evacuated” is “evacuation”; SQLite looks for the letters."""
    if connection.vendor == "postgresql":
        query = SearchQuery(words, search_type="websearch", config="english")
        return found.annotate(document=SearchVector(*_SEARCHED, config="english")).filter(document=query)
    wanted = Q()
    for word in [part for part in words.split() if len(part) >= _SHORTEST_WORD][:_MOST_WORDS]:
        anywhere = Q()
        for column in _SEARCHED:
            anywhere |= Q((f"{column}__icontains", word))
        wanted &= anywhere
    return found.filter(wanted)


def get_lesson(user: Viewer, series: uuid.UUID, number: int | None = None) -> Lesson:
    """The version asked for; else the published one, else the newest that the person may see. Http404 for a stranger."""
    seen = Lesson.objects.visible_to(user).filter(series=series).select_related("contributor", "published_by")
    if number is not None:
        return get_object_or_404(seen, number=number)
    standing = Case(When(state=rules.PUBLISHED, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = seen.exclude(state=rules.DISCARDED).order_by(standing, "-number").first()
    return found if found is not None else get_object_or_404(seen.order_by("-number")[:1])


@dataclass(frozen=True, slots=True)
class LessonPage:
    """`criteria` of the standard in force; a code that it no longer has is named without its question."""

    lesson: Lesson
    criteria: tuple[tuple[str, str], ...]
    sectors: tuple[str, ...]
    versions: tuple[Lesson, ...]

    @property
    def underway(self) -> Lesson | None:
        return next((one for one in self.versions if one.state in (rules.DRAFT, rules.IN_REVIEW)), None)


def lesson_page(lesson: Lesson, user: Viewer) -> LessonPage:
    """Two queries, and a third where the standard is not known to this process yet."""
    questions = criteria_in_force()
    versions = Lesson.objects.visible_to(user).filter(series=lesson.series).exclude(state=rules.DISCARDED)
    return LessonPage(
        lesson=lesson,
        criteria=tuple((code, questions[code].question if code in questions else "") for code in lesson.criteria),
        sectors=tuple(SECTORS[code].label for code in lesson.sectors if code in SECTORS),
        versions=tuple(versions.order_by("-number")),
    )


def waiting(user: Viewer, *, after: str = "") -> keyset.Page[Lesson]:
    found = Lesson.objects.visible_to(user).filter(state=rules.IN_REVIEW).select_related("contributor")
    return keyset.page(found, order=("changed_at", "id"), after=after)


def mine(user: User, *, after: str = "") -> keyset.Page[Lesson]:
    found = Lesson.objects.filter(contributor=user).exclude(state=rules.DISCARDED)
    return keyset.page(found, order=("-changed_at", "-id"), after=after)


def standard_now() -> Standard | None:
    """Of today, compiled; None before any was published."""
    version = standards.standard_in_force(timezone.localdate())
    return None if version is None else standards.compiled(version)


def criteria_in_force() -> Mapping[str, Criterion]:
    standard = standard_now()
    return {} if standard is None else standard.by_code


def for_criterion(user: Viewer, code: str) -> CriterionExtras:
    """CRITERION_EXTRAS. One query, and a second where a lesson is for members of a network: whether somebody is one now
    costs more than all the rest of the page. What travels best stands first.
    """
    rows = _beside(Lesson.objects.perhaps_visible_to(user), code)
    if rows and rows[0].narrow:  # type: ignore[attr-defined]  # annotated by _beside, as is total
        rows = _beside(Lesson.objects.visible_to(user), code)
    if not rows:
        return CriterionExtras()
    items = tuple(
        CriterionExtra(
            title=row.title,
            url=reverse("advisories:lesson", args=[row.series]),
            summary=_first_sentence(row.done),
            marking=tlp.LABELS[row.tlp],
        )
        for row in rows
    )
    total: int = rows[0].total  # type: ignore[attr-defined]  # as above
    return CriterionExtras(items, total, f"{reverse('advisories:lessons')}?criterion={code}")


def _beside(found: LessonQuerySet, code: str) -> list[Lesson]:
    """`total` of them all, and `narrow`: how many of those are for members of a network."""
    best = Case(When(transfer="high", then=Value(0)), When(transfer="medium", then=Value(1)), default=Value(2))
    found = found.published().filter(criterion_rows__code=code).only("series", "title", "done", "tlp")
    narrow = Window(Count("pk", filter=Q(tlp=tlp.AMBER)))
    ranked = found.annotate(total=Window(Count("pk")), narrow=narrow, best=best).order_by("best", "-changed_at", "-id")
    return list(ranked[:BESIDE_A_CRITERION])


def _first_sentence(text: str) -> str:
    sentence = text.partition(". ")[0].rstrip(".")
    if len(sentence) <= _LONGEST_SUMMARY:
        return f"{sentence}."
    return f"{sentence[:_LONGEST_SUMMARY].rpartition(' ')[0]}…"
