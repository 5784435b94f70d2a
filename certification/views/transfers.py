"""Handing a certified place to another organisation: the holder's, the new holder's and the police's part."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from certification.domain import transfer as rules
from certification.forms.transfers import AcceptanceForm, OfferForm, RefusalForm
from certification.models import TransferOffer
from certification.policies import certificates as holding
from certification.policies import transfers as policies
from certification.selectors import certificates as selectors
from certification.selectors import offers
from certification.services import transfers
from certification.services.transfers import Acceptance
from certification.views._certificates import certificate_or_404
from certification.views._police import officer
from core.http.errors import form_errors


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def transfer(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """The holder's offer; one that is open already is shown instead."""
    found = certificate_or_404(request, certificate_id)
    policies.can_offer(request.user, found).require()
    latest = offers.latest_of(found)
    if request.method != "POST" and latest is not None and latest.state in rules.OPEN:
        return redirect("certification:transfer_offer", latest.pk)
    form = OfferForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            made = transfers.offer(actor=officer(request), certificate_id=found.pk, **form.cleaned_data)
            messages.success(request, _("The offer has been sent. Nothing changes until the police have confirmed it."))
            return redirect("certification:transfer_offer", made.pk)
    context = {
        "certificate": found,
        "row": selectors.row_of(found, timezone.localdate()),
        "form": form,
        "latest": latest,
    }
    return render(request, "certification/transfers/offer.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def transfer_offer(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    found = _offer(request, offer_id)
    return render(request, "certification/transfers/transfer.html", _context(request, found, RefusalForm(None)))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def transfer_accept(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    found = _offer(request, offer_id)
    policies.can_accept(request.user, found).require()
    organisations = list(offers.accepting_organisations(officer(request), found))
    tier = found.certificate.judged_tier
    form = AcceptanceForm(request.POST or None, organisations=organisations, judged_tier=tier)
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            acceptance = Acceptance(form.organisation, form.answers(), declared=form.cleaned_data["declared"])
            transfers.accept(actor=officer(request), offer_id=found.pk, acceptance=acceptance)
            messages.success(request, _("You have accepted. The police of the area now look at it and decide."))
            return redirect("certification:transfer_offer", found.pk)
    context = {
        "offer": found,
        "certificate": found.certificate,
        "form": form,
        "organisations": organisations,
        "is_open": _is_open(found) and found.state == rules.OFFERED,
    }
    return render(request, "certification/transfers/accept.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def transfer_decline(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    found = _offer(request, offer_id)
    transfers.decline(actor=officer(request), offer_id=found.pk)
    messages.success(request, _("You have declined. The holder has been told."))
    return redirect("certification:transfer_offer", found.pk)


@login_required
@require_POST
def transfer_withdraw(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    found = _offer(request, offer_id)
    transfers.withdraw(actor=officer(request), offer_id=found.pk)
    messages.success(request, _("The offer is withdrawn. The certificate stays yours."))
    return redirect("certification:transfer_offer", found.pk)


@login_required
@require_POST
def transfer_refuse(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    found = _offer(request, offer_id)
    policies.can_refuse(request.user, found).require()
    form = RefusalForm(request.POST)
    if form.is_valid():
        with form_errors(form):
            transfers.refuse(actor=officer(request), offer_id=found.pk, reason=form.cleaned_data["reason"])
            messages.success(request, _("The transfer is refused. Both organisations have been told."))
            return redirect("certification:transfer_offer", found.pk)
    return render(request, "certification/transfers/transfer.html", _context(request, found, form), status=422)


def _offer(request: HttpRequest, offer_id: UUID) -> TransferOffer:
    return get_object_or_404(offers.visible(request.user), pk=offer_id)


def _is_open(offer: TransferOffer) -> bool:
    """Judged by time, before the sweep has come."""
    return offer.state == rules.ACCEPTED or (offer.state == rules.OFFERED and offer.expires_at > timezone.now())


def _context(request: HttpRequest, found: TransferOffer, refusal: RefusalForm) -> dict[str, object]:
    certificate = found.certificate
    is_open = _is_open(found)
    receiver = found.to_organisation_id
    accepted = is_open and found.state == rules.ACCEPTED
    return {
        "offer": found,
        "certificate": certificate,
        "form": refusal,
        "is_open": is_open,
        "has_run_out": found.state == rules.OFFERED and not is_open,
        "sees_certificate": holding.can_view(request.user, certificate),
        "sees_answers": found.accepted_at is not None and policies.can_read_answers(request.user, found),
        "made": offers.made_of(officer(request), found),
        "can_accept": is_open and found.state == rules.OFFERED and policies.can_accept(request.user, found),
        "can_decline": is_open and policies.can_decline(request.user, found),
        "can_withdraw": is_open and policies.can_withdraw(request.user, found),
        "can_refuse": accepted and policies.can_refuse(request.user, found),
        "can_propose": accepted and holding.can_propose(request.user, certificate, to_organisation=receiver),
    }
