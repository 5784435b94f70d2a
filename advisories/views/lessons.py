"""Reading the library. What is marked TLP:CLEAR is read by anybody."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from advisories.domain import lessons as rules
from advisories.forms.lessons import LessonSearchForm
from advisories.models import Lesson
from advisories.policies import lessons as policies
from advisories.selectors import lessons as selectors
from advisories.views._common import marking_of
from core.http.ratelimit import rate_limit

__all__ = ["lesson", "library"]


@rate_limit("lessons", allowance=60)
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    form = LessonSearchForm(request.GET, criteria=selectors.criteria_in_force())
    filters = form.filters()
    page = selectors.published(request.user, filters, after=request.GET.get("after", ""))
    context = {
        "form": form,
        "page": page,
        "filters": filters,
        "marking": marking_of(row.tlp for row in page.rows),
        "narrowed": filters.active - bool(filters.words.strip()),
        "may_propose": bool(policies.can_propose(request.user)),
        "sees_waiting": bool(policies.can_see_waiting(request.user)),
    }
    return render(request, "advisories/lessons/library.html", context)


@rate_limit("lessons", allowance=60)
@require_safe
def lesson(request: HttpRequest, series: UUID, number: int | None = None) -> HttpResponse:
    found = selectors.get_lesson(request.user, series, number)
    context = {
        "page": selectors.lesson_page(found, request.user),
        "lesson": found,
        "readable": bool(policies.can_read_words(request.user, found)),
        "may": _abilities(request, found),
    }
    return render(request, "advisories/lessons/lesson.html", context)


def _abilities(request: HttpRequest, found: Lesson) -> dict[str, bool]:
    user = request.user
    own = bool(policies.can_change(user, found))
    return {
        "edit": own and found.state == rules.DRAFT,
        "discard": own and found.state in (rules.DRAFT, rules.IN_REVIEW),
        "review": found.state == rules.IN_REVIEW and bool(policies.can_review(user, found)),
        "revise": found.state in rules.RELEASED and bool(policies.can_revise(user, found)),
        "withdraw": found.state == rules.PUBLISHED and bool(policies.can_withdraw(user)),
    }
