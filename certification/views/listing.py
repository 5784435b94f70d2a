"""Keeping a site off the public register: the holder's page of one site, and the administrators' list of requests."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from certification.forms.listing import AnswerForm, AskForm, StateForm
from certification.models import ListingRequest
from certification.policies import listing as policies
from certification.selectors import listing as selectors
from certification.services import listing as services
from certification.views._police import officer
from core.http.errors import form_errors
from events import selectors as events


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest, kind: str, pk: UUID) -> HttpResponse:
    subject = events.get_subject(kind, pk, request.user)
    may_ask = policies.can_ask(request.user, subject)
    form = AskForm(request.POST or None)
    if request.method == "POST":
        may_ask.require()
        if form.is_valid():
            with form_errors(form):
                services.ask(actor=officer(request), subject=subject, reason=form.cleaned_data["reason"])
                messages.success(request, _("Your request is on its way. Until it is answered the site stays listed."))
                return redirect("certification:listing", kind, pk)
    current = selectors.open_request_of(subject)
    context = {
        "subject": subject,
        "current": current,
        "reads_reason": current is not None and policies.can_view(request.user, current),
        "may_close": current is not None and policies.can_close(request.user, current, subject),
        "may_ask": may_ask,
        "refused": selectors.last_answer_for(officer(request), subject) if current is None else None,
        "form": form,
    }
    return render(request, "certification/listing/listing.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def listing_close(request: HttpRequest, kind: str, pk: UUID) -> HttpResponse:
    """Withdraw what was asked, or end what was consented to: whichever it is now."""
    subject = events.get_subject(kind, pk, request.user)
    current = selectors.open_request_of(subject)
    if current is None:
        policies.can_ask(request.user, subject).require()
        return redirect("certification:listing", kind, pk)
    policies.can_close(request.user, current, subject).require()
    if request.POST.get("action") == "end":
        services.end(actor=officer(request), request_id=current.pk)
        messages.success(request, _("The site is on the public register again."))
    else:
        services.withdraw(actor=officer(request), request_id=current.pk)
        messages.success(request, _("The request is withdrawn."))
    return redirect("certification:listing", kind, pk)


@login_required
@require_safe
def listing_requests(request: HttpRequest) -> HttpResponse:
    policies.can_see_all(request.user).require()
    form = StateForm(request.GET)
    page = selectors.requests(officer(request), state=form.chosen(), after=request.GET.get("after", ""))
    rows = [(one, selectors.subject_of(one)) for one in page.rows]
    context = {"form": form, "page": page, "rows": rows, "filters_on": int(bool(form.chosen()))}
    return render(request, "certification/listing/requests.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def listing_request(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = get_object_or_404(
        ListingRequest.objects.visible_to(request.user).select_related(*selectors.WITH_SUBJECT), pk=pk
    )
    policies.can_see_all(request.user).require()
    may_decide = policies.can_decide(request.user, found)
    form = AnswerForm(request.POST or None)
    if request.method == "POST":
        may_decide.require()
        if form.is_valid():
            with form_errors(form):
                act = services.consent if form.cleaned_data["decision"] == "consent" else services.refuse
                act(actor=officer(request), request_id=found.pk, answer=form.cleaned_data["answer"])
                messages.success(request, _("The request is answered, and the organisation has been told."))
                return redirect("certification:listing_requests")
    context = {"found": found, "subject": selectors.subject_of(found), "form": form, "may_decide": may_decide}
    return render(request, "certification/listing/request.html", context, status=422 if form.errors else 200)
