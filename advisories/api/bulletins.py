"""Bulletins for programs of their readers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.selectors import authority, signed_in
from advisories.domain import cap
from advisories.models import Bulletin, BulletinPlace
from advisories.policies import bulletins as policies
from advisories.selectors import bulletins as selectors
from advisories.selectors import feeds, reach
from advisories.selectors.bulletins import InboxFilters
from advisories.serializers import bulletins as shapes
from advisories.services import receipts
from advisories.services.receipts import Upload
from core import keyset
from core.api_schema import operation
from core.api_serializers import Empty, page_body, page_of
from core.api_views import ApiView, FileView
from core.errors import NotPermitted

READ = "advisories:read"
WRITE = "advisories:write"


class BulletinView(ApiView):
    """What a token is: no sign-in. Words that may be read only signed in are withheld from it."""

    def bulletin(self, pk: UUID) -> Bulletin:
        """404 for a stranger."""
        found = Bulletin.objects.visible_to(self.request.user).select_related("area", "drafted_by", "approved_by")
        return get_object_or_404(found, pk=pk)

    def withholds(self, bulletin: Bulletin) -> bool:
        return self.request.auth is not None and bulletin.link_only

    def own_place(self, pk: UUID, place_id: int) -> BulletinPlace:
        """404 for a stranger's; a token answers nothing that it may not read."""
        bulletin = self.bulletin(pk)
        if self.withholds(bulletin):
            raise NotPermitted("This advisory is read, and so answered, signed in.")
        return get_object_or_404(self.places(), pk=place_id, bulletin=bulletin)

    def places(self) -> QuerySet[BulletinPlace]:
        found = BulletinPlace.objects.visible_to(self.request.user)
        return found.select_related("venue", "event", "project", "answer", "organisation")

    def row(self, bulletin: Bulletin) -> dict[str, Any]:
        bulletin.__dict__["withheld"] = self.withholds(bulletin)
        bulletin.__dict__["web"] = f"{settings.SITE_URL}{reverse('advisories:bulletin', args=[bulletin.pk])}"
        shape = dict(shapes.BulletinRowSerializer(bulletin).data)
        return {**shape, "title": ""} if shape["withheld"] else shape

    def shown(self, bulletin: Bulletin, *, status: int = 200) -> Response:
        who = authority(self.request.user)
        issuing = bool(policies.can_issue(self.request.user, bulletin)) or who.is_auditor
        row, withheld = self.row(bulletin), self.withholds(bulletin)
        words = {
            name: "" if withheld else getattr(bulletin, name)
            for name in ("body", "instruction", "question", "retraction_reason")
        }
        inner = {
            "audience": bulletin.audience,
            "needs_approval": bulletin.needs_approval,
            "content_hash": bulletin.content_hash,
            "drafted_by": str(bulletin.drafted_by),
            "approved_by": str(bulletin.approved_by) if bulletin.approved_by else None,
        }
        hidden = dict.fromkeys(inner)
        return Response(
            {**row, **words, "publish_at": bulletin.publish_at, **(inner if issuing else hidden)}, status=status
        )


class BulletinsView(BulletinView):
    @operation(
        "advisories_list",
        "List advisories",
        scope=READ,
        gives=page_of(shapes.BulletinRowSerializer),
        query=shapes.BulletinQuery,
    )
    def get(self, request: Request) -> Response:
        """Those that you may read and that were published, newest first."""
        asked = self.asked(shapes.BulletinQuery)
        filters = InboxFilters(show=asked["show"], exercises=asked["exercises"])
        page = selectors.inbox(signed_in(request.user), filters, after=asked["after"], size=asked["size"])
        return self.page(page)

    def page(self, page: keyset.Page[Bulletin]) -> Response:
        rows = [self.row(bulletin) for bulletin in page.rows]
        return Response({"results": rows, "next": page.next_cursor, "previous": page.previous_cursor})


class OneBulletinView(BulletinView):
    @operation("advisories_retrieve", "One advisory", scope=READ, gives=shapes.BulletinSerializer)
    def get(self, request: Request, pk: UUID) -> Response:  # noqa: ARG002 - DRF's signature
        """Reading it here does not mark it as read: say so with `advisories_read`."""
        return self.shown(self.bulletin(pk))


class ReadView(BulletinView):
    @operation("advisories_read", "Mark as read", scope=WRITE, takes=Empty, status=204)
    def post(self, request: Request, pk: UUID) -> Response:
        """That a person has had it before their eyes. For a reader without a part it does nothing."""
        self.bound(Empty)
        bulletin = self.bulletin(pk)
        if self.withholds(bulletin):
            raise NotPermitted("This advisory is read, and so answered, signed in.")
        receipts.read(actor=signed_in(request.user), bulletin_id=bulletin.pk)
        return Response(status=204)


class AcknowledgementView(BulletinView):
    @operation(
        "advisories_acknowledge",
        "Acknowledge",
        scope=WRITE,
        takes=shapes.AcknowledgementSerializer,
        gives=shapes.CountSerializer,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """For your organisation's places: those named, or all. Owners and editors."""
        given = self.bound(shapes.AcknowledgementSerializer)
        bulletin = self.bulletin(pk)
        if self.withholds(bulletin):
            raise NotPermitted("This advisory is read, and so answered, signed in.")
        places = given.get("places")
        if places is not None:
            known = self.places().filter(bulletin=bulletin, pk__in=places).count()
            if known != len(set(places)):
                raise NotPermitted("Some of these places are not yours.")
        count = receipts.acknowledge(actor=signed_in(request.user), bulletin_id=bulletin.pk, place_ids=places)
        return Response({"count": count})


class PlacesView(BulletinView):
    @operation(
        "advisories_places",
        "Places that it concerns",
        scope=READ,
        gives=page_of(shapes.PlaceSerializer),
        query=shapes.PlaceQuery,
    )
    def get(self, request: Request, pk: UUID) -> Response:  # noqa: ARG002 - DRF's signature
        """Your organisation's own; for the police those of their area."""
        asked = self.asked(shapes.PlaceQuery)
        found = self.places().filter(bulletin=self.bulletin(pk))
        if asked["state"]:
            found = found.filter(state=asked["state"])
        page = keyset.page(found, order=("organisation_id", "id"), after=asked["after"], size=asked["size"])
        return Response(page_body(page, shapes.PlaceSerializer))


class DoneView(BulletinView):
    parser_classes = [MultiPartParser]

    @operation(
        "advisories_place_done",
        "Done at one place",
        scope=WRITE,
        takes=shapes.DoneSerializer,
        gives=shapes.PlaceSerializer,
    )
    def post(self, request: Request, pk: UUID, place_id: int) -> Response:
        """With a note or a file that shows it, as multipart/form-data. Acknowledges it too."""
        place = self.own_place(pk, place_id)
        policies.can_answer(request.user, place).require()
        given = self.bound(shapes.DoneSerializer)
        file = given.get("file")
        upload = Upload(file.file, file.name or "") if file is not None else None
        receipts.complete(actor=signed_in(request.user), place_id=place.pk, note=given["note"], upload=upload)
        return self.answer(shapes.PlaceSerializer, self.own_place(pk, place_id))


class DismissalView(BulletinView):
    @operation(
        "advisories_place_not_applicable",
        "Does not apply to one place",
        scope=WRITE,
        takes=shapes.BulletinReasonSerializer,
        gives=shapes.PlaceSerializer,
    )
    def post(self, request: Request, pk: UUID, place_id: int) -> Response:
        """With the reason. Acknowledges it too."""
        place = self.own_place(pk, place_id)
        policies.can_answer(request.user, place).require()
        reason = self.bound(shapes.BulletinReasonSerializer)["reason"]
        receipts.dismiss(actor=signed_in(request.user), place_id=place.pk, reason=reason)
        return self.answer(shapes.PlaceSerializer, self.own_place(pk, place_id))


class QuestionAnswerView(BulletinView):
    @operation(
        "advisories_place_answer",
        "Answer the temporary criterion",
        scope=WRITE,
        takes=shapes.QuestionAnswerInputSerializer,
        gives=shapes.PlaceSerializer,
    )
    def put(self, request: Request, pk: UUID, place_id: int) -> Response:
        """It stands beside the plan for the reviewer and enters no score."""
        place = self.own_place(pk, place_id)
        policies.can_answer(request.user, place).require()
        given = self.bound(shapes.QuestionAnswerInputSerializer)
        receipts.answer_question(
            actor=signed_in(request.user),
            place_id=place.pk,
            level=given["level"],
            account=given["account"],
            expected_version=given["version"],
        )
        return self.answer(shapes.PlaceSerializer, self.own_place(pk, place_id))


class ReachView(BulletinView):
    @operation("advisories_reach", "How it was received", scope=READ, gives=shapes.ReachSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        """Places by what they said, how many people were told, and for the issuing side what became of the mail."""
        bulletin = self.bulletin(pk)
        policies.can_see_reach(request.user, bulletin).require()
        found = reach.reach_of(signed_in(request.user), bulletin)
        mail = reach.mail_log(bulletin, found.ways) if policies.can_see_mail(request.user, bulletin) else None
        return self.answer(shapes.ReachSerializer, shapes.Received(found, mail))


class CapView(BulletinView, FileView):
    @operation("advisories_cap", "As a CAP 1.2 message", scope=READ, gives="application/cap+xml")
    def get(self, request: Request, pk: UUID) -> HttpResponse:  # noqa: ARG002 - DRF's signature
        """The alert or update while it stands, its cancellation once it is retracted. None of what is read only signed in."""
        bulletin = self.bulletin(pk)
        if not feeds.readable_by_program(bulletin):
            raise NotPermitted("This advisory is read signed in, and not before it is published.")
        response = HttpResponse(cap.as_xml(feeds.message_of(bulletin)), content_type="application/cap+xml")
        response["Cache-Control"] = "private, no-store"
        return response
