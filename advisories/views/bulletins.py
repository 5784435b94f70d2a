"""Bulletins as their readers meet them: the list, one of them, and what they have to say about it."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.selectors import authority, signed_in
from advisories.domain import bulletins as rules
from advisories.forms.bulletins import DismissForm, DoneForm, InboxFilterForm, QuestionForm
from advisories.models import Bulletin, BulletinFile, BulletinPlace
from advisories.policies import bulletins as policies
from advisories.selectors import bulletins as selectors
from advisories.services import papers, receipts
from advisories.services.receipts import Upload
from core.govuk.forms import GovukForm
from core.http.errors import form_errors
from core.http.ratelimit import rate_limit

__all__ = [
    "acknowledge",
    "bulletin",
    "bulletin_file",
    "bulletin_pdf",
    "bulletin_print",
    "bulletins",
    "place",
]

_UNPROCESSABLE: Final = 422
_PAPERS_A_MINUTE: Final = 60


@login_required
@require_safe
def bulletins(request: HttpRequest) -> HttpResponse:
    user = signed_in(request.user)
    form = InboxFilterForm(request.GET)
    filters = form.filters()
    page = selectors.inbox(user, filters, after=request.GET.get("after", ""))
    context = {
        "form": form,
        "filters": filters,
        "page": page,
        "rows": [selectors.row_of(row) for row in page.rows],
        "may_write": policies.can_write_any(user),
        "may_oversee": bool(policies.can_write_any(user)) or authority(user).is_auditor,
    }
    return render(request, "advisories/bulletins/list.html", context)


@require_safe
def bulletin(request: HttpRequest, pk: UUID) -> HttpResponse:
    """TLP:CLEAR is for anybody; whoever is not signed in is not told whether any other exists."""
    found = _readable(request, pk)
    if found is None:
        return redirect_to_login(request.get_full_path())
    if not found.is_released:
        return redirect("advisories:bulletin_manage", pk)
    page = selectors.page_of(request.user, found)
    if page.unread:
        receipts.read(actor=signed_in(request.user), bulletin_id=pk)
    context = {
        "bulletin": found,
        "page": page,
        "live": found.state == rules.PUBLISHED,
        "ended": selectors.has_ended(found),
        "overdue": found.due_at is not None and found.due_at < timezone.now(),
        "can_issue": policies.can_issue(request.user, found),
        "can_see_reach": policies.can_see_reach(request.user, found),
    }
    return render(request, "advisories/bulletins/bulletin.html", context)


@require_safe
def bulletin_print(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The words alone, with the marking at the head and foot of the sheet."""
    found = _readable(request, pk)
    if found is None:
        return redirect_to_login(request.get_full_path())
    context = {"bulletin": found, "printed_at": timezone.now()}
    return render(request, "advisories/bulletins/print.html", context)


@rate_limit("bulletin-pdf", allowance=_PAPERS_A_MINUTE)
@require_safe
def bulletin_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the worker drew, for whoever may read the page; until it has, the page that one can print."""
    found = _readable(request, pk)
    if found is None:
        return redirect_to_login(request.get_full_path())
    content = papers.opened(found)
    if content is None:
        if found.is_released:
            messages.info(request, _("The PDF is being made. Try again in a minute, or print this page."))
        return redirect("advisories:bulletin_print", pk)
    if request.user.is_authenticated:
        receipts.read(actor=request.user, bulletin_id=pk)
    response = HttpResponse(content, content_type="application/pdf")
    # The marking and no word of the title: names of files travel further than files.
    name = f"{found.tlp_label.replace(':', '-')}-advisory-{found.published_at:%Y-%m-%d}.pdf"
    exercise = "EXERCISE-" if found.is_exercise else ""
    response["Content-Disposition"] = f'attachment; filename="{exercise}{name}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Robots-Tag"] = "noindex"
    return response


@login_required
@require_POST
def acknowledge(request: HttpRequest, pk: UUID) -> HttpResponse:
    """For every place that the person answers for and that nobody has acknowledged yet."""
    found = get_object_or_404(Bulletin.objects.visible_to(request.user), pk=pk)
    count = receipts.acknowledge(actor=signed_in(request.user), bulletin_id=found.pk)
    if count:
        text = ngettext("Acknowledged for %d place.", "Acknowledged for %d places.", count)
        messages.success(request, text % count)
    else:
        messages.info(request, _("There was nothing left for you to acknowledge."))
    return redirect("advisories:bulletin", pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, pk: UUID, place_id: int) -> HttpResponse:
    """What one place says: acknowledged, done, does not apply, and its answer to the temporary criterion."""
    found = _place(request, pk, place_id)
    can_answer = policies.can_answer(request.user, found)
    done, dismiss, question = _forms(request, found)
    bound: GovukForm | None = next((form for form in (done, dismiss, question) if form.is_bound), None)
    if request.method == "POST":
        can_answer.require()
        if _act(request, found, done, dismiss, question):
            return redirect("advisories:bulletin_place", pk, place_id)
    context = {
        "bulletin": found.bulletin,
        "place": found,
        "files": found.files.order_by("uploaded_at"),
        "answer": getattr(found, "answer", None),
        "can_answer": can_answer,
        "live": found.bulletin.state == rules.PUBLISHED,
        "done": done,
        "dismiss": dismiss,
        "question": question,
        "form": bound,
    }
    status = _UNPROCESSABLE if bound is not None and bound.errors else 200
    return render(request, "advisories/bulletins/place.html", context, status=status)


@login_required
@require_safe
def bulletin_file(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """An attachment of a type that no browser runs, with a policy that would let nothing in it run either."""
    file = get_object_or_404(BulletinFile, pk=file_id, place__in=BulletinPlace.objects.visible_to(request.user))
    opened = receipts.open_file(actor=signed_in(request.user), file_id=file.pk)
    response = StreamingHttpResponse(opened.chunks, content_type=opened.content_type)
    response["Content-Length"] = str(opened.size)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(opened.name, safe='')}"
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _readable(request: HttpRequest, pk: UUID) -> Bulletin | None:
    """None for a stranger who may sign in; 404 for one who has."""
    found = Bulletin.objects.visible_to(request.user).select_related("area", "replaces", "drafted_by").filter(pk=pk)
    one = found.first()
    if one is None and request.user.is_authenticated:
        raise Http404
    return one


def _place(request: HttpRequest, pk: UUID, place_id: int) -> BulletinPlace:
    found = BulletinPlace.objects.visible_to(request.user).select_related(
        "bulletin__area", "organisation", "venue", "event", "project", "answer", "acknowledged_by", "answered_by"
    )
    return get_object_or_404(found, pk=place_id, bulletin_id=pk)


def _forms(request: HttpRequest, found: BulletinPlace) -> tuple[DoneForm, DismissForm, QuestionForm]:
    """Three forms on one page; the button's name says which was sent."""
    action = request.POST.get("action", "")
    answer = getattr(found, "answer", None)
    initial = (
        {"version": answer.version, "level": answer.level, "account": answer.account} if answer else {"version": 0}
    )
    data, files = request.POST, request.FILES
    return (
        DoneForm(data, files) if action == "done" else DoneForm(),
        DismissForm(data) if action == "dismiss" else DismissForm(),
        QuestionForm(data, initial=initial) if action == "answer" else QuestionForm(initial=initial),
    )


def _act(
    request: HttpRequest, found: BulletinPlace, done: DoneForm, dismiss: DismissForm, question: QuestionForm
) -> bool:
    """Whether something was done; else the form that was sent says what is wrong."""
    actor, action = signed_in(request.user), request.POST.get("action", "")
    if action == "acknowledge":
        receipts.acknowledge(actor=actor, bulletin_id=found.bulletin_id, place_ids=[found.pk])
        messages.success(request, _("Acknowledged."))
        return True
    form = {"done": done, "dismiss": dismiss, "answer": question}.get(action)
    if form is None or not form.is_valid():
        return False
    clean = form.cleaned_data
    with form_errors(form):
        if action == "done":
            file = clean["file"]
            upload = Upload(file.file, file.name or "") if file else None
            receipts.complete(actor=actor, place_id=found.pk, note=clean["note"], upload=upload)
        elif action == "dismiss":
            receipts.dismiss(actor=actor, place_id=found.pk, reason=clean["reason"])
        else:
            receipts.answer_question(
                actor=actor,
                place_id=found.pk,
                level=clean["level"],
                account=clean["account"],
                expected_version=clean["version"],
            )
        messages.success(request, _("Saved. The police can see it."))
    return not form.errors
