"""Temporary criteria beside a plan: `settings.PLAN_EXTRAS` names `for_plan`, since certification may not import it."""

from __future__ import annotations

from django.urls import reverse

from accounts.selectors import Viewer
from advisories.domain import bulletins as rules
from advisories.models import BulletinPlace
from certification.models import Plan
from certification.selectors.extras import ExtraQuestion
from certification.selectors.facts import kind_of

__all__ = ["for_plan"]

_SHOWN = 20


def for_plan(user: Viewer, plan: Plan) -> list[ExtraQuestion]:
    """One query. Of bulletins that stand and that the person may read."""
    kind = kind_of(plan)
    places = BulletinPlace.objects.visible_to(user).filter(
        **{f"{kind}_id": getattr(plan, f"{kind}_id")}, bulletin__state=rules.PUBLISHED
    )
    asked = places.exclude(bulletin__question="").select_related("bulletin", "answer")
    return [_question(place) for place in asked.order_by("-bulletin__published_at", "-pk")[:_SHOWN]]


def _question(place: BulletinPlace) -> ExtraQuestion:
    bulletin, answer = place.bulletin, getattr(place, "answer", None)
    assert bulletin.published_at is not None  # noqa: S101 - published, by the filter
    return ExtraQuestion(
        question=bulletin.question,
        marking=bulletin.tlp_label,
        exercise=bulletin.is_exercise,
        asked_at=bulletin.published_at,
        url=reverse("advisories:bulletin_place", args=[bulletin.pk, place.pk]),
        level=answer.level if answer else None,
        account=answer.account if answer else "",
        answered_at=answer.answered_at if answer else None,
    )
