"""Material changes: told by the holder, classed anew by the police."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.selectors import signed_in
from certification.api.certificates import READ, CertificateView
from certification.api.moves import WRITE
from certification.models import MaterialChange
from certification.policies import changes as policies
from certification.selectors import changes as selectors
from certification.serializers import changes as shapes
from certification.serializers.plans import PlanConflictSerializer
from certification.services import changes as services
from certification.services.changes import Report
from core.api_schema import MOVED, operation
from core.api_serializers import page_body, page_of


class ChangesView(CertificateView):
    @operation(
        "changes_list",
        "List material changes",
        scope=READ,
        gives=page_of(shapes.MaterialChangeSerializer),
        query=shapes.ChangeQuery,
    )
    def get(self, request: Request) -> Response:
        """Of your organisations, or of your area; newest first."""
        asked = self.asked(shapes.ChangeQuery)
        page = selectors.listed_for(request.user, state=asked["state"], after=asked["after"], size=asked["size"])
        return Response(page_body(page, shapes.MaterialChangeSerializer))


class ReportView(CertificateView):
    @operation(
        "changes_report",
        "Tell that something has changed",
        scope=WRITE,
        takes=shapes.ReportInputSerializer,
        gives=shapes.MaterialChangeSerializer,
        status=201,
        problems={409: PlanConflictSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Numbers, dates and names are compared with the register: change them there first."""
        certificate = self.certificate(pk)
        policies.can_report(request.user, certificate).require()
        given = self.bound(shapes.ReportInputSerializer)
        report = Report(frozenset(given["declared"]), given["description"], given["starts_on"])
        made = services.report(actor=signed_in(request.user), certificate_id=certificate.pk, given=report)
        return self.answer(shapes.MaterialChangeSerializer, made, status=201)


class OneChangeView(CertificateView):
    def change(self, pk: UUID) -> MaterialChange:
        """404 for a stranger."""
        visible = MaterialChange.objects.visible_to(self.request.user).select_related("certificate")
        return get_object_or_404(visible, pk=pk)

    @operation("changes_retrieve", "One material change", scope=READ, gives=shapes.MaterialChangeSerializer)
    def get(self, request: Request, pk: UUID) -> Response:  # noqa: ARG002 - DRF's signature
        return self.answer(shapes.MaterialChangeSerializer, self.change(pk))

    @operation(
        "changes_reclass",
        "Class a change anew",
        scope=WRITE,
        takes=shapes.ReclassInputSerializer,
        gives=shapes.MaterialChangeSerializer,
        problems=MOVED,
    )
    def patch(self, request: Request, pk: UUID) -> Response:
        """By an officer of the area; a major one can be made minor until its plan is submitted."""
        found = self.change(pk)
        policies.can_reclass(request.user, found).require()
        given = self.bound(shapes.ReclassInputSerializer)
        act = services.raise_ if given["major"] else services.lower
        made = act(actor=signed_in(request.user), change_id=found.pk, reason=given["reason"])
        return self.answer(shapes.MaterialChangeSerializer, made)
