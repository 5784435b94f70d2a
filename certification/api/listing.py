"""Keeping a site off the public register."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.selectors import signed_in
from certification.models import ListingRequest
from certification.policies import listing as policies
from certification.selectors import listing as selectors
from certification.serializers import listing as shapes
from certification.services import listing as services
from core.api_schema import MOVED, operation
from core.api_serializers import Empty, page_body, page_of
from core.api_views import ApiView
from events import selectors as events

READ = "certificates:read"
WRITE = "certificates:write"


class ListingView(ApiView):
    def found(self, pk: UUID) -> ListingRequest:
        """404 for whoever has no part in it."""
        visible = ListingRequest.objects.visible_to(self.request.user).select_related(*selectors.WITH_SUBJECT)
        return get_object_or_404(visible, pk=pk)

    def shown(self, pk: UUID, *, status: int = 200) -> Response:
        return self.answer(shapes.ListingRequestSerializer, self.found(pk), status=status)


class ListingRequestsView(ListingView):
    @operation(
        "listing_requests_list",
        "List requests to be kept off the register",
        scope=READ,
        gives=page_of(shapes.ListingRequestSerializer),
        query=shapes.ListingQuery,
    )
    def get(self, request: Request) -> Response:
        """Newest first: one's organisations' own, all of them for national administrators and auditors."""
        asked = self.asked(shapes.ListingQuery)
        user = signed_in(request.user)
        page = selectors.requests(user, state=asked["state"], after=asked["after"], size=asked["size"])
        return Response(page_body(page, shapes.ListingRequestSerializer))

    @operation(
        "listing_requests_create",
        "Ask for a site to be kept off the register",
        scope=WRITE,
        takes=shapes.AskInput,
        gives=shapes.ListingRequestSerializer,
        status=201,
    )
    def post(self, request: Request) -> Response:
        """By an owner. The site stays listed until a national administrator consents."""
        given = self.bound(shapes.AskInput)
        subject = events.get_subject(given["subject"]["kind"], given["subject"]["id"], request.user)
        made = services.ask(actor=signed_in(request.user), subject=subject, reason=given["reason"])
        return self.shown(made.pk, status=201)


class OneListingRequestView(ListingView):
    @operation("listing_requests_retrieve", "One request", scope=READ, gives=shapes.ListingRequestSerializer)
    def get(self, request: Request, pk: UUID) -> Response:  # noqa: ARG002 - DRF's signature
        return self.shown(pk)


class ConsentView(ListingView):
    @operation(
        "listing_requests_consent",
        "Keep the site off the register",
        scope=WRITE,
        takes=shapes.ListingAnswerInput,
        gives=shapes.ListingRequestSerializer,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """By a national administrator. At once none of the site's certificates is on the register."""
        given = self.bound(shapes.ListingAnswerInput)
        policies.can_decide(request.user, self.found(pk)).require()
        services.consent(actor=signed_in(request.user), request_id=pk, answer=given["answer"])
        return self.shown(pk)


class RefusalView(ListingView):
    @operation(
        "listing_requests_refuse",
        "Refuse the request",
        scope=WRITE,
        takes=shapes.ListingAnswerInput,
        gives=shapes.ListingRequestSerializer,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """By a national administrator, who has to say why not."""
        given = self.bound(shapes.ListingAnswerInput)
        policies.can_decide(request.user, self.found(pk)).require()
        services.refuse(actor=signed_in(request.user), request_id=pk, answer=given["answer"])
        return self.shown(pk)


class WithdrawalView(ListingView):
    @operation(
        "listing_requests_withdraw",
        "Withdraw the request",
        scope=WRITE,
        takes=Empty,
        gives=shapes.ListingRequestSerializer,
        problems=MOVED,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """By an owner, before it is answered."""
        self.bound(Empty)
        found = self.found(pk)
        policies.can_close(request.user, found, selectors.subject_of(found)).require()
        services.withdraw(actor=signed_in(request.user), request_id=pk)
        return self.shown(pk)


class EndView(ListingView):
    @operation(
        "listing_requests_end",
        "Put the site on the register again",
        scope=WRITE,
        takes=Empty,
        gives=shapes.ListingRequestSerializer,
        problems=MOVED,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """By an owner, at any time after consent."""
        self.bound(Empty)
        found = self.found(pk)
        policies.can_close(request.user, found, selectors.subject_of(found)).require()
        services.end(actor=signed_in(request.user), request_id=pk)
        return self.shown(pk)
