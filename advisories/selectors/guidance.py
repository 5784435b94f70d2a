"""Reads over guidance packs, and the content of one: live for a draft, frozen for what was published."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.shortcuts import get_object_or_404

from accounts.selectors import Viewer
from advisories.domain import guidance as rules
from advisories.domain import tlp
from advisories.domain.lessons import narrowest
from advisories.domain.sectors import SECTORS
from advisories.models import GuidancePack, Lesson, LessonSector
from certification.domain.standard import Criterion, Standard
from certification.selectors import standards
from core import keyset

__all__ = [
    "PackChoices",
    "applicable",
    "choices",
    "content",
    "first_pick",
    "get_pack",
    "listed",
    "of_sector",
    "usable_lessons",
    "versions_of",
    "widest_marking",
]

_MOST_LESSONS: Final = 100


def listed(user: Viewer, *, sector: str = "", after: str = "") -> keyset.Page[GuidancePack]:
    """What stands, by sector and title; drafts for those who see them."""
    found = GuidancePack.objects.visible_to(user).filter(state__in=[rules.PUBLISHED, rules.DRAFT])
    found = found.filter(sector=sector) if sector in SECTORS else found
    return keyset.page(found.defer("snapshot"), order=("sector", "title", "id"), after=after)


def of_sector(user: Viewer, sector: str) -> tuple[GuidancePack, ...]:
    found = GuidancePack.objects.visible_to(user).filter(state=rules.PUBLISHED, sector=sector)
    return tuple(found.defer("snapshot").order_by("title", "pk")[:10])


def get_pack(user: Viewer, pk: uuid.UUID) -> GuidancePack:
    found = GuidancePack.objects.visible_to(user).select_related("standard", "written_by", "published_by")
    return get_object_or_404(found, pk=pk)


def versions_of(user: Viewer, pack: GuidancePack) -> list[GuidancePack]:
    found = GuidancePack.objects.visible_to(user).filter(series=pack.series).exclude(state=rules.DISCARDED)
    return list(found.defer("snapshot").order_by("-number"))


# What goes into a pack ---------------------------------------------------------------------------------------------------


def applicable(standard: Standard, sector: str, tier: str) -> list[Criterion]:
    """What the standard asks of the plainest place of the sector at that tier, in its order."""
    codes = standard.applicability(rules.facts_of(SECTORS[sector], tier)).codes
    return [criterion for criterion in standard.criteria if criterion.code in codes]


def usable_lessons(sector: str) -> QuerySet[Lesson]:
    """Published, for the sector, and marked so that a pack may hold them; what travels best stands first."""
    best = Case(
        When(transfer="high", then=Value(0)),
        When(transfer="medium", then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    ids = LessonSector.objects.filter(sector=sector).values("lesson_id")
    found = Lesson.objects.published().filter(pk__in=ids, tlp__in=rules.MARKINGS)
    return found.annotate(best=best).order_by("best", "-published_at", "-pk")


def first_pick(standard: Standard, sector: str, tier: str) -> tuple[list[str], list[Lesson]]:
    """For a first draft: what is mandatory and weighs most, in the standard's order; and a few open lessons."""
    found = applicable(standard, sector, tier)
    heaviest = sorted(found, key=lambda one: (not one.mandatory, -one.weight))[: rules.CRITERIA_IN_DRAFT]
    chosen = [one.code for one in found if one in heaviest]
    lessons = usable_lessons(sector).filter(tlp__in=[tlp.CLEAR, tlp.GREEN])
    return chosen, list(lessons[: rules.LESSONS_IN_DRAFT])


def widest_marking(lessons: Iterable[Lesson]) -> str:
    """The pack may not travel further than the narrowest lesson in it."""
    return narrowest(lesson.tlp for lesson in lessons)


@dataclass(frozen=True, slots=True)
class PackChoices:
    """What the editor may tick: code → question, id → title with marking."""

    criteria: Sequence[tuple[str, str]]
    lessons: Sequence[tuple[str, str]]


def choices(pack: GuidancePack) -> PackChoices:
    standard = standards.compiled(pack.standard)
    lessons = usable_lessons(pack.sector)[:_MOST_LESSONS]
    return PackChoices(
        criteria=[(one.code, f"{one.code} {one.question}") for one in applicable(standard, pack.sector, pack.tier)],
        lessons=[(str(one.pk), f"{one.title} ({one.get_tlp_display()})") for one in lessons],
    )


def content(pack: GuidancePack) -> Mapping[str, Any]:
    """What the page and the PDF show. For a draft it is made of what stands today, in one query; a lesson that was
    withdrawn since it was picked falls out.
    """
    if pack.state in rules.RELEASED:
        frozen: Mapping[str, Any] = pack.snapshot
        return frozen
    standard = standards.compiled(pack.standard)
    sections = {section.code: section.title for section in standard.sections}
    rows = {str(row.pk): row for row in usable_lessons(pack.sector).filter(pk__in=pack.lessons)}
    return {
        "sector": SECTORS[pack.sector].label,
        "tier": pack.tier,
        "title": pack.title,
        "marking": tlp.LABELS[pack.tlp],
        "introduction": pack.introduction,
        "actions": list(pack.actions),
        "standard": f"{standard.title}, {standard.version}",
        "criteria": [
            _criterion(standard.by_code[code], sections) for code in pack.criteria if code in standard.by_code
        ],
        "lessons": [_lesson(rows[pk]) for pk in pack.lessons if pk in rows],
    }


def _criterion(criterion: Criterion, sections: Mapping[str, str]) -> dict[str, Any]:
    return {
        "code": criterion.code,
        "section": sections.get(criterion.section, ""),
        "question": criterion.question,
        "why": criterion.why,
        "remedy": criterion.remedy,
        "mandatory": criterion.mandatory,
        "guidance": [{"title": item.title, "source": item.source} for item in criterion.guidance],
    }


def _lesson(lesson: Lesson) -> dict[str, Any]:
    return {
        "series": str(lesson.series),
        "number": lesson.number,
        "title": lesson.title,
        "place": f"{lesson.place}, {lesson.country}",
        "period": lesson.period,
        "done": lesson.done,
        "marking": tlp.LABELS[lesson.tlp],
        "source": f"{lesson.source_title}. {lesson.source_publisher}, {lesson.source_year}",
    }
