"""Bulletins for programs of their authors."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.selectors import authority, signed_in
from advisories.api.bulletins import READ, WRITE, BulletinsView, BulletinView
from advisories.domain import audience as audiences
from advisories.domain.audience import Audience
from advisories.models import Bulletin
from advisories.policies import bulletins as policies
from advisories.selectors import audience as sizes
from advisories.selectors import bulletins as selectors
from advisories.serializers import bulletins as shapes
from advisories.services import bulletins as services
from advisories.services.bulletins import BulletinInput
from core.api_schema import operation
from core.api_serializers import Empty, page_of
from core.errors import InvalidInput


def audience_in(given: dict[str, Any]) -> Audience:
    """Raises FaultsError, which becomes a list of places and reasons."""
    return audiences.parse(given.get("audience") or {})


class AuthorView(BulletinView):
    fields_of_service: ClassVar[dict[str, str]] = {"areas": "audience.areas", "flag": "audience.flag"}

    def issued(self, pk: UUID) -> Bulletin:
        """404 for a stranger; a reader who did not issue it is refused."""
        found = self.bulletin(pk)
        policies.can_issue(self.request.user, found).require()
        return found


class WrittenView(AuthorView, BulletinsView):
    @operation(
        "advisories_written",
        "List drafts and what became of them",
        scope=READ,
        gives=page_of(shapes.BulletinRowSerializer),
        query=shapes.WrittenQuery,
    )
    def get(self, request: Request) -> Response:
        """Of the sides that you write for."""
        user = signed_in(request.user)
        if not authority(user).is_auditor:
            policies.can_write_any(user).require()
        asked = self.asked(shapes.WrittenQuery)
        return self.page(selectors.written(user, state=asked["state"], after=asked["after"], size=asked["size"]))

    @operation(
        "advisories_create",
        "Write a draft",
        scope=WRITE,
        takes=shapes.NewBulletinSerializer,
        gives=shapes.BulletinSerializer,
        status=201,
    )
    def post(self, request: Request) -> Response:
        """For your police area, or as a national administrator for all."""
        policies.can_write_any(request.user).require()
        given = self.bound(shapes.NewBulletinSerializer)
        area = given.pop("area_code")
        policies.can_draft(request.user, area).require()
        data = BulletinInput(**{**given, "audience": audience_in(given)})
        made = services.draft(actor=signed_in(request.user), area_code=area, data=data)
        return self.shown(self.bulletin(made.pk), status=201)


class ChangeView(AuthorView):
    @operation(
        "advisories_change",
        "Change a draft",
        scope=WRITE,
        takes=shapes.BulletinChangeSerializer,
        gives=shapes.BulletinSerializer,
    )
    def put(self, request: Request, pk: UUID) -> Response:
        """By its author."""
        policies.can_edit(request.user, self.issued(pk)).require()
        given = self.bound(shapes.BulletinChangeSerializer)
        data = BulletinInput(**{**given, "audience": audience_in(given)})
        services.change(actor=signed_in(request.user), bulletin_id=pk, data=data)
        return self.shown(self.bulletin(pk))


class AudienceView(AuthorView):
    @operation(
        "advisories_audience",
        "Count an audience",
        scope=READ,
        takes=shapes.SizeInputSerializer,
        gives=shapes.AudienceSizeSerializer,
    )
    def post(self, request: Request) -> Response:
        """How many an audience would reach now; who they are is not told."""
        policies.can_write_any(request.user).require()
        given = self.bound(shapes.SizeInputSerializer)
        area = given["area_code"]
        policies.can_draft(request.user, area).require()
        audience = audience_in(given)
        if area and not audience.areas:
            audience = audiences.parse({**audience.as_json(), "areas": [area]})
        for fault in audiences.author_faults(audience, area=area):
            raise InvalidInput(fault.message, fault.place)
        return self.answer(shapes.AudienceSizeSerializer, sizes.size(audience, today=timezone.localdate()))


class SubmissionView(AuthorView):
    @operation("advisories_submit", "Send for approval", scope=WRITE, takes=Empty, gives=shapes.BulletinSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """Where no second person is needed it is ready at once."""
        self.bound(Empty)
        policies.can_edit(request.user, self.issued(pk)).require()
        services.submit(actor=signed_in(request.user), bulletin_id=pk)
        return self.shown(self.bulletin(pk))


class ApprovalView(AuthorView):
    @operation(
        "advisories_approve", "Approve", scope=WRITE, takes=shapes.ApprovalSerializer, gives=shapes.BulletinSerializer
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """By a second person: an authorising officer of the area, or another national administrator."""
        policies.can_approve(request.user, self.issued(pk)).require()
        given = self.bound(shapes.ApprovalSerializer)
        services.approve(actor=signed_in(request.user), bulletin_id=pk, expected_hash=given["content_hash"])
        return self.shown(self.bulletin(pk))


class SendBackView(AuthorView):
    @operation(
        "advisories_send_back",
        "Send back to the author",
        scope=WRITE,
        takes=shapes.BulletinReasonSerializer,
        gives=shapes.BulletinSerializer,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        policies.can_approve(request.user, self.issued(pk)).require()
        reason = self.bound(shapes.BulletinReasonSerializer)["reason"]
        services.send_back(actor=signed_in(request.user), bulletin_id=pk, reason=reason)
        return self.shown(self.bulletin(pk))


class PublicationView(AuthorView):
    @operation(
        "advisories_publish",
        "Publish or schedule",
        scope=WRITE,
        takes=shapes.PublishSerializer,
        gives=shapes.BulletinSerializer,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """A worker addresses the audience; `advisories_reach` says how far it is."""
        self.issued(pk)
        now = self.bound(shapes.PublishSerializer)["now"]
        services.publish(actor=signed_in(request.user), bulletin_id=pk, now_please=now)
        return self.shown(self.bulletin(pk))


class UpdateView(AuthorView):
    @operation(
        "advisories_update",
        "Begin an update",
        scope=WRITE,
        takes=Empty,
        gives=shapes.BulletinSerializer,
        status=201,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """A draft with the same words, which takes the place of this one once it is published."""
        self.bound(Empty)
        self.issued(pk)
        made = services.begin_update(actor=signed_in(request.user), bulletin_id=pk)
        return self.shown(self.bulletin(made.pk), status=201)


class RetractionView(AuthorView):
    @operation(
        "advisories_retract",
        "Retract",
        scope=WRITE,
        takes=shapes.BulletinReasonSerializer,
        gives=shapes.BulletinSerializer,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Everybody who got it, or an earlier version of it, is told."""
        self.issued(pk)
        reason = self.bound(shapes.BulletinReasonSerializer)["reason"]
        services.retract(actor=signed_in(request.user), bulletin_id=pk, reason=reason)
        return self.shown(self.bulletin(pk))
