"""Registering and changing: the form is never lost, whatever the service says."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Organisation
from core.errors import Conflict, InvalidInput
from core.http.ratelimit import rate_limit
from events import policies, selectors
from events.forms.event import EventForm, VenueSearchForm
from events.forms.subjects import SubjectForm
from events.models import Event, Subject
from events.services.venues import TierWouldChange
from events.views import _actions, _handover
from events.views._signed_in import user_of

__all__ = ["edit", "new", "where"]

ELSEWHERE = "elsewhere"


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    organisations = list(selectors.editable_organisations(request.user))
    if not organisations:
        return _needs_an_organisation(request)
    if kind == "event" and "venue" not in request.GET:
        return redirect("events:event_where")
    host = _host(request)
    initial: dict[str, object] = _handover.initial(request, kind)
    if len(organisations) == 1:
        initial.setdefault("responsible_name", organisations[0].name)
        initial.setdefault("responsible_kind", "organisation")
    form = _form(request, kind, initial=initial, organisations=organisations, host=host)
    if request.method == "POST" and form.is_valid():
        subject = _register(request, form)
        if subject is not None:
            _handover.forget(request)
            messages.success(request, _("%(name)s is registered.") % {"name": subject.name})
            return redirect(_actions.address_of(subject))
    context = {
        "form": form,
        "kind": _actions.KINDS[kind],
        "host": host,
        "from_triage": bool(_handover.initial(request, kind)),
    }
    return render(request, "events/form.html", context)


def _needs_an_organisation(request: HttpRequest) -> HttpResponse:
    """Somebody new registers their organisation first; their triage answers wait. Anybody else has no business here."""
    if not policies.belongs_nowhere(request.user):
        policies.can_register_anything(request.user).require()
    messages.info(
        request, _("Register your organisation first. Then you can register its places, events and projects.")
    )
    return redirect(f"{reverse('accounts:organisation_new')}?{urlencode({'next': request.get_full_path()})}")


def _register(request: HttpRequest, form: SubjectForm) -> Subject | None:
    try:
        return _actions.register(
            actor=user_of(request), organisation_id=form.organisation_id, data=form.data_for_service()
        )
    except InvalidInput as error:
        _show(form, error)
        return None


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    subject = selectors.get_subject(kind, pk, request.user)
    policies.can_edit_subject(request.user, subject).require()
    host = _host(request, subject)
    form = _form(request, kind, initial=_actions.initial(subject), host=host, new=False)
    context: dict[str, object] = {"form": form, "kind": _actions.KINDS[kind], "subject": subject, "host": host}
    if request.method == "POST" and form.is_valid():
        try:
            changed = _change(request, subject, form)
        except TierWouldChange as move:
            return render(request, "events/form.html", {**context, **_ask_about(move, form)})
        except Conflict:
            return render(request, "events/form.html", {**context, **_stale(request, kind, pk, form)}, status=409)
        except InvalidInput as error:
            _show(form, error)
        else:
            messages.success(request, _("Your changes are saved."))
            return redirect(_actions.address_of(changed))
    return render(request, "events/form.html", context)


def _change(request: HttpRequest, subject: Subject, form: SubjectForm) -> Subject:
    """Asks without a confirmation first: one that was given for another move than this must not count."""
    given = form.cleaned_data
    data, version = form.data_for_service(), given["version"] or 0
    try:
        return _actions.change(actor=user_of(request), pk=subject.pk, data=data, version=version, confirmed=False)
    except TierWouldChange as move:
        if given["confirmed_move"] != move.token:
            raise
    return _actions.change(actor=user_of(request), pk=subject.pk, data=data, version=version, confirmed=True)


def _ask_about(move: TierWouldChange, form: SubjectForm) -> dict[str, object]:
    """The same form with everything typed, the move above it, and the move's name in a hidden field."""
    form.data = {**_typed(form), "confirmed_move": move.token}
    return {"move": move}


def _stale(request: HttpRequest, kind: str, pk: UUID, form: SubjectForm) -> dict[str, object]:
    """What was typed stays; what is stored now is listed beside it; saving again is then against the new version."""
    current = selectors.get_subject(kind, pk, request.user)
    stored = _actions.initial(current)
    form.data = {**_typed(form), "version": str(current.version), "confirmed_move": ""}
    changed = [str(form.fields[name].label) for name in form.fields if _differs(form, name, stored)]
    return {"conflict": current, "conflict_fields": changed, "has_errors": True}


def _typed(form: SubjectForm) -> dict[str, str]:
    # No field of these forms takes more than one value.
    return {name: form.data[name] for name in form.data}


def _differs(form: SubjectForm, name: str, stored: Mapping[str, object]) -> bool:
    return name in stored and name != "version" and form.fields[name].has_changed(stored[name], form[name].data)


def _form(
    request: HttpRequest,
    kind: str,
    *,
    initial: Mapping[str, object],
    host: selectors.VenueChoice | None,
    organisations: list[Organisation] | None = None,
    new: bool = True,
) -> SubjectForm:
    data = request.POST if request.method == "POST" else None
    if kind == "event":
        venue_id = host.id if host else None
        return EventForm(data, organisations=organisations or (), initial=initial, new=new, venue_id=venue_id)
    return _actions.FORMS[kind](data, organisations=organisations or (), initial=initial, new=new)


def _host(request: HttpRequest, subject: Subject | None = None) -> selectors.VenueChoice | None:
    """The venue that the address names, or the one that the event has; None for an event elsewhere."""
    named = request.GET.get("venue")
    if named is None:
        venue = subject.venue if isinstance(subject, Event) else None
        return selectors.VenueChoice(venue.pk, venue.name, venue.town) if venue else None
    if named == ELSEWHERE:
        return None
    return selectors.venue_to_hold_at(named)


def _show(form: SubjectForm, error: InvalidInput) -> None:
    form.add_error(error.field if error.field in form.fields else None, error.message)


@login_required
@require_GET
@rate_limit("venue-search", allowance=30)
def where(request: HttpRequest) -> HttpResponse:
    """Choose where an event is held: a venue of the register, found by name or postcode, or somewhere else.

    Limited, because the search reaches the venues of every organisation and must not list them all.
    """
    policies.can_register_anything(request.user).require()
    event = _event_to_move(request)
    target = _actions.address_of(event, "edit") if event else reverse("events:event_new")
    form = VenueSearchForm(request.GET if "q" in request.GET else None)
    found = selectors.venues_to_hold_at(form.cleaned_data["q"]) if form.is_bound and form.is_valid() else []
    context = {
        "form": form,
        "found": found,
        "target": target,
        "event": event,
        "searched": form.is_bound and not form.errors,
    }
    return render(request, "events/where.html", context)


def _event_to_move(request: HttpRequest) -> Subject | None:
    given = request.GET.get("for", "")
    if not given:
        return None
    event = selectors.get_subject("event", selectors.uuid_or_404(given), request.user)
    policies.can_edit_subject(request.user, event).require()
    return event
