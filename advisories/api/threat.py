"""The threat level for anybody; what it asked of holders for those whom it concerns."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.selectors import signed_in
from advisories.domain import threat
from advisories.models import ThreatConfirmation
from advisories.policies import threat as policies
from advisories.selectors import confirmations as rows
from advisories.selectors import threat as selectors
from advisories.selectors.threat import Filters
from advisories.serializers import threat as shapes
from advisories.services import threat_answers
from core.api_schema import operation
from core.api_serializers import PageQuery, page_body, page_of
from core.api_views import ApiView, PublicView
from core.errors import InvalidInput

READ = "threat:read"
WRITE = "threat:write"


class ThreatLevelView(PublicView):
    @operation("threat_retrieve", "The threat level", gives=shapes.ThreatLevelSerializer)
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        """As recorded, with the response level that follows from it in each zone."""
        picture = selectors.picture()
        zones = [
            {"zone": zone, "response_level": found} for zone in threat.ZONES if (found := picture.response_in(zone))
        ]
        return self.answer(shapes.ThreatLevelSerializer, {"levels": picture.standings, "response_levels": zones})


class HistoryView(PublicView):
    @operation("threat_history", "Its changes", gives=page_of(shapes.ChangeSerializer), query=PageQuery)
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        """Newest first."""
        asked = self.asked(PageQuery)
        page = selectors.history(after=asked["after"], size=asked["size"])
        return Response(page_body(page, shapes.ChangeSerializer))


class ConfirmationsView(ApiView):
    @operation(
        "threat_confirmations",
        "What was asked of holders",
        scope=READ,
        gives=page_of(shapes.ConfirmationSerializer),
        query=shapes.ConfirmationQuery,
    )
    def get(self, request: Request) -> Response:
        """Your organisation's; for an officer the areas' own; for an auditor all. The longest due first."""
        asked = self.asked(shapes.ConfirmationQuery)
        filters = Filters(state=asked["state"], area=asked["area_code"])
        page = selectors.listed(signed_in(request.user), filters, after=asked["after"], size=asked["size"])
        shown = shapes.ConfirmationSerializer(rows.numbered(page.rows, timezone.now()), many=True).data
        return Response({"results": shown, "next": page.next_cursor, "previous": page.previous_cursor})


class ConfirmationView(ApiView):
    @operation("threat_confirmation", "One certificate\u2019s", scope=READ, gives=shapes.ConfirmationSerializer)
    def get(self, request: Request, pk: UUID) -> Response:  # noqa: ARG002 - DRF's signature
        """What was asked of it, and where it stands."""
        return self._shown(pk)

    @operation(
        "threat_answer",
        "Answer",
        scope=WRITE,
        takes=shapes.AnswerSerializer,
        gives=shapes.ConfirmationSerializer,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """By an owner or editor of the holder: the measures are on, or not yet. 409 when it is no longer asked."""
        found = self._found(pk)
        policies.can_answer(request.user, found).require()
        said = self.bound(shapes.AnswerSerializer)
        actor = signed_in(request.user)
        if said["answer"] == threat.CONFIRMED:
            threat_answers.confirm(actor=actor, confirmation_id=pk, measures_version=said["measures_version"])
        elif said["expected_at"] is None:
            raise InvalidInput("Say when they will be on.", "expected_at")
        else:
            threat_answers.defer(
                actor=actor, confirmation_id=pk, reason=said["reason"], expected_at=said["expected_at"]
            )
        return self._shown(pk)

    def _found(self, pk: UUID) -> ThreatConfirmation:
        """404 for a stranger."""
        found = ThreatConfirmation.objects.visible_to(self.request.user)
        return get_object_or_404(found.select_related("certificate", "response"), pk=pk)

    def _shown(self, pk: UUID) -> Response:
        [numbered] = rows.numbered([self._found(pk)], timezone.now())
        return self.answer(shapes.ConfirmationSerializer, numbered)
