"""The list of subjects and the pages of one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.selectors import authority
from core import keyset
from events import policies, selectors
from events.domain.uses import USES
from events.models import Event, Subject
from events.views import _actions, locator
from events.views._signed_in import user_of

__all__ = ["archive", "detail", "places", "tier"]


@login_required
@require_GET
def places(request: HttpRequest) -> HttpResponse:
    """Everybody's own list: an organisation's people see theirs, officers their area's, auditors all."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in _actions.KINDS else "venue"
    archived = request.GET.get("archived") == "yes"
    page = selectors.subject_list(request.user, kind, archived=archived, after=request.GET.get("after", ""))
    who = authority(request.user)
    context = {
        "kinds": _actions.KINDS.values(),
        "kind": _actions.KINDS[kind],
        "page": page,
        "archived": archived,
        "can_register": policies.can_register_anything(request.user),
        "without_organisation": bool(policies.belongs_nowhere(request.user)),
        "of_police": who.is_police or who.is_auditor,
    }
    return render(request, "events/places.html", context)


@login_required
@require_GET
def detail(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    subject = selectors.get_subject(kind, pk, request.user)
    determination = selectors.latest_determination(subject)
    venue = subject.venue if isinstance(subject, Event) else None
    context = {
        "subject": subject,
        "kind": _actions.KINDS[kind],
        "determination": determination,
        "host_moved_on": selectors.host_moved_on(subject, determination),
        "host_open": bool(venue and policies.can_view_subject(request.user, venue)),
        "use_label": _use_label(subject),
        "can_edit": bool(policies.can_edit_subject(request.user, subject)),
        "can_archive": bool(policies.can_archive_subject(request.user, subject)),
        "edit_url": _actions.address_of(subject, "edit"),
        "archive_url": _actions.address_of(subject, "archive"),
        "tier_url": _actions.address_of(subject, "tier"),
        "point": locator.point(subject.latitude, subject.longitude),
        "landmarks": locator.LANDMARKS,
        "coasts": locator.COASTS,
    }
    return render(request, f"events/{kind}.html", context)


def _use_label(subject: Subject) -> str:
    use = None if isinstance(subject, Event) else USES.get(subject.use)
    return use.label if use else ""


@login_required
@require_GET
def tier(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """The tier and why, with every earlier determination."""
    subject = selectors.get_subject(kind, pk, request.user)
    latest = selectors.latest_determination(subject)
    page = keyset.page(
        selectors.determinations_of(subject), order=("-determined_at", "-pk"), after=request.GET.get("after", "")
    )
    context = {
        "subject": subject,
        "kind": _actions.KINDS[kind],
        "determination": latest,
        "decisive": latest.reasons[-1],
        "history": page,
        "host_moved_on": selectors.host_moved_on(subject, latest),
        "back_url": _actions.address_of(subject),
    }
    return render(request, "events/tier.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def archive(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """One page for both ways: what is archived is brought back."""
    subject = selectors.get_subject(kind, pk, request.user)
    policies.can_archive_subject(request.user, subject).require()
    if request.method == "POST":
        return _archive(request, subject)
    hold = "" if subject.archived_at else selectors.hold_on(subject)
    context = {"subject": subject, "hold": hold, "back_url": _actions.address_of(subject)}
    return render(request, "events/archive.html", context)


def _archive(request: HttpRequest, subject: Subject) -> HttpResponse:
    archived = request.POST.get("action") != "restore"
    _actions.set_archived(actor=user_of(request), subject=subject, archived=archived)
    done = _("%(name)s is in the archive.") if archived else _("%(name)s is back from the archive.")
    messages.success(request, done % {"name": subject.name})
    return redirect(_actions.address_of(subject))
