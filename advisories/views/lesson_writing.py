"""Adding a lesson, its review by another person, new versions and withdrawal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from advisories.forms.lessons import LessonForm, SendBackForm, WithdrawForm
from advisories.models import Lesson
from advisories.policies import lessons as policies
from advisories.selectors import lessons as selectors
from advisories.services import lessons as services
from advisories.services.lessons import LessonInput
from advisories.views._common import marking_of, member
from core.http.errors import form_errors

__all__ = ["discard", "edit", "mine", "new", "publish", "revise", "send_back", "submit", "waiting", "withdraw"]


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    page = selectors.mine(member(request), after=request.GET.get("after", ""))
    marking = marking_of(row.tlp for row in page.rows)
    context = {"page": page, "may_propose": bool(policies.can_propose(request.user)), "marking": marking}
    return render(request, "advisories/lessons/mine.html", context)


@login_required
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    policies.can_see_waiting(request.user).require()
    page = selectors.waiting(request.user, after=request.GET.get("after", ""))
    marking = marking_of(row.tlp for row in page.rows)
    return render(request, "advisories/lessons/waiting.html", {"page": page, "marking": marking})


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    policies.can_propose(request.user).require()
    form = LessonForm(request.POST or None, criteria=selectors.criteria_in_force())
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            made = services.draft(actor=member(request), given=_given(form))
            return _saved(request, made)
    return render(request, "advisories/lessons/write.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, series: UUID, number: int) -> HttpResponse:
    found = selectors.get_lesson(request.user, series, number)
    policies.can_change(request.user, found).require()
    initial = {name: getattr(found, name) for name in LessonForm.base_fields}
    form = LessonForm(request.POST or None, criteria=selectors.criteria_in_force(), initial=initial)
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            services.change(actor=member(request), lesson_id=found.pk, given=_given(form))
            return _saved(request, found)
    context = {"form": form, "lesson": found}
    return render(request, "advisories/lessons/write.html", context, status=422 if form.errors else 200)


def _given(form: LessonForm) -> LessonInput:
    return LessonInput(**form.cleaned_data)


def _saved(request: HttpRequest, lesson: Lesson) -> HttpResponse:
    """One button saves, the other also sends it for review."""
    if request.POST.get("action") == "submit":
        services.submit(actor=member(request), lesson_id=lesson.pk)
        messages.success(request, _("Your lesson waits for another person to review it."))
    else:
        messages.success(request, _("Your draft is saved. Nobody else sees it yet."))
    return _to(lesson)


@login_required
@require_POST
def submit(request: HttpRequest, series: UUID, number: int) -> HttpResponse:
    found = selectors.get_lesson(request.user, series, number)
    services.submit(actor=member(request), lesson_id=found.pk)
    messages.success(request, _("Your lesson waits for another person to review it."))
    return _to(found)


@login_required
@require_POST
def discard(request: HttpRequest, series: UUID, number: int) -> HttpResponse:
    found = selectors.get_lesson(request.user, series, number)
    services.discard(actor=member(request), lesson_id=found.pk)
    messages.success(request, _("The draft is discarded."))
    return redirect("advisories:lessons_mine")


@login_required
@require_POST
def publish(request: HttpRequest, series: UUID, number: int) -> HttpResponse:
    found = selectors.get_lesson(request.user, series, number)
    services.publish(actor=member(request), lesson_id=found.pk)
    messages.success(request, _("The lesson is in the library."))
    return _to(found)


@login_required
@require_http_methods(["GET", "POST"])
def send_back(request: HttpRequest, series: UUID, number: int) -> HttpResponse:
    found = selectors.get_lesson(request.user, series, number)
    policies.can_review(request.user, found).require()
    form = SendBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            services.send_back(actor=member(request), lesson_id=found.pk, note=form.cleaned_data["note"])
            messages.success(request, _("Sent back. Whoever wrote it has been told."))
            return redirect("advisories:lessons_waiting")
    return _asking(request, found, form, title=_("Send this lesson back"), button=_("Send it back"))


@login_required
@require_POST
def revise(request: HttpRequest, series: UUID, number: int) -> HttpResponse:
    found = selectors.get_lesson(request.user, series, number)
    made = services.revise(actor=member(request), lesson_id=found.pk)
    return redirect("advisories:lesson_edit", series=made.series, number=made.number)


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, series: UUID, number: int) -> HttpResponse:
    found = selectors.get_lesson(request.user, series, number)
    policies.can_withdraw(request.user).require()
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            services.withdraw(actor=member(request), lesson_id=found.pk, reason=form.cleaned_data["reason"])
            messages.success(request, _("The lesson is withdrawn."))
            return _to(found)
    return _asking(request, found, form, title=_("Withdraw this lesson"), button=_("Withdraw it"))


def _asking(request: HttpRequest, found: Lesson, form: Any, *, title: str, button: str) -> HttpResponse:
    context = {"form": form, "lesson": found, "title": title, "button": button}
    return render(request, "advisories/lessons/ask.html", context, status=422 if form.errors else 200)


def _to(lesson: Lesson) -> HttpResponse:
    return redirect("advisories:lesson_version", series=lesson.series, number=lesson.number)
