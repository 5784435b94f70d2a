"""Moves of a certificate that take two officers: proposing, answering, and what waits for an answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from certification.domain import proposals as rules
from certification.forms.proposals import ReasonForm, TermsForms, VariationForm, form_class
from certification.models import Certificate, Proposal, TransferOffer
from certification.policies import certificates as policies
from certification.policies import reviews as queueing
from certification.selectors import certificates as selectors
from certification.selectors import moves, offers, variations
from certification.selectors.moves import MOVES, Move
from certification.services import proposals
from certification.services.proposals import Wanted
from certification.views._certificates import certificate_or_404
from certification.views._police import officer
from core.govuk.formats import uk_datetime
from core.http.errors import form_errors

__all__ = ["confirm", "drop", "proposal", "propose", "waiting"]


@login_required
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    user = officer(request)
    queueing.can_see_queue(user).require()
    page = moves.waiting_for_second(user, now=timezone.now(), after=request.GET.get("after", ""))
    context = {"page": page, "offers": moves.transfers_waiting(user) if not request.GET.get("after") else []}
    return render(request, "certification/proposals/waiting.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, certificate_id: UUID, kind: str) -> HttpResponse:
    """What is proposed already is shown instead of being asked for again."""
    found = certificate_or_404(request, certificate_id)
    offer = offers.latest_of(found) if kind == rules.TRANSFER else None
    receiver = offer.to_organisation_id if offer else None
    policies.can_propose(request.user, found, to_organisation=receiver).require()
    move = MOVES.get(kind)
    if move is None:
        raise Http404
    page = selectors.certificate_page(found, today=timezone.localdate())
    known = next((p for p in page.waiting if p.kind == kind and not p.makes_way), None)
    if known is not None:
        return redirect("certification:proposal", found.pk, known.pk)
    asked = _Asked(request, found, move)
    if request.method == "POST" and asked.is_valid():
        with form_errors(asked.form):
            made = proposals.propose(actor=officer(request), certificate_id=found.pk, wanted=asked.wanted())
            messages.success(request, _said(made))
            return redirect("certification:proposal", found.pk, made.pk)
    context = {
        "certificate": found,
        "row": selectors.row_of(found, timezone.localdate()),
        "move": move,
        "asked": asked,
        "offer": offer,
        "is_possible": page.state in rules.KINDS[kind].states,
        "has_errors": bool(asked.form.errors),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "certification/proposals/propose.html", context, status=status)


@login_required
@require_safe
def proposal(request: HttpRequest, certificate_id: UUID, proposal_id: int) -> HttpResponse:
    found, asked = _proposal(request, certificate_id, proposal_id)
    page = selectors.certificate_page(found, today=timezone.localdate())
    offer = _offer_of(asked)
    receiver = offer.to_organisation_id if offer else None
    open_now = any(p.pk == asked.pk for p in page.waiting)
    present = variations.present_of(found) if asked.kind == rules.VARY else None
    context = {
        "certificate": found,
        "row": selectors.row_of(found, timezone.localdate()),
        "proposal": asked,
        "move": MOVES.get(asked.kind),
        "offer": offer,
        "open_now": open_now,
        "differences": variations.differences(found, asked.changes, present) if present else (),
        "can_confirm": policies.can_confirm(request.user, asked, to_organisation=receiver),
        "can_drop": policies.can_drop(request.user, asked),
    }
    return render(request, "certification/proposals/proposal.html", context)


@login_required
@require_POST
def confirm(request: HttpRequest, certificate_id: UUID, proposal_id: int) -> HttpResponse:
    found, asked = _proposal(request, certificate_id, proposal_id)
    proposals.confirm(actor=officer(request), proposal_id=asked.pk)
    messages.success(request, _confirmed(asked.kind))
    return redirect("certification:certificate", found.pk)


@login_required
@require_POST
def drop(request: HttpRequest, certificate_id: UUID, proposal_id: int) -> HttpResponse:
    found, asked = _proposal(request, certificate_id, proposal_id)
    proposals.drop(actor=officer(request), proposal_id=asked.pk)
    ended = _("The suspension is over. The holder has been told.")
    kept = _("The proposal is dropped. The certificate stays as it is.")
    messages.success(request, ended if asked.urgent else kept)
    return redirect("certification:certificate", found.pk)


class _Asked:
    """The form of one kind of proposal; a variation's has the certificate's conditions beside it."""

    def __init__(self, request: HttpRequest, certificate: Certificate, move: Move) -> None:
        self.move = move
        self.terms: TermsForms | None = None
        data = request.POST or None
        if move.kind == rules.VARY:
            present = variations.present_of(certificate)
            self.form: ReasonForm = VariationForm(data, move=move, present=present)
            questions = variations.questions_of(certificate)
            self.terms = TermsForms(data, outstanding=present.outstanding, questions=questions)
        else:
            self.form = form_class(move.kind)(data, move=move)

    @property
    def forms(self) -> tuple[Any, ...]:
        return (self.form, *(self.terms.forms if self.terms else ()))

    def is_valid(self) -> bool:
        wrong = [form for form in self.forms if not form.is_valid()]
        return not wrong

    def wanted(self) -> Wanted:
        clean = self.form.cleaned_data
        changes = {}
        if isinstance(self.form, VariationForm) and self.terms is not None:
            changes = self.form.changes(self.terms.chosen()).as_dict()
        return Wanted(self.move.kind, clean["reason"], urgent=bool(clean.get("urgent")), changes=changes)


def _proposal(request: HttpRequest, certificate_id: UUID, proposal_id: int) -> tuple[Certificate, Proposal]:
    found = certificate_or_404(request, certificate_id)
    policies.can_see_proposals(request.user, found).require()
    known = Proposal.objects.select_related("proposed_by", "confirmed_by").filter(certificate=found)
    asked = get_object_or_404(known, pk=proposal_id)
    asked.certificate = found
    return found, asked


def _offer_of(asked: Proposal) -> TransferOffer | None:
    if asked.kind != rules.TRANSFER:
        return None
    known = TransferOffer.objects.select_related("to_organisation", "accepted_by")
    return known.filter(pk=str(asked.changes["offer"])).first()


def _said(made: Proposal) -> str:
    if made.urgent:
        until = uk_datetime(made.lapses_at)
        return _("The certificate is suspended. A second officer has to confirm that before %(until)s.") % {
            "until": until
        }
    return _("The proposal is made. Another officer of the area has to confirm it.")


def _confirmed(kind: str) -> str:
    return {
        rules.SUSPEND: _(
            "The certificate is suspended. The holder has been told; everybody who checks it sees it now."
        ),
        rules.REINSTATE: _("The certificate is in force again. The holder has been told."),
        rules.REVOKE: _("The certificate is revoked. The holder has been told; everybody who checks it sees it now."),
        rules.VARY: _("The variation is confirmed. The new certificate is being made; the holder has been told."),
        rules.TRANSFER: _("The transfer is confirmed. The new holder's certificate is being made."),
    }[kind]
