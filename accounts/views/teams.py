"""Organisations and their teams, as their members see them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import policies, selectors
from accounts.forms.own import DoForm, InvitationForm, OrganisationForm, OrganisationNameForm, RoleForm
from accounts.models import Invitation, Membership, Organisation
from accounts.services import invitations, organisations
from accounts.views._signed_in import person
from core.http.errors import form_errors
from core.http.ratelimit import rate_limit

_READ_OR_DO = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@_READ_OR_DO
def organisation_new(request: HttpRequest) -> HttpResponse:
    user = person(request)
    policies.can_register_organisation(user).require()
    form = OrganisationForm(request.POST or None)
    if form.is_valid():
        with form_errors(form):
            data = form.cleaned_data
            made = organisations.register(actor=user, name=data["name"], kind=data["kind"])
            messages.success(request, _("%(name)s was registered. You are its owner.") % {"name": made.name})
            return redirect(_wanted_next(request) or reverse("accounts:team", args=[made.pk]))
    return render(request, "accounts/organisation_new.html", {"form": form, "next": _wanted_next(request)})


def _wanted_next(request: HttpRequest) -> str:
    """Where somebody was who was sent here first; empty unless it is an address of this service."""
    given = (request.POST if request.method == "POST" else request.GET).get(REDIRECT_FIELD_NAME, "")
    ours = url_has_allowed_host_and_scheme(given, {request.get_host()}, require_https=request.is_secure())
    return given if ours else ""


@login_required
@require_safe
def team(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = person(request)
    organisation = _organisation(request, pk)
    manages = bool(policies.can_manage_team(user, organisation))
    page = selectors.team(organisation, after=request.GET.get("cursor", ""), with_invitations=manages)
    context = {"organisation": organisation, "team": page, "manages": manages, "person": user}
    return render(request, "accounts/team.html", context)


@login_required
@_READ_OR_DO
def organisation_rename(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = person(request)
    organisation = _organisation(request, pk)
    policies.can_manage_team(user, organisation).require()
    form = OrganisationNameForm(request.POST or None, initial={"name": organisation.name})
    if form.is_valid():
        with form_errors(form):
            organisations.rename(actor=user, organisation_id=pk, name=form.cleaned_data["name"])
            return redirect("accounts:team", pk=pk)
    return render(request, "accounts/organisation_rename.html", {"form": form, "organisation": organisation})


@login_required
@rate_limit("invite", allowance=60, seconds=3600, methods=("POST",))
@_READ_OR_DO
def invite(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = person(request)
    organisation = _organisation(request, pk)
    policies.can_manage_team(user, organisation).require()
    form = InvitationForm(request.POST or None, initial={"role": Membership.Role.EDITOR})
    if form.is_valid():
        with form_errors(form):
            data = form.cleaned_data
            invitations.invite(actor=user, organisation_id=pk, email=data["email"], role=data["role"])
            messages.success(request, _("An invitation was sent to %(email)s.") % {"email": data["email"]})
            return redirect("accounts:team", pk=pk)
    return render(request, "accounts/invite.html", {"form": form, "organisation": organisation})


@login_required
@_READ_OR_DO
def invitation_withdraw(request: HttpRequest, pk: UUID, invitation: UUID) -> HttpResponse:
    user = person(request)
    organisation = _organisation(request, pk)
    policies.can_manage_team(user, organisation).require()
    found = get_object_or_404(Invitation, pk=invitation, organisation=organisation)
    form = DoForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with form_errors(form):
            invitations.withdraw(actor=user, invitation_id=found.pk)
            messages.success(request, _("The invitation was withdrawn."))
            return redirect("accounts:team", pk=pk)
    context = {"form": form, "organisation": organisation, "invitation": found}
    return render(request, "accounts/invitation_withdraw.html", context)


@login_required
@_READ_OR_DO
def member_role(request: HttpRequest, pk: UUID, membership: int) -> HttpResponse:
    user = person(request)
    organisation = _organisation(request, pk)
    policies.can_manage_team(user, organisation).require()
    member = _member(organisation, membership)
    form = RoleForm(request.POST or None, initial={"role": member.role})
    if form.is_valid():
        with form_errors(form):
            organisations.change_role(actor=user, membership_id=member.pk, role=form.cleaned_data["role"])
            messages.success(request, _("The role of %(name)s was changed.") % {"name": member.user.name})
            return redirect("accounts:team", pk=pk)
    context = {"form": form, "organisation": organisation, "member": member}
    return render(request, "accounts/member_role.html", context)


@login_required
@_READ_OR_DO
def member_remove(request: HttpRequest, pk: UUID, membership: int) -> HttpResponse:
    """Also how somebody leaves; the page then says so."""
    user = person(request)
    organisation = _organisation(request, pk)
    member = _member(organisation, membership)
    leaving = member.user_id == user.pk
    if not leaving:
        policies.can_manage_team(user, organisation).require()
    form = DoForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with form_errors(form):
            organisations.remove_member(actor=user, membership_id=member.pk)
            messages.success(
                request, _("You left the team.") if leaving else _("The person was removed from the team.")
            )
            return redirect("accounts:account") if leaving else redirect("accounts:team", pk=pk)
    context = {"form": form, "organisation": organisation, "member": member, "leaving": leaving}
    return render(request, "accounts/member_remove.html", context)


@rate_limit("invitation", allowance=30)
@_READ_OR_DO
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever holds the link sees who invites; accepting needs the account with the invited address."""
    invitation = selectors.invitation_for(token)
    form = DoForm(request.POST if request.method == "POST" else None)
    if request.user.is_authenticated and invitation is not None and form.is_valid():
        with form_errors(form):
            membership = invitations.accept(actor=person(request), token=token)
            messages.success(request, _("You are now a member of %(name)s.") % {"name": invitation.organisation.name})
            return redirect("accounts:team", pk=membership.organisation_id)
    context = {"form": form, "invitation": invitation, "next": request.path}
    return render(request, "accounts/invitation_accept.html", context, status=200 if invitation else 404)


def _organisation(request: HttpRequest, pk: UUID) -> Organisation:
    return get_object_or_404(Organisation.objects.visible_to(person(request)), pk=pk)


def _member(organisation: Organisation, pk: int) -> Membership:
    return get_object_or_404(Membership.objects.select_related("user"), pk=pk, organisation=organisation)
