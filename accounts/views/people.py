"""People, national roles, appointments and areas: the national administrator's pages. The auditor reads them."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import policies, selectors
from accounts.forms.own import AppointmentForm, DoForm, NationalRoleForm, PeopleSearchForm
from accounts.models import Appointment, PoliceArea, User
from accounts.services import appointments, second_factors, users
from accounts.views._signed_in import person
from core.http.errors import form_errors

_READ_OR_DO = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    user = person(request)
    policies.can_see_people(user).require()
    form = PeopleSearchForm(request.GET or None)
    search = form.cleaned_data["search"] if form.is_valid() else ""
    page = selectors.people(user, search=search.strip(), after=request.GET.get("cursor", ""))
    return render(request, "accounts/people.html", {"form": form, "page": page, "search": search})


@login_required
@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = person(request)
    other = _other(request, pk)
    context = {
        "other": other,
        "appointments": selectors.appointments_of(other),
        "memberships": selectors.memberships_of(other),
        "has_second_factor": second_factors.has_second_factor(other),
        "may_change": bool(policies.can_change_person(user, other)),
    }
    return render(request, "accounts/person.html", context)


@login_required
@_READ_OR_DO
def appoint(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = person(request)
    other = _other(request, pk)
    policies.can_change_person(user, other).require()
    form = AppointmentForm(request.POST or None)
    if form.is_valid():
        with form_errors(form):
            data = form.cleaned_data
            appointments.appoint(actor=user, user_id=pk, area_code=data["area"].pk, role=data["role"])
            messages.success(request, _("%(name)s was appointed.") % {"name": other.name})
            return redirect("accounts:person", pk=pk)
    return render(request, "accounts/appoint.html", {"form": form, "other": other})


@login_required
@_READ_OR_DO
def appointment_end(request: HttpRequest, pk: UUID, appointment: int) -> HttpResponse:
    user = person(request)
    other = _other(request, pk)
    policies.can_administer(user).require()
    held = get_object_or_404(Appointment.objects.select_related("area"), pk=appointment, user=other)
    form = DoForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with form_errors(form):
            appointments.end(actor=user, appointment_id=held.pk)
            messages.success(request, _("The appointment was ended."))
            return redirect("accounts:person", pk=pk)
    return render(request, "accounts/appointment_end.html", {"form": form, "other": other, "appointment": held})


@login_required
@_READ_OR_DO
def national_role(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = person(request)
    other = _other(request, pk)
    policies.can_change_person(user, other).require()
    form = NationalRoleForm(
        request.POST if request.method == "POST" else None, initial={"national_role": other.national_role}
    )
    if form.is_valid():
        with form_errors(form):
            users.set_national_role(actor=user, user_id=pk, role=form.cleaned_data["national_role"])
            messages.success(request, _("The national role was changed."))
            return redirect("accounts:person", pk=pk)
    return render(request, "accounts/national_role.html", {"form": form, "other": other})


@login_required
@_READ_OR_DO
def close(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _change_account(request, pk, users.close, "accounts/person_close.html")


@login_required
@_READ_OR_DO
def reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _change_account(request, pk, users.reopen, "accounts/person_reopen.html")


@login_required
@_READ_OR_DO
def second_factor_reset(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _change_account(request, pk, second_factors.reset, "accounts/second_factor_reset.html")


@login_required
@require_safe
def areas(request: HttpRequest) -> HttpResponse:
    policies.can_see_people(person(request)).require()
    return render(request, "accounts/areas.html", {"areas": selectors.areas()})


@login_required
@require_safe
def area(request: HttpRequest, code: str) -> HttpResponse:
    policies.can_see_people(person(request)).require()
    found = get_object_or_404(PoliceArea, pk=code)
    return render(request, "accounts/area.html", {"area": found, "officers": selectors.officers(found)})


def _other(request: HttpRequest, pk: UUID) -> User:
    user = person(request)
    other = get_object_or_404(User.objects.visible_to(user), pk=pk)
    policies.can_see_people(user).require()
    return other


def _change_account(request: HttpRequest, pk: UUID, service: Callable[..., User], template: str) -> HttpResponse:
    user = person(request)
    other = _other(request, pk)
    policies.can_change_person(user, other).require()
    form = DoForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with form_errors(form):
            service(actor=user, user_id=pk)
            messages.success(request, _("The account was changed."))
            return redirect("accounts:person", pk=pk)
    return render(request, template, {"form": form, "other": other})
