"""Reports of something suspicious: made by anybody with an account, read by the area's officers."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.selectors import signed_in
from advisories.models import Sighting
from advisories.policies import sightings as policies
from advisories.selectors import sightings as selectors
from advisories.selectors.sightings import Report
from advisories.serializers import sightings as shapes
from advisories.services import sightings as services
from advisories.services.sightings import ReportInput
from core.api_schema import operation
from core.api_serializers import PageQuery, page_body, page_of
from core.api_views import ApiView

READ = "sightings:read"
WRITE = "sightings:write"


class SightingBaseView(ApiView):
    fields_of_service = {"area": "area_code"}

    def found(self, pk: UUID) -> Sighting:
        """404 for a stranger."""
        return get_object_or_404(Sighting.objects.visible_to(self.request.user).select_related("area"), pk=pk)

    def shown(self, pk: UUID, *, status: int = 200) -> Response:
        found = self.found(pk)
        readable = bool(policies.can_read(self.request.user, found))
        return Response(shapes.SightingSerializer(found, context={"readable": readable}).data, status=status)


class SightingsView(SightingBaseView):
    @operation(
        "sightings_list",
        "Reports that you made",
        scope=READ,
        gives=page_of(shapes.SightingRowSerializer),
        query=PageQuery,
    )
    def get(self, request: Request) -> Response:
        asked = self.asked(PageQuery)
        page = selectors.own(signed_in(request.user), after=asked["after"], size=asked["size"])
        return Response(page_body(page, shapes.SightingRowSerializer))

    @operation(
        "sightings_create",
        "Report something suspicious",
        scope=WRITE,
        takes=shapes.NewSightingSerializer,
        gives=shapes.SightingSerializer,
        status=201,
    )
    def post(self, request: Request) -> Response:
        """In an emergency call 999; the Anti-Terrorist Hotline is 0800 789 321. This goes to the advisers of the area."""
        given = self.bound(shapes.NewSightingSerializer)
        made = services.report(
            actor=signed_in(request.user),
            given=ReportInput(
                category=given["category"],
                happened_at=given["happened_at"],
                report=Report(given["where"], given["description"], given["people"], given["vehicles"]),
                area=given["area_code"],
                subject=given["subject"],
                ongoing=given["ongoing"],
            ),
        )
        return self.shown(made.pk, status=201)


class QueueView(SightingBaseView):
    @operation(
        "sightings_queue",
        "Reports of your area",
        scope=READ,
        gives=page_of(shapes.SightingRowSerializer),
        query=shapes.QueueQuery,
    )
    def get(self, request: Request) -> Response:
        """For officers; an auditor sees those of all areas, and what none of them says."""
        policies.can_see_queue(request.user).require()
        asked = self.asked(shapes.QueueQuery)
        page = selectors.queue(signed_in(request.user), state=asked["state"], after=asked["after"], size=asked["size"])
        return Response(page_body(page, shapes.SightingRowSerializer))


class SightingView(SightingBaseView):
    @operation("sightings_retrieve", "One report", scope=READ, gives=shapes.SightingSerializer)
    def get(self, request: Request, pk: UUID) -> Response:  # noqa: ARG002 - DRF's signature
        return self.shown(pk)

    @operation(
        "sightings_act", "Act on a report", scope=WRITE, takes=shapes.ActSerializer, gives=shapes.SightingRowSerializer
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """By an officer of its area who did not make it. After `readdress` it is out of your sight."""
        found = self.found(pk)
        policies.can_handle(request.user, found).require()
        done = _act(signed_in(request.user), found, self.bound(shapes.ActSerializer))
        return self.answer(shapes.SightingRowSerializer, done)


def _act(user: User, found: Sighting, given: dict[str, str]) -> Sighting:
    match given["action"]:
        case "see":
            return services.see(actor=user, sighting_id=found.pk)
        case "pass_on":
            return services.pass_on(actor=user, sighting_id=found.pk, reply=given["reply"])
        case "close":
            return services.close(actor=user, sighting_id=found.pk, outcome=given["outcome"], reply=given["reply"])
        case "readdress":
            return services.readdress(actor=user, sighting_id=found.pk, area_code=given["area_code"])
        case _:
            return services.reopen(actor=user, sighting_id=found.pk)
