"""What happens to a certificate after it was issued: proposals of officers, surrender, transfer to another holder."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.selectors import signed_in
from certification.api.certificates import READ, CertificateView
from certification.domain.transfer import HolderAnswers
from certification.domain.variation import Changes, Term
from certification.models import Proposal, TransferOffer
from certification.policies import certificates as policies
from certification.policies import reviews as queueing
from certification.policies import transfers as transfer_policies
from certification.selectors import moves, offers
from certification.serializers import certificates as shapes
from certification.serializers import moves as inputs
from certification.services import proposals, surrenders, transfers
from certification.services.proposals import Wanted
from core.api_schema import MOVED, operation
from core.api_serializers import Empty, page_body, page_of
from core.api_views import ApiView

WRITE = "certificates:write"


class WaitingView(ApiView):
    @operation(
        "proposals_list",
        "What waits for a second officer",
        scope=READ,
        gives=page_of(inputs.WaitingProposalSerializer),
        query=inputs.WaitingQuery,
    )
    def get(self, request: Request) -> Response:
        """In the officer's areas, the longest waiting first."""
        user = signed_in(request.user)
        queueing.can_see_queue(user).require()
        asked = self.asked(inputs.WaitingQuery)
        page = moves.waiting_for_second(user, now=timezone.now(), after=asked["after"], size=asked["size"])
        return Response(page_body(page, inputs.WaitingProposalSerializer))


class ProposalsView(CertificateView):
    @operation(
        "certificates_propose",
        "Propose a move",
        scope=WRITE,
        takes=inputs.ProposalInputSerializer,
        gives=shapes.CertificateSerializer,
        status=201,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """By an officer of the area; another one confirms it. An urgent suspension acts at once and lapses after 48 hours
        unless it is confirmed.
        """
        found = self.certificate(pk)
        policies.can_propose(request.user, found).require()
        given = self.bound(inputs.ProposalInputSerializer)
        wanted = Wanted(given["kind"], given["reason"], urgent=given["urgent"], changes=_changes(given.get("changes")))
        proposals.propose(actor=signed_in(request.user), certificate_id=found.pk, wanted=wanted)
        return self.shown(pk, status=201)


class ProposalView(CertificateView):
    def proposal(self, pk: UUID, proposal_id: int) -> Proposal:
        """404 for a stranger, 403 for the holder."""
        found = self.certificate(pk)
        policies.can_see_proposals(self.request.user, found).require()
        return get_object_or_404(Proposal, certificate=found, pk=proposal_id)

    @operation("certificates_proposal_drop", "Drop a proposal", scope=WRITE, status=204, problems=MOVED)
    def delete(self, request: Request, pk: UUID, proposal_id: int) -> Response:
        """An urgent suspension that is dropped is over."""
        proposals.drop(actor=signed_in(request.user), proposal_id=self.proposal(pk, proposal_id).pk)
        return Response(status=204)


class ConfirmationView(ProposalView):
    http_method_names = ["post", "options"]

    @operation(
        "certificates_proposal_confirm",
        "Confirm a proposal",
        scope=WRITE,
        takes=Empty,
        gives=shapes.CertificateSerializer,
    )
    def post(self, request: Request, pk: UUID, proposal_id: int) -> Response:
        """True everywhere at once. A variation or a transfer makes a new certificate, named by `supersedes` from it."""
        self.bound(Empty)
        proposals.confirm(actor=signed_in(request.user), proposal_id=self.proposal(pk, proposal_id).pk)
        return self.shown(pk)


class SurrenderView(CertificateView):
    @operation(
        "certificates_surrender",
        "Give a certificate up",
        scope=WRITE,
        takes=inputs.ReasonInputSerializer,
        gives=shapes.CertificateSerializer,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """By an owner of the holder, at once and for good."""
        found = self.certificate(pk)
        policies.can_surrender(request.user, found).require()
        reason = self.bound(inputs.ReasonInputSerializer)["reason"]
        surrenders.surrender(actor=signed_in(request.user), certificate_id=found.pk, reason=reason)
        return self.shown(pk)


class OffersView(CertificateView):
    @operation(
        "transfers_offer",
        "Offer a certified place to another organisation",
        scope=WRITE,
        takes=inputs.OfferInputSerializer,
        gives=inputs.OfferSerializer,
        status=201,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """To an owner of the other organisation by their address, for 30 days. Whether it has an account is not told."""
        found = self.certificate(pk)
        transfer_policies.can_offer(request.user, found).require()
        given = self.bound(inputs.OfferInputSerializer)
        made = transfers.offer(actor=signed_in(request.user), certificate_id=found.pk, **given)
        return _shown(self, made.pk, status=201)


class OfferView(ApiView):
    @operation("transfers_retrieve", "One offer", scope=READ, gives=inputs.OfferSerializer)
    def get(self, request: Request, pk: UUID) -> Response:  # noqa: ARG002 - DRF's signature
        """For the holder, whoever it was sent to, and the police once it was accepted."""
        return _shown(self, pk)


class AcceptanceView(ApiView):
    @operation(
        "transfers_accept",
        "Accept an offer",
        scope=WRITE,
        takes=inputs.AcceptanceInputSerializer,
        gives=inputs.OfferSerializer,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """By the owner to whose address it was sent, with what the police ask of a new holder."""
        found = _offer(self, pk)
        transfer_policies.can_accept(request.user, found).require()
        given = self.bound(inputs.AcceptanceInputSerializer)
        organisation, declared = given.pop("organisation_id"), given.pop("declared")
        acceptance = transfers.Acceptance(organisation, HolderAnswers(**given), declared=declared)
        transfers.accept(actor=signed_in(request.user), offer_id=found.pk, acceptance=acceptance)
        return _shown(self, pk)


class DeclineView(ApiView):
    @operation("transfers_decline", "Decline an offer", scope=WRITE, takes=Empty, gives=inputs.OfferSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """By whoever it was made to, until the police have confirmed it."""
        self.bound(Empty)
        transfers.decline(actor=signed_in(request.user), offer_id=_offer(self, pk).pk)
        return _shown(self, pk)


class WithdrawalView(ApiView):
    @operation("transfers_withdraw", "Withdraw an offer", scope=WRITE, takes=Empty, gives=inputs.OfferSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """By the holder, until the police have confirmed it."""
        self.bound(Empty)
        transfers.withdraw(actor=signed_in(request.user), offer_id=_offer(self, pk).pk)
        return _shown(self, pk)


class RefusalView(ApiView):
    @operation(
        "transfers_refuse",
        "Refuse a transfer",
        scope=WRITE,
        takes=inputs.ReasonInputSerializer,
        gives=inputs.OfferSerializer,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """By an authorising officer of the area; the certificate stays where it is."""
        found = _offer(self, pk)
        transfer_policies.can_refuse(request.user, found).require()
        reason = self.bound(inputs.ReasonInputSerializer)["reason"]
        transfers.refuse(actor=signed_in(request.user), offer_id=found.pk, reason=reason)
        return _shown(self, pk)


def _offer(view: ApiView, pk: UUID) -> TransferOffer:
    return get_object_or_404(offers.visible(view.request.user), pk=pk)


def _shown(view: ApiView, pk: UUID, *, status: int = 200) -> Response:
    found = _offer(view, pk)
    answered = found.accepted_at is not None and bool(transfer_policies.can_read_answers(view.request.user, found))
    return Response(inputs.OfferSerializer(found, context={"answers": answered}).data, status=status)


def _changes(given: dict[str, Any] | None) -> dict[str, object]:
    if not given:
        return {}
    terms = given.pop("conditions", None)
    conditions = None if terms is None else tuple(Term(**term) for term in terms)
    return Changes(**given, conditions=conditions).as_dict()
